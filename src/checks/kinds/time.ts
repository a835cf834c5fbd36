import { renderDuration } from '../../inputs/duration.ts';
import type { TimeOptions } from '../../plan/check-options.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import type { Reach } from '../ports.ts';
import { toStageAdvice } from '../stages.ts';

/** A Date header has whole seconds: the time it was written is this much later on average. */
const HALF_A_SECOND_MS = 500;
/** The server that the workflow comes from is reachable by every runner. */
const DEFAULT_URL = 'https://github.com';

/** How far this host's clock is ahead of the server's, and how sure that is. */
interface Skew {
  readonly aheadMs: number;
  readonly uncertaintyMs: number;
}

/** Compares the clock in the middle of the request with the server's; what a cache kept is older by its Age. */
function toSkew(reach: Extract<Reach, { kind: 'answered' }>): Skew | undefined {
  const date = Date.parse(reach.headers['date'] ?? '');
  if (Number.isNaN(date)) return undefined;
  const ageMs = Number(reach.headers['age'] ?? 0) * 1000;
  const served = date + HALF_A_SECOND_MS + (Number.isFinite(ageMs) ? ageMs : 0);
  const uncertaintyMs = (reach.receivedAt - reach.sentAt) / 2 + HALF_A_SECOND_MS;
  return { aheadMs: (reach.sentAt + reach.receivedAt) / 2 - served, uncertaintyMs };
}

function renderSkew({ aheadMs, uncertaintyMs }: Skew, host: string): string {
  if (Math.abs(aheadMs) <= uncertaintyMs) return `in step with ${host}`;
  return `${renderDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} ${host}`;
}

/** The clock's distance from a server's against what is tolerable. */
function decideTime({ maxSkewMs }: TimeOptions, url: URL, reach: Reach, now: number): Verdict {
  if (reach.kind === 'unsupported') return { status: 'unable', reason: reach.reason };
  if (reach.kind === 'failed') {
    const { found, remedy } = toStageAdvice({ reach, url, now });
    return { status: 'unable', reason: found, remedy };
  }
  const skew = reach.kind === 'answered' ? toSkew(reach) : undefined;
  if (skew === undefined) {
    return {
      status: 'unable',
      reason: `${url.host} does not say what time it is (no Date header)`,
      remedy: 'Name another server as `url`.',
    };
  }
  const found = renderSkew(skew, url.host);
  const measures = [{ label: 'skew', value: skew.aheadMs / 1000, unit: 'seconds' }] as const;
  if (Math.abs(skew.aheadMs) - skew.uncertaintyMs <= maxSkewMs) {
    return { status: 'pass', found, measures };
  }
  return {
    status: 'fail',
    found,
    measures,
    remedy:
      'Tokens and certificates are refused when the clock is wrong. `timedatectl` shows whether it is kept in step; `sudo timedatectl set-ntp true` switches that on (with chrony: `chronyc tracking`, `sudo chronyc makestep`).',
  };
}

export const time: Check<TimeOptions> = {
  ...ORDINARY,
  how: "This host's clock against the Date header of a server (`url`; the GitHub server of the workflow unless given). What cannot be known better than the header's second and the time the request took is in the host's favour. An untrusted certificate does not matter here: a wrong clock is the usual reason for one.",
  unable: 'Warns when the server cannot be reached, or sends no date.',
  split: asOne,
  label: () => 'clock',
  wanted: ({ maxSkewMs }) => `within ${renderDuration(maxSkewMs)} of the right time`,
  whenStuck: ({ url }) => `${url ?? DEFAULT_URL} does not answer: name another server as \`url\`.`,
  look: async (options, { world, cut }) => {
    const text = options.url ?? world.env['GITHUB_SERVER_URL'] ?? DEFAULT_URL;
    const url = new URL(URL.canParse(text) ? text : DEFAULT_URL);
    const reach = await world.network.reach({ url, anyCertificate: true }, cut);
    return decideTime(options, url, reach, world.clock.now());
  },
};
