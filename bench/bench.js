// Measures the shipped bundle against plain commands in the same run; prints Markdown rows. Nothing here passes or
// fails: figures depend on the machine, ratios less so. `node bench/bench.js [rounds]`
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = Number(process.argv[2] ?? 9);
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const NODE = process.env.PREFLIGHT_BENCH_NODE ?? process.execPath;
const MAIN = join(ROOT, 'dist/main/index.js');

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs a command under /usr/bin/time-like accounting of our own: wall, user and peak memory of the child. */
function measure(command, args, options) {
  const started = process.hrtime.bigint();
  const before = process.resourceUsage();
  const { status, stderr } = spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...options,
  });
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  return { wallMs, status, stderr: String(stderr), before };
}

function createJob(plan) {
  const home = mkdtempSync(join(tmpdir(), 'preflight-bench-'));
  const workspace = join(home, 'w');
  for (const name of ['w', 'temp']) mkdirSync(join(home, name));
  mkdirSync(join(home, 'state'), { mode: 0o700 });
  writeFileSync(join(workspace, 'preflight.yml'), plan);
  let phase = 0;
  const options = (runId, attempt) => {
    const files = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'].map((name) => {
      const path = join(home, 'temp', `${name}-${phase++}`);
      writeFileSync(path, '');
      return [`GITHUB_${name}`, path];
    });
    return {
      cwd: workspace,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        ...Object.fromEntries(files),
        GITHUB_ACTION: 'bench',
        GITHUB_JOB: 'bench',
        GITHUB_REPOSITORY: 'bench/bench',
        GITHUB_RUN_ATTEMPT: String(attempt),
        GITHUB_RUN_ID: String(runId),
        GITHUB_WORKFLOW: 'bench',
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: join(home, 'temp'),
        'INPUT_STATE-DIR': join(home, 'state'),
        INPUT_SUMMARY: 'never',
      },
    };
  };
  return { home, workspace, options, remove: () => rmSync(home, { recursive: true, force: true }) };
}

function must({ status, stderr }, what) {
  if (status !== 0) throw new Error(`${what} ended with ${status}: ${stderr}`);
}

const toPlan = (steps, run = 'true') =>
  `steps:\n${Array.from({ length: steps }, (_, n) => `  - { id: s${n}, run: '${run}' }\n`).join('')}`;

