import type { NetworkOptions } from '../../plan/check-options.ts';
import { toDaysLeft, toExpiryAdvice } from '../certificate.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Measure, Verdict } from '../check.ts';
import type { Reach } from '../ports.ts';
import { renderShellWord } from '../../shell-word.ts';
import { renderUrl, toStageAdvice } from '../stages.ts';

type Target = NetworkOptions['targets'][number];

/** A certificate that ends sooner is worth a warning: two weeks leave time to act. */
const CERTIFICATE_MARGIN_MS = 14 * 86_400_000;

function toTarget({ targets }: NetworkOptions): Target {
  return targets[0] ?? { url: '' };
}

/** The URL without what may be secret in it; a text that is none is shown as it is. */
function toShown(options: NetworkOptions): string {
  const { url } = toTarget(options);
  return URL.canParse(url) ? renderUrl(new URL(url)) : url;
}

function renderVia(reach: Reach): string {
  if (reach.kind === 'unsupported' || reach.via === undefined) return '';
  return ` through the proxy ${reach.via.proxy} (${reach.via.variable})`;
}

function toMeasures(reach: Reach, now: number): readonly Measure[] {
  if (reach.kind === 'unsupported' || reach.certificate === undefined) return [];
  return [{ label: 'certificate', value: toDaysLeft(reach.certificate, now), unit: 'days' }];
}

type Answer = Extract<Reach, { kind: 'answered' }>;

/** What an HTTP answer means: any is an answer, but some say that something is wrong. */
function decideAnswer(target: Target, url: URL, reach: Answer): Verdict | undefined {
  const { status } = reach;
  const found = `HTTP ${status}${renderVia(reach)}`;
  const look = `\`curl -i --max-time 10 ${renderShellWord(renderUrl(url))}\``;
  if (status === 407) {
    return {
      status: 'fail',
      found,
      remedy: `The proxy wants a user and a password: put them into ${reach.via?.variable ?? 'http_proxy'} (http://user:password@host:port) in the runner's .env file, and restart the runner.`,
    };
  }
  if (target.status !== undefined) {
    if (target.status.includes(status)) return undefined;
    return {
      status: 'fail',
      found,
      remedy: `The server answers, but not as wanted: ${look} shows the whole answer.`,
    };
  }
  if (status < 500) return undefined;
  return {
    status: 'warn',
    found,
    remedy: `The server can be reached, but it (or something in front of it) is in trouble: ${look} shows the answer; look at its log or status page before you deploy.`,
  };
}

/** Whether a URL was reached, and if not, at which stage it ended. */
function decideNetwork(options: NetworkOptions, reach: Reach, now: number): Verdict {
  const target = toTarget(options);
  const url = new URL(target.url);
  const measures = toMeasures(reach, now);
  switch (reach.kind) {
    case 'unsupported':
      return { status: 'unable', reason: reach.reason };
    case 'failed': {
      const { found, remedy } = toStageAdvice({ reach, url, now });
      return { status: 'fail', found: `${found}${renderVia(reach)}`, remedy, measures };
    }
    case 'connected':
      return { status: 'pass', found: `connected to ${reach.address ?? url.host}`, measures };
    case 'answered': {
      const bad = decideAnswer(target, url, reach);
      if (bad !== undefined) return { ...bad, ...(bad.status === 'unable' ? {} : { measures }) };
      const margin = target.certificateMs ?? CERTIFICATE_MARGIN_MS;
      const soon = toExpiryAdvice(reach.certificate, url.hostname, now, margin);
      const found = `HTTP ${reach.status}${renderVia(reach)}`;
      if (soon === undefined) return { status: 'pass', found, measures };
      const { remedy } = soon;
      return { status: 'warn', found: `${found}, but ${soon.found}`, remedy, measures };
    }
  }
}

export const network: Check<NetworkOptions> = {
  ...ORDINARY,
  how: "DNS, TCP, TLS and HTTP, one after the other, so that the stage that fails is named. Any HTTP status counts as reached (a 401 too) unless `status` is given; 5xx warns. http_proxy, https_proxy, all_proxy and no_proxy are respected; the authorities trusted are the host's own. A certificate that ends within 14 days (or `certificate`) warns. `tcp://host:port` ends after TCP. Redirects are not followed.",
  unable: 'Warns behind a SOCKS proxy, through which it cannot try.',
  split: ({ targets }) => targets.map((target) => ({ targets: [target] })),
  label: (options) => `network ${toShown(options)}`,
  wanted: (options) => {
    const { status } = toTarget(options);
    return status === undefined ? 'can be reached' : `answers with HTTP ${status.join(' or ')}`;
  },
  whenStuck: (options) =>
    `See where it hangs: \`curl -v --max-time 10 ${renderShellWord(toShown(options))}\`.`,
  look: async (options, { world, cut }) => {
    const { url } = toTarget(options);
    if (!URL.canParse(url)) {
      const remedy = 'Correct it in the plan, such as `https://example.com/` or `tcp://db:5432`.';
      return { status: 'fail', found: 'this is not a URL', remedy };
    }
    const reach = await world.network.reach({ url: new URL(url) }, cut);
    return decideNetwork(options, reach, world.clock.now());
  },
};
