/** What a step's id looks like: a file name and a shell word without surprises. */
export const STEP_ID = /^[A-Za-z_][A-Za-z0-9_-]*$/u;
export const LONGEST_STEP_ID = 100;

export const STEP_ID_RULE =
  'may have letters, digits, "_" and "-" only, and begins with a letter or "_": it names files';

/**
 * The id that a name gives: lower case, accents dropped, everything but letters and digits as single
 * dashes (`Pull images!` → `pull-images`), `step-` in front of a digit. Undefined when nothing is left.
 */
export function toStepId(name: string): string | undefined {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const slug = plain.replace(/[^a-z0-9_]+/gu, '-').replace(/^-+|-+$/gu, '');
  if (!/[a-z0-9]/u.test(slug)) return undefined;
  const begun = /^[0-9]/u.test(slug) ? `step-${slug}` : slug;
  return begun.slice(0, LONGEST_STEP_ID).replace(/-+$/u, '');
}