/** Wall times of several commands, taken in turn so that all see the same machine. */
function race(contestants) {
  const times = new Map(contestants.map(([name]) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of contestants) times.get(name).push(run());
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

function row(what, value, reference) {
  console.log(`| ${what} | ${value} | ${reference} |`);
}

console.log(
  `Node ${spawnSync(NODE, ['--version']).stdout.toString().trim()}, ${ROUNDS} rounds, medians\n`,
);
console.log('| what | figure | against |\n| --- | ---: | --- |');

for (const file of ['bundle/index.js', 'cache/index.js']) {
  row(
    `size of dist/${file}`,
    `${(statSync(join(ROOT, 'dist', file)).size / 1024).toFixed(0)} kB`,
    '',
  );
}

const STEPS = 20;
{
  const empty = createJob(toPlan(1));
  let run = 0;
  const bad = createJob('stepps: []\n');
  const times = race([
    ['node', () => measure(NODE, ['-e', '0']).wallMs],
    ['refuse', () => measure(NODE, [MAIN], bad.options(1, 1)).wallMs],
    [
      'one',
      () => {
        const m = measure(NODE, [MAIN], empty.options(++run, 1));
        must(m, 'one step');
        return m.wallMs;
      },
    ],
    ['post', () => measure(NODE, [join(ROOT, 'dist/post/index.js')], empty.options(1, 1)).wallMs],
  ]);
  const node = times.get('node');
  row('`node -e 0`', `${node.toFixed(0)} ms`, '');
  row(
    'cold start: a plan that is refused',
    `${times.get('refuse').toFixed(0)} ms`,
    `${(times.get('refuse') / node).toFixed(2)} × node -e 0`,
  );
  row(
    'one no-op step, end to end',
    `${times.get('one').toFixed(0)} ms`,
    `${(times.get('one') / node).toFixed(2)} × node -e 0`,
  );
  row(
    'post with nothing to do',
    `${times.get('post').toFixed(0)} ms`,
    `${(times.get('post') / node).toFixed(2)} × node -e 0`,
  );
  empty.remove();
  bad.remove();
}
{
  const few = createJob(toPlan(1));
  const many = createJob(toPlan(1 + STEPS));
  const directory = mkdtempSync(join(tmpdir(), 'preflight-loop-'));
  writeFileSync(join(directory, 'noop.sh'), 'true\n');
  const loop = `for i in $(seq ${STEPS}); do bash --noprofile --norc -eo pipefail ${directory}/noop.sh; done`;
  const checkpoints = `for i in $(seq ${STEPS}); do [[ -f ${directory}/.checkpoint-$i ]] || bash --noprofile --norc -eo pipefail ${directory}/noop.sh; date -Iseconds > ${directory}/.checkpoint-$i; done; rm -f ${directory}/.checkpoint-*`;
  const fsyncs = `for i in $(seq ${STEPS}); do for j in 1 2 3; do echo x > ${directory}/f; sync ${directory}/f ${directory}; done; done`;
  let run = 0;
  const times = race([
    ['loop', () => measure('bash', ['-c', loop]).wallMs],
    ['checkpoints', () => measure('bash', ['-c', checkpoints]).wallMs],
    ['fsyncs', () => measure('bash', ['-c', fsyncs]).wallMs],
    ['few', () => measure(NODE, [MAIN], few.options(++run, 1)).wallMs],
    ['many', () => measure(NODE, [MAIN], many.options(++run, 1)).wallMs],
  ]);
  const each = (times.get('many') - times.get('few')) / STEPS;
  row('a no-op step with its durable records', `${each.toFixed(1)} ms`, '');
  row(
    'the same in a plain bash loop',
    `${(times.get('loop') / STEPS).toFixed(1)} ms`,
    `${(each / (times.get('loop') / STEPS)).toFixed(2)} ×`,
  );
  row(
    'the same in a bash checkpoint loop (no fsync)',
    `${(times.get('checkpoints') / STEPS).toFixed(1)} ms`,
    `${(each / (times.get('checkpoints') / STEPS)).toFixed(2)} ×`,
  );
  row(
    'three times `sync file directory` (six fsyncs)',
    `${(times.get('fsyncs') / STEPS).toFixed(1)} ms`,
    '',
  );
  few.remove();
  many.remove();
  rmSync(directory, { recursive: true });
}
{
  for (const count of [1000, 5000]) {
    const job = createJob(`${toPlan(count - 1)}  - { id: last, run: 'false' }\n`);
    const first = measure(NODE, [MAIN], job.options(1, 1));
    const one = createJob(toPlan(1));
    must(measure(NODE, [MAIN], one.options(1, 1)), 'one');
    const times = race([
      ['skip', () => measure(NODE, [MAIN], job.options(1, 2)).wallMs],
      ['one', () => measure(NODE, [MAIN], one.options(1, 2)).wallMs],
    ]);
    row(
      `skipping ${count} completed steps`,
      `${(times.get('skip') - times.get('one')).toFixed(0)} ms`,
      `beyond a plan of one; making them took ${(first.wallMs / count).toFixed(1)} ms each`,
    );
    job.remove();
    one.remove();
  }
}
{
  const MEGABYTES = 200;
  const script = `yes "the quick brown fox jumps over the lazy dog 0123456789" | head -c ${MEGABYTES}000000`;
  const job = createJob(`steps:\n  - { id: flood, run: '${script} || true' }\n`);
  let run = 0;
  const peak = [];
  const times = race([
    ['cat', () => measure('bash', ['-c', `${script} | cat > /dev/null`]).wallMs],
    [
      'action',
      () => {
        const m = measure(
          '/usr/bin/env',
          [
            'python3',
            '-c',
            'import os,resource,subprocess,sys; code=subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL); sys.stderr.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)); sys.exit(code)',
            NODE,
            MAIN,
          ],
          job.options(++run, 1),
        );
        must(m, 'flood');
        peak.push(Number(m.stderr.trim().split('\n').at(-1)));
        return m.wallMs;
      },
    ],
  ]);
  row(
    `${MEGABYTES} MB of output`,
    `${(MEGABYTES / (times.get('action') / 1000)).toFixed(0)} MB/s`,
    `${(times.get('cat') / times.get('action')).toFixed(2)} × the speed of cat to a pipe`,
  );
  row(
    `peak memory with ${MEGABYTES} MB of output`,
    `${(Math.max(...peak) / 1024).toFixed(0)} MB`,
    '',
  );
  job.remove();
}
