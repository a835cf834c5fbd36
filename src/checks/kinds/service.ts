import type { ServiceOptions } from '../../plan/check-options.ts';
import { ORDINARY } from '../check.ts';
import type { Check, Circumstances, Verdict } from '../check.ts';
import type { ProbeEnd } from '../ports.ts';
import { renderShellWord } from '../../shell-word.ts';

const PROPERTIES = ['LoadState', 'ActiveState', 'SubState', 'Result', 'UnitFileState'] as const;

function toUnit({ units }: ServiceOptions): string {
  return units[0] ?? '';
}

/** `Name=value` lines of `systemctl show`. */
function toProperties(stdout: string): ReadonlyMap<string, string> {
  return new Map(
    stdout
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function toStartAdvice(word: string, enabled: boolean): string {
  const enable = enabled ? '' : ', and `enable` it, or it is gone after a reboot';
  return `Start it: \`sudo systemctl start ${word}\`${enable}. If it does not stay up: \`journalctl -u ${word} -n 50 --no-pager\`.`;
}

/** Whether systemd says that a unit is active. */
function decideService(options: ServiceOptions, stdout: string): Verdict {
  const properties = toProperties(stdout);
  const active = properties.get('ActiveState') ?? '';
  const load = properties.get('LoadState') ?? '';
  const found = `${active} (${properties.get('SubState') ?? ''})`;
  const word = renderShellWord(toUnit(options));
  const log = `\`journalctl -u ${word} -n 50 --no-pager\``;
  if (active === 'active' || active === 'reloading') return { status: 'pass', found };
  if (load === 'not-found') {
    return {
      status: 'fail',
      found: 'there is no such unit',
      remedy: `Install the service, or correct its name in the plan: \`systemctl list-unit-files | grep -i ${word}\`.`,
    };
  }
  if (load === 'masked') {
    return {
      status: 'fail',
      found: 'masked, so it cannot be started',
      remedy: `Somebody shut it off on purpose; ask, then \`sudo systemctl unmask ${word} && sudo systemctl start ${word}\`.`,
    };
  }
  if (active === 'failed') {
    const result = properties.get('Result') ?? '';
    return {
      status: 'fail',
      found: `failed (${result})`,
      remedy: `See why: ${log}; mend it, then \`sudo systemctl restart ${word}\`.`,
    };
  }
  if (active === 'activating') {
    return {
      status: 'fail',
      found: `still starting (${properties.get('SubState') ?? ''})`,
      remedy: `Wait until it is up and re-run the failed job; if it never is: ${log}.`,
    };
  }
  const enabled = properties.get('UnitFileState') !== 'disabled';
  return { status: 'fail', found, remedy: toStartAdvice(word, enabled) };
}

function toFault({ output }: ProbeEnd): string {
  return output.trim().split('\n').at(-1) ?? '';
}

async function lookAtService(
  options: ServiceOptions,
  { world, cut }: Circumstances,
): Promise<Verdict> {
  if (!(await world.host.runsSystemd())) {
    return { status: 'unable', reason: 'systemd does not run the services here' };
  }
  const argv = ['systemctl', 'show', `--property=${PROPERTIES.join(',')}`, '--', toUnit(options)];
  const end = await world.commands.run(
    {
      what: { kind: 'program', argv: argv as [string, ...string[]] },
      workingDirectory: world.workspace,
      env: { ...world.env, LC_ALL: 'C' },
    },
    cut,
  );
  if (!end.ok) return { status: 'unable', reason: end.error };
  const { exit, stdout } = end.value;
  if (exit?.kind === 'exited' && exit.code === 0 && stdout.includes('ActiveState=')) {
    return decideService(options, stdout);
  }
  const reason = exit === undefined ? 'systemctl did not answer in time' : toFault(end.value);
  return { status: 'unable', reason: `systemctl gave no answer: ${reason}` };
}

export const service: Check<ServiceOptions> = {
  ...ORDINARY,
  how: 'What `systemctl show` says of the unit: active (a one-shot that has run, too) or reloading will do.',
  unable:
    'Warns where systemd is not the service manager (a container, Alpine, macOS), or does not answer this user.',
  split: ({ units }) => units.map((unit) => ({ units: [unit] })),
  label: (options) => `service ${toUnit(options)}`,
  wanted: () => 'active',
  whenStuck: (options) =>
    `Try \`systemctl status ${renderShellWord(toUnit(options))}\` on the host.`,
  look: lookAtService,
};
