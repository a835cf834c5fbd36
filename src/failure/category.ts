/** The five answers to "what now?": what the policy of a run is decided on. */
export const FAMILIES = ['transient', 'recoverable', 'critical', 'fatal', 'unknown'] as const;
export type Family = (typeof FAMILIES)[number];

/** Every category there is, `family:kind`. The order is that of the documentation. */
export const CATEGORIES = [
  'transient:network',
  'transient:timeout',
  'transient:rate-limit',
  'transient:lock',
  'transient:service',
  'transient:conflict',
  'recoverable:permission',
  'recoverable:resource',
  'recoverable:dependency',
  'recoverable:configuration',
  'recoverable:credentials',
  'recoverable:port',
  'critical:migration',
  'critical:health',
  'critical:data',
  'critical:service',
  'critical:verification',
  'critical:build',
  'critical:timeout',
  'critical:crash',
  'fatal:signal',
  'fatal:in-doubt',
  'fatal:state',
  'unknown:exit',
] as const;
export type Category = (typeof CATEGORIES)[number];

export function familyOf(category: Category): Family {
  return category.slice(0, category.indexOf(':')) as Family;
}

export function kindOf(category: Category): string {
  return category.slice(category.indexOf(':') + 1);
}

export function parseCategory(text: string): Category | undefined {
  return CATEGORIES.find((category) => category === text);
}

/** What `retry.on` and `remedies` may name: a family, or one category. */
export type CategoryPattern = Family | Category;

export function matchesCategory(pattern: CategoryPattern, category: Category): boolean {
  return pattern === category || pattern === familyOf(category);
}
