const MOST_LISTED = 5;

/** How much a path looks like a plan: lower is more; undefined is not at all. */
function toRank(path: string): number | undefined {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (!/\.ya?ml$/iu.test(name) || parts.includes('node_modules') || parts[0] === '.git') {
    return undefined;
  }
  if (/^preflight\.ya?ml$/iu.test(name)) return 0;
  if (/preflight/iu.test(name)) return 1;
  const isWorkflow = parts[0] === '.github' && (parts[1] === 'workflows' || parts[1] === 'actions');
  if (isWorkflow) return undefined;
  if (/^deploy(?:ment)?s?(?:[.-].*)?\.ya?ml$/iu.test(name)) return 2;
  return /^(?:.*[.-])?plan\.ya?ml$/iu.test(name) ? 3 : undefined;
}

/** Of a listing of paths, those that look like plans, the likeliest first; for a plan that is not found. */
export function findLikelyPlans(paths: readonly string[]): readonly string[] {
  const ranked = paths.flatMap((path) => {
    const rank = toRank(path);
    return rank === undefined ? [] : [{ path, rank, depth: path.split('/').length }];
  });
  ranked.sort((a, b) => a.rank - b.rank || a.depth - b.depth || (a.path < b.path ? -1 : 1));
  return ranked.slice(0, MOST_LISTED).map(({ path }) => path);
}
