import { closeJob } from './app/close.ts';
import { readLeft } from './edges/job-files.ts';
import { runPhase } from './phase.ts';

/** The action's post phase: closes the deployment of a job that succeeded, tells of a run that was killed. */
export async function runPost(home: string): Promise<void> {
  await runPhase(home, async (edges) => {
    const left = readLeft(process.env);
    if (left !== undefined) await closeJob(edges, left);
  });
}
