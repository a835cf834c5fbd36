import type { RunOptions } from '../../plan/check-options.ts';
import type { Result } from '../../result.ts';
import { asOne, ORDINARY } from '../check.ts';
import type { Check, Verdict } from '../check.ts';
import type { ProbeEnd } from '../ports.ts';
import { renderShellWord } from '../../shell-word.ts';

/** What of a failed command's output is enough to see why. */
const MOST_REASON_LINES = 10;
const MOST_LABEL_CHARACTERS = 60;

function toFirstLine({ command }: RunOptions): string {
  const line = command.trim().split('\n')[0] ?? '';
  return line.length > MOST_LABEL_CHARACTERS
    ? `${line.slice(0, MOST_LABEL_CHARACTERS - 1)}…`
    : line;
}

function toReason(output: string): { readonly reason?: string } {
  const lines = output.trim().split('\n').slice(-MOST_REASON_LINES).join('\n');
  return lines === '' ? {} : { reason: lines };
}

function toByHand(options: RunOptions): string {
  const { command } = options;
  return command.trim().includes('\n')
    ? "Run the command by hand, on this host and as the runner's user"
    : `Run it by hand, on this host and as the runner's user (\`sudo -iu <user> bash -c ${renderShellWord(command.trim())}\`)`;
}

/** Passes when the command exits 0. What it printed is the reason, raw. */
export function decideRun(options: RunOptions, end: Result<ProbeEnd, string>): Verdict {
  if (!end.ok) return { status: 'unable', reason: end.error };
  const { exit, output } = end.value;
  const reason = toReason(output);
  if (exit === undefined) {
    return {
      status: 'fail',
      found: 'still running at its time limit, and ended',
      remedy: `${toByHand(options)}, and see what it waits for; a check may have a longer \`timeout\`.`,
      ...reason,
    };
  }
  if (exit.kind === 'signalled') {
    const remedy = `${toByHand(options)}; \`dmesg | tail\` tells whether the kernel ended it for want of memory.`;
    return { status: 'fail', found: `killed by ${exit.signal}`, remedy, ...reason };
  }
  if (exit.code === 0) return { status: 'pass', found: 'exit code 0' };
  const meaning = exit.code === 127 ? ': a command in it was not found' : '';
  return {
    status: 'fail',
    found: `exit code ${exit.code}${meaning}`,
    remedy: `${toByHand(options)}, and mend what it says.`,
    ...reason,
  };
}

export const run: Check<RunOptions> = {
  ...ORDINARY,
  how: 'The command is run as a step would be, with the same shell, directory and environment, in a process group of its own that is ended with it. It passes when it exits 0. It should only look, not change anything: it runs on every attempt, beside the other checks.',
  unable: 'Warns when the shell or the working directory is not there.',
  split: asOne,
  label: (options) => `run ${toFirstLine(options)}`,
  wanted: () => 'exit code 0',
  whenStuck: (options) =>
    `${toByHand(options)}, and see what it waits for; a check may have a longer \`timeout\`.`,
  look: async (options, { world, command, cut }) =>
    decideRun(
      options,
      await world.commands.run(
        {
          what: { kind: 'script', text: options.command, shell: command.shell },
          workingDirectory: command.workingDirectory,
          env: world.env,
        },
        cut,
      ),
    ),
};
