import type { Edges } from './app/edges.ts';
import { createEdges } from './edges/edges.ts';
import { exitInTheEnd } from './edges/last-resort.ts';
import { createLogStream } from './edges/log-stream.ts';
import { watchRunner } from './edges/stops.ts';
import { renderCommand } from './report/commands.ts';

/**
 * Wires a phase of the action to the runner, and reports a bug of ours as an annotation. `home` is
 * the directory of the file that started us, beside which the other programs of dist/ lie.
 */
export async function runPhase(
  home: string,
  phase: (edges: Edges) => Promise<void>,
): Promise<void> {
  const stops = watchRunner();
  const log = createLogStream(stops.loseWorker);
  try {
    await phase(createEdges({ env: process.env, stops, log, home, isCheckout: true }));
  } catch (error) {
    // Only bugs come here: what is expected to go wrong is a value.
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.write(renderCommand('error', said, { title: 'preflight: internal error' }));
    process.exitCode = 1;
    exitInTheEnd();
  } finally {
    log.flush();
    stops.dispose();
  }
}
