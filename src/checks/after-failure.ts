import type { Category } from '../failure/category.ts';
import type { CheckKind } from '../plan/check-options.ts';
import type { CheckSpec } from '../plan/plan.ts';
import type { Finding } from './check.ts';
import { renderMeasure } from './quantity.ts';
import { isForFreshStartOnly } from './run-checks.ts';

/** Which kinds of check can tell something about a failure of a category. */
const CHECKS_THAT_FIT: Readonly<Record<Category, readonly CheckKind[]>> = {
  'transient:network': ['network', 'dns'],
  'transient:timeout': ['network', 'dns'],
  'transient:rate-limit': [],
  'transient:lock': [],
  'transient:service': ['network', 'docker', 'service'],
  'transient:conflict': [],
  'recoverable:permission': ['writable', 'user', 'file', 'docker'],
  'recoverable:resource': ['disk', 'ram', 'docker'],
  'recoverable:dependency': ['command', 'file', 'docker', 'network'],
  'recoverable:configuration': ['env', 'file'],
  'recoverable:credentials': ['env', 'time', 'file'],
  'recoverable:port': ['port'],
  'critical:migration': ['disk', 'service', 'network'],
  'critical:health': ['ram', 'disk', 'docker', 'service', 'dns'],
  'critical:data': ['disk'],
  'critical:service': ['service', 'docker', 'ram', 'disk'],
  'critical:verification': ['network', 'dns', 'service'],
  'critical:build': ['ram', 'disk'],
  'critical:timeout': ['ram', 'disk', 'cpu', 'network'],
  'critical:crash': ['ram', 'disk'],
  'fatal:signal': ['ram', 'disk'],
  'fatal:in-doubt': [],
  'fatal:state': ['disk', 'writable'],
  'unknown:exit': ['disk', 'ram', 'docker'],
};

/**
 * The checks worth running again after a failure. A port that had to be free is looked at again only
 * when the port is the trouble: otherwise what was deployed may well hold it by now. They are to be run
 * as on a fresh start.
 */
export function checksThatFit(
  category: Category,
  specs: readonly CheckSpec[],
): readonly CheckSpec[] {
  const kinds: readonly string[] = CHECKS_THAT_FIT[category];
  return specs.filter(
    (spec) =>
      kinds.includes(spec.kind) && (category === 'recoverable:port' || !isForFreshStartOnly(spec)),
  );
}

/** A check before and after: what moved, or that its answer is another one. */
function renderChange(before: Finding, after: Finding): string | undefined {
  const changes = after.measures.flatMap(({ label, value, unit }) => {
    const earlier = before.measures.find((measure) => measure.label === label);
    if (earlier === undefined) return [];
    const from = renderMeasure(earlier.value, unit);
    const to = renderMeasure(value, unit);
    return from === to ? [] : [`${label} ${from} → ${to}`];
  });
  if (changes.length > 0) return `${after.name}: ${changes.join(', ')}`;
  return before.status === after.status
    ? undefined
    : `${after.name}: ${before.found} → ${after.found}`;
}

/** What became of the host between two rounds of checks, such as `disk /: free 14 GiB → 0`; raw. */
export function renderChanges(
  before: readonly Finding[],
  after: readonly Finding[],
): readonly string[] {
  return after.flatMap((finding) => {
    const earlier = before.find(({ id }) => id === finding.id);
    const change = earlier === undefined ? undefined : renderChange(earlier, finding);
    return change === undefined ? [] : [change];
  });
}
