/**
 * What the files in dist/ start: they share this one bundle, so that nothing is shipped twice. The
 * client of the Actions cache is a bundle of its own, in a process of its own.
 */
export { runMain } from './main.ts';
export { runPost } from './post.ts';

/** The command line, which only those load who type it. */
export async function runCli(home: string): Promise<void> {
  const { runCommandLine } = await import('./cli.ts');
  process.exitCode = await runCommandLine(home, process.argv.slice(2));
}
