import { object, oneOf, text } from './decode.ts';

/** Why the Actions cache did not do what it was asked for. */
export interface CacheFault {
  /** `refused`: it will not, however often it is asked. `failed`: it may, next time. */
  readonly kind: 'refused' | 'failed';
  /** The rest of a sentence. */
  readonly reason: string;
}

export const decodeFault = object<CacheFault>({ kind: oneOf(['refused', 'failed']), reason: text });

/** The rest of a sentence about a job that cannot talk to a cache at all. */
export const NO_ACCESS = 'the runner gave this job no access to a cache';

interface FaultRule {
  readonly pattern: RegExp;
  readonly kind: CacheFault['kind'];
  readonly reason: (match: RegExpExecArray) => string;
}

/** What the client prints, from the most telling to the least. It has no other way to say why. */
const RULES: readonly FaultRule[] = [
  {
    pattern: /ACTIONS_RUNTIME_TOKEN|Cache Service Url not found/,
    kind: 'refused',
    reason: () => NO_ACCESS,
  },
  {
    pattern: /cache write denied:|does not permit writes/,
    kind: 'refused',
    reason: () => "this job's token may not write to the cache",
  },
  {
    pattern: /cache read denied:|does not permit reads/,
    kind: 'refused',
    reason: () => "this job's token may not read the cache",
  },
  {
    pattern: /\((401|403)\)|responded with (401|403)|Unexpected HTTP response: (401|403)/,
    kind: 'refused',
    reason: ([, a, b, c]) => `the service does not accept this job's token (${a ?? b ?? c ?? ''})`,
  },
  {
    pattern: /\(404\)|responded with 404|Unexpected HTTP response: 404/,
    kind: 'failed',
    reason: () => 'it is not where the service says it is (404)',
  },
  {
    pattern: /\(409\)|responded with 409|already_?exists/i,
    kind: 'failed',
    reason: () => 'the name of the entry is taken (409)',
  },
  {
    pattern: /\(429\)|responded with 429|Rate limited/i,
    kind: 'failed',
    reason: () => 'the service had too many requests (429)',
  },
  {
    pattern: /\((5\d\d)\)|responded with (5\d\d)|Unexpected HTTP response: (5\d\d)/,
    kind: 'failed',
    reason: ([, a, b, c]) => `the service failed (${a ?? b ?? c ?? ''})`,
  },
  {
    pattern: /Unexpected token|is not valid JSON|Unexpected end of JSON/,
    kind: 'failed',
    reason: () => 'what answers is not a cache service (a page of a proxy, perhaps)',
  },
  {
    pattern: /\b(E(?:CONNREFUSED|CONNRESET|NOTFOUND|TIMEDOUT|HOSTUNREACH|AI_AGAIN|PIPE))\b/,
    kind: 'failed',
    reason: ([, code = '']) => `the service cannot be reached (${code})`,
  },
  {
    pattern: /Incomplete download|premature|aborted/i,
    kind: 'failed',
    reason: () => 'the entry came only in part',
  },
  {
    pattern: /Unable to locate executable file: (\w+)|(\w*tar)\S* failed with error/,
    kind: 'refused',
    reason: ([, missing, failed]) =>
      missing === undefined
        ? `${failed ?? 'tar'} could not pack it; GNU tar and gzip are needed`
        : `${missing} is not installed on this machine`,
  },
];

const LONGEST_REASON = 160;
/** Lines by which the client tells that it did not succeed, whatever it returns. */
const COMPLAINT = /^(?:::(?:warning|error)[^:]*::|Failed to |Cache (?:save|restore) skipped)/;
const DETAIL = /^::debug::(?:Failed to reserve cache|.* failed with error)/;
const RETRY = /^(?:Attempt \d+ of \d+ failed with error|::debug::\w+ - Attempt \d+ of \d+ failed)/;

/** Whether the client says that it tries again, and why. */
export function isRetry(line: string): boolean {
  return RETRY.test(line);
}

/** What the client complained about while it worked; undefined when it did not. */
export function findFault(printed: readonly string[]): CacheFault | undefined {
  const complaint = printed.findLast((line) => COMPLAINT.test(line));
  if (complaint === undefined) return undefined;
  const evidence = printed.filter((line) => COMPLAINT.test(line) || DETAIL.test(line)).join('\n');
  return toFault(evidence, complaint);
}

/** A page of a proxy does not turn into a cache service: the second one proves it. */
const HOPELESS = /^Attempt [2-9] of .*(?:Unexpected token|not valid JSON)/;

/** Whether the client says that it tries again what will fail again. */
export function isHopeless(line: string): boolean {
  return HOPELESS.test(line);
}

/** The fault that a text tells of; `otherwise` is quoted where no rule knows better. */
export function toFault(evidence: string, otherwise: string): CacheFault {
  const reason = `the client said "${toQuote(otherwise)}"`;
  return matchFault(evidence) ?? { kind: 'failed', reason };
}

/** The fault that a text tells of, if a rule knows it. */
export function matchFault(evidence: string): CacheFault | undefined {
  for (const { pattern, kind, reason } of RULES) {
    const match = pattern.exec(evidence);
    if (match !== null) return { kind, reason: reason(match) };
  }
  return undefined;
}

/** Addresses may be signed, and are of no use to a reader. */
function toQuote(line: string): string {
  const plain = line
    .replace(/^::\w+[^:]*::/, '')
    .replace(/^Failed to (?:save|restore): /, '')
    .replace(
      /Unable to reserve cache with key [^,]*, another job[^.]*/,
      'the service did not take it',
    )
    .replace(/\. More details: undefined$/, '')
    .replace(/https?:\/\/\S+/g, '(address)')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > LONGEST_REASON ? `${plain.slice(0, LONGEST_REASON)}…` : plain;
}
