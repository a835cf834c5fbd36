import type { Evidence } from '../../src/failure/classify.ts';
import type { Exit } from '../../src/state/record.ts';

export function exited(code: number): Exit {
  return { kind: 'exited', code };
}

export function signalled(signal: string): Exit {
  return { kind: 'signalled', signal };
}

/** Evidence of a step that ended by itself with code 1 and said nothing. */
export function evidenceOf(overrides: Partial<Evidence> = {}): Evidence {
  return {
    command: './deploy.sh',
    exit: exited(1),
    endedBy: 'itself',
    tail: '',
    declared: '',
    durationMs: 1000,
    measured: {},
    ...overrides,
  };
}
