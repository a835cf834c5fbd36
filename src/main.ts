import { runAction } from './app.ts';
import { runPhase } from './phase.ts';

/** The action's main phase: a run in the mode that its inputs name. */
export async function runMain(home: string): Promise<void> {
  await runPhase(home, async (edges) => {
    if ((await runAction(edges)) !== 'succeeded') process.exitCode = 1;
  });
}
