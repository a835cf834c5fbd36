import { runCommand } from './command.ts';
import type { Context } from './context.ts';
import { isStopping } from './context.ts';

/** A look at the host must not hold up what follows from the failure. */
const LONGEST_MS = 30_000;

/**
 * Runs the `diagnostics` input's commands after a failure and before anything is undone, so that they
 * see what the failure left. What comes of them is shown; nothing follows from it.
 */
export async function runDiagnostics(context: Context): Promise<void> {
  const { world, assignment } = context;
  for (const [index, text] of assignment.diagnostics.entries()) {
    if (isStopping(context)) return;
    // No step can have this unit: ids have no dot.
    const unit = `deployment.diagnostic-${index + 1}`;
    const end = await runCommand(
      context,
      {
        ref: { id: unit, name: world.redaction.redact(text) },
        role: 'diagnostic',
        unit,
        script: { text },
        shell: assignment.shell,
        workingDirectory: assignment.workingDirectory,
        env: {},
        timeoutMs: Math.min(LONGEST_MS, assignment.timeoutMs),
        classify: [],
        keepAlive: false,
        onCancel: 'end',
      },
      { attempt: 1, maxAttempts: 1, adopt: false },
    );
    await world.processes.clear(unit);
    if (end.kind === 'released') return;
    world.emit({
      type: 'diagnostic-ended',
      command: world.redaction.redact(text),
      exitCode: end.kind === 'succeeded' ? 0 : end.failure.exitCode,
      output: world.redaction.redact(end.ended?.tail ?? ''),
    });
  }
}
