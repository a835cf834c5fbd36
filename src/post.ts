import { closeJob } from './app/close.ts';
import { createEdges } from './edges/edges.ts';
import { readLeft } from './edges/job-files.ts';
import { exitInTheEnd } from './edges/last-resort.ts';
import { createLogStream } from './edges/log-stream.ts';
import { watchRunner } from './edges/stops.ts';
import { renderCommand } from './report/commands.ts';

const stops = watchRunner();
const log = createLogStream(stops.loseWorker);
try {
  const left = readLeft(process.env);
  if (left !== undefined) await closeJob(createEdges(process.env, stops, log), left);
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
