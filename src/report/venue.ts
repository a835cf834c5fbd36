import { renderShellWord } from '../shell-word.ts';

/** Where the reader sits, and so what the next thing to do looks like: in a job of a workflow, or at a terminal. */
export type Venue =
  | { readonly kind: 'job' }
  | {
      readonly kind: 'terminal';
      /** The command line that was typed, to be typed again. */
      readonly again: string;
      /** Flags that a repair of the same state needs, such as `--state-dir /srv/state`. */
      readonly flags: readonly string[];
    };

export const IN_A_JOB: Venue = { kind: 'job' };

/** What a repair is about; what is left out is not said. */
export interface RepairOf {
  readonly target?: string;
  readonly step?: string;
  readonly deploymentId?: string;
}

/** A mode of repair as the reader starts it: by inputs, or as a command to type. */
export function renderRepair(venue: Venue, mode: string, of: RepairOf = {}): string {
  const { target, step, deploymentId } = of;
  if (venue.kind === 'job') {
    const inputs = [
      ...(target === undefined ? [] : [`target: ${target}`]),
      ...(step === undefined ? [] : [`step: ${step}`]),
      ...(deploymentId === undefined ? [] : [`deployment-id: ${deploymentId}`]),
    ];
    return inputs.length === 0 ? `mode: ${mode}` : `mode: ${mode} with ${joinWords(inputs)}`;
  }
  const words = [
    ...(target === undefined ? [] : [target]),
    ...(step === undefined ? [] : [step]),
    ...(deploymentId === undefined ? [] : ['--deployment-id', deploymentId]),
    ...venue.flags,
  ];
  return ['preflight', mode, ...words.map(renderShellWord)].join(' ');
}

/** A setting as the reader makes it: `resume: never`, or `--resume never`. */
export function renderSetting(venue: Venue, name: string, value: string): string {
  return venue.kind === 'job' ? `${name}: ${value}` : `--${name} ${value}`;
}

/** An input as the reader knows it: `state-dir`, or `--state-dir`. */
export function renderInputName(venue: Venue, name: string): string {
  return venue.kind === 'job' ? name : `--${name}`;
}

/** `a`, `a and b`, `a, b and c`. */
function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
