import { hostname } from 'node:os';
import type { LockHolder } from '../ports.ts';
import type { HolderTraces, LockVerdict, Viewpoint } from '../state/lock-verdict.ts';
import { decideLock } from '../state/lock-verdict.ts';
import type { LifeSigns, LivingCommand } from './living-commands.ts';
import { findLivingCommands } from './living-commands.ts';
import { bootId, isAlive, isGroupAlive, pidNamespace } from './process-identity.ts';

/** What judging holders needs of this host; replaced in tests. */
export interface LockView {
  readonly viewpoint: Viewpoint;
  readonly signs: LifeSigns;
}

export function hostView(): LockView {
  return {
    viewpoint: { host: hostname(), bootId: bootId(), pidNamespace: pidNamespace() },
    signs: { isAlive, isGroupAlive, now: () => Date.now() },
  };
}

export function judgeHolder(holder: LockHolder, { viewpoint, signs }: LockView): LockVerdict {
  return decideLock(holder, viewpoint, () => lookAtHolder(holder, signs));
}

function lookAtHolder(holder: LockHolder, signs: LifeSigns): HolderTraces {
  const node = signs.isAlive(holder.process);
  if (node !== 'dead') return { node, step: 'unknown', stepEvidence: '' };
  const commands = findLivingCommands(holder.directory, signs);
  const evidence = commands.find(({ life }) => life === 'alive') ?? commands.at(0);
  if (evidence === undefined) return { node, step: 'dead', stepEvidence: '' };
  return { node, step: evidence.life, stepEvidence: renderCommand(evidence) };
}

function renderCommand({ unit, process }: LivingCommand): string {
  return process === undefined ? unit : `${unit} (process ${process.pid})`;
}
