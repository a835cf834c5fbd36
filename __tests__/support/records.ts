import { toDeploymentName, toTargetName } from '../../src/state/identity.ts';
import type {
  AttemptRecord,
  DeploymentRecord,
  LastError,
  StepRecord,
  TargetParts,
} from '../../src/state/record.ts';
import { NO_RESULTS } from '../../src/state/record.ts';

/** Builders of stored things: valid and unremarkable, but for what a test overrides. */

export const TARGET: TargetParts = {
  repository: 'acme/shop',
  workflow: 'acme/shop/.github/workflows/deploy.yml@refs/heads/main',
  job: 'deploy',
  matrix: '',
  action: 'deploy',
  key: '',
};

export function targetParts(overrides: Partial<TargetParts> = {}): TargetParts {
  return { ...TARGET, ...overrides };
}

export function attemptRecord(overrides: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    attempt: 1,
    run: { run_id: '4711', run_attempt: 1, host: 'web-1', boot_id: 'boot-1' },
    started_at: 1_795_000_000_000,
    ...overrides,
  };
}

export function stepRecord(overrides: Partial<StepRecord> = {}): StepRecord {
  return {
    step: 'migrate',
    name: 'Migrate the database',
    sequence: 1,
    state: 'started',
    fingerprint: { run: 'a1', shell: 'b2', working_directory: 'c3', env: 'd4', files: 'e5' },
    idempotent: true,
    irreversible: false,
    attempts: [attemptRecord()],
    undo_attempts: [],
    marked: false,
    results: NO_RESULTS,
    withheld: [],
    ...overrides,
  };
}

export function deploymentRecord(overrides: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    target: TARGET,
    deployment_id: '4711',
    status: 'open',
    lock: toTargetName(TARGET),
    created_at: 1_795_000_000_000,
    updated_at: 1_795_000_000_000,
    plan: { source: 'preflight.yml', steps: [{ id: 'migrate', name: 'Migrate the database' }] },
    rollback_command_started: false,
    history: [],
    ...overrides,
  };
}

export function lastError(overrides: Partial<LastError> = {}): LastError {
  return {
    timestamp: '2026-11-22T10:46:00+00:00',
    script: 'scripts/migrate.sh',
    line: '42',
    exit_code: '3',
    category: 'unknown:exit',
    ...overrides,
  };
}

/** The names under which the record of `deploymentRecord()` is stored. */
export function namesOf(record: DeploymentRecord): {
  readonly target: string;
  readonly deployment: string;
} {
  return {
    target: toTargetName(record.target),
    deployment: toDeploymentName(record.deployment_id),
  };
}
