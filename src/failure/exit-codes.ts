import type { Category } from './category.ts';
import type { Line } from './output.ts';
import { speaksOfOwnService } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';

/** What an exit code alone says, when no line of output gave a reason. */
export interface ExitRule {
  readonly id: string;
  readonly codes: readonly number[];
  /** The code means this only for these commands (or their output); absent: for any. */
  readonly seen?: RegExp;
  /** Holds for the last line of the command: the one that most likely ended it. */
  readonly lastCommand?: RegExp;
  readonly category: Category;
  readonly own?: Category;
  /** Holds only while nothing in the output looks like another reason. */
  readonly onlyWhenQuiet?: boolean;
  /** What was asked last decides, even when the output speaks of something transient before. */
  readonly outweighsTransient?: boolean;
  readonly fix: string;
}

const RETRY_FIX =
  'A far side could not be reached or did not answer. If it goes on, check its address and that it runs.';

/**
 * 6, 7, 28, 35, 52 and 56 are curl's own. With curl in sight they mean the network, or the own service
 * where that was asked. Without it, a quiet script that ends with one of them most often passes on the
 * code of a `curl -s`; any sign of another reason leaves the failure unknown, because a wrong retry
 * costs more than a missed one.
 */
export const EXIT_RULES: readonly ExitRule[] = [
  {
    id: 'exit-curl-timeout',
    codes: [28],
    seen: /\bcurl\b/u,
    category: 'transient:timeout',
    own: 'critical:health',
    onlyWhenQuiet: true,
    fix: RETRY_FIX,
  },
  {
    id: 'exit-network',
    codes: [6, 7, 28, 35, 52, 56],
    category: 'transient:network',
    own: 'critical:health',
    onlyWhenQuiet: true,
    fix: RETRY_FIX,
  },
  {
    id: 'exit-curl-answer',
    codes: [22],
    seen: /\bcurl\b[^\n]{0,400}\b(?:localhost|127\.|health|ready|smoke)/u,
    category: 'critical:health',
    fix: 'The own service answers with an error.',
  },
  {
    id: 'exit-rsync-network',
    codes: [10, 12, 30, 35],
    seen: /\brsync\b/u,
    category: 'transient:network',
    onlyWhenQuiet: true,
    fix: RETRY_FIX,
  },
  {
    id: 'exit-rsync-vanished',
    codes: [24],
    seen: /\brsync\b/u,
    category: 'transient:conflict',
    fix: 'Files changed while they were copied.',
  },
  {
    id: 'exit-not-executable',
    codes: [126],
    category: 'recoverable:permission',
    fix: 'The command was found and could not be executed: look at its mode (chmod +x) and at the mount (noexec).',
  },
  {
    id: 'exit-not-found',
    codes: [127],
    category: 'recoverable:dependency',
    fix: 'A command was not found. Check the PATH of the step, and that the program is installed on this host.',
  },
  {
    id: 'exit-is-active',
    codes: [3],
    seen: /\b(?:systemctl|service)\b[^\n]{0,120}\b(?:is-active|status)\b/u,
    outweighsTransient: true,
    category: 'critical:service',
    fix: 'The service does not run. Its log says why.',
  },
  {
    id: 'exit-pg-isready',
    codes: [1, 2],
    seen: /\bpg_isready\b/u,
    outweighsTransient: true,
    category: 'critical:health',
    fix: 'The database server does not accept connections.',
  },
  {
    id: 'exit-cpu-time',
    codes: [152, 153],
    category: 'recoverable:resource',
    fix: 'A limit of CPU time or file size ended the command (ulimit). Raise the limit; a repeat fails in the same way.',
  },
  {
    id: 'exit-comparison',
    codes: [1],
    lastCommand: /^(?:! ?)?(?:diff|cmp|jq -e) /u,
    outweighsTransient: true,
    category: 'critical:verification',
    fix: 'The comparison at the end of the script came out wrong. Look at the two sides of it.',
  },
  {
    id: 'exit-timeout-health',
    codes: [124],
    seen: /\btimeout\b[^\n]{0,400}\b(?:health\w{0,6}|ready\w{0,2}|localhost|127\.0\.0\.1|until|wait\w{0,20}|rollout|nc -z)/u,
    outweighsTransient: true,
    category: 'critical:health',
    fix: 'The time for the service to come up ran out.',
  },
  {
    id: 'exit-timeout-download',
    codes: [124],
    seen: /\btimeout\b[^\n]{0,120}\b(?:curl|wget|git (?:clone|fetch|pull)|docker(?: compose)? pull|rsync|scp|ssh|npm (?:ci|install)|pip3? install|apt-get|aws s3)\b/u,
    category: 'transient:timeout',
    onlyWhenQuiet: true,
    fix: 'A download took longer than the script allows.',
  },
  {
    id: 'exit-timeout',
    codes: [124],
    seen: /\btimeout\b/u,
    category: 'critical:timeout',
    fix: 'The script ended its own command by timeout. Find out what it waited for before you raise the limit.',
  },
];

const TROUBLE =
  /\b(?:error|fail\w{0,6}|fatal|exception|denied|invalid|panic|cannot|can't|unable|abort\w{0,3}|refus\w{0,3}|corrupt\w{0,3}|mismatch|not found|traceback|missing|critical|illegal|forbidden)\b/iu;

/** The first entry that holds for the code; undefined: the code says nothing. */
export function decideByExitCode(
  code: number,
  lines: readonly Line[],
  around: Surroundings,
): { readonly rule: ExitRule; readonly category: Category } | undefined {
  const text = `${around.command}\n${lines.map((line) => line.text).join('\n')}`;
  const quiet = !lines.some((line) => line.role !== 'retry' && TROUBLE.test(line.text));
  const last =
    around.command
      .trimEnd()
      .split(/\n|&&|;|\|\|/u)
      .at(-1)
      ?.trim() ?? '';
  for (const rule of EXIT_RULES) {
    if (!rule.codes.includes(code)) continue;
    if (rule.seen !== undefined && !rule.seen.test(text)) continue;
    if (rule.lastCommand !== undefined && !rule.lastCommand.test(last)) continue;
    if (rule.onlyWhenQuiet === true && !quiet) continue;
    const own = rule.own !== undefined && speaksOfOwnService('', undefined, around);
    return { rule, category: own ? (rule.own ?? rule.category) : rule.category };
  }
  return undefined;
}
