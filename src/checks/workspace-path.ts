/** Whether an absolute path lies in the workspace: what is there comes from a checkout. */
export function isInside(path: string, workspace: string): boolean {
  const base = workspace.endsWith('/') ? workspace : `${workspace}/`;
  return path.startsWith(base);
}
