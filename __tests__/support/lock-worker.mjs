/**
 * A process that takes a lock again and again, for tests of many at once:
 * node lock-worker.mjs <compiled sources> <state dir> <lock> <times> <deployment>
 * Inside it adds one to a counter, slowly, and notes in `violations` whoever else is inside and alive.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [sources, stateDir, name, times, deployment] = process.argv.slice(2);
const load = (module) => import(pathToFileURL(join(sources, module)).href);
const { hostView } = await load('edges/lock-judge.js');
const { openLocks } = await load('edges/lock.js');
const { bootId, isAlive, ownProcess, pidNamespace } = await load('edges/process-identity.js');

const at = (file) => join(stateDir, file);
const holder = {
  host: hostname(),
  boot_id: bootId(),
  pid_namespace: pidNamespace(),
  process: ownProcess(),
  run_id: '1',
  run_attempt: 1,
  run_url: '',
  deployment,
  directory: at(deployment),
};
const cancel = { requested: false, onRequest: () => () => undefined };
/** Stands still for a moment between what is seen and what is done about it: races need room. */
function stall() {
  if (Math.random() > 0.3) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * 40);
}
const { viewpoint, signs } = hostView();
const view = {
  viewpoint,
  signs: {
    ...signs,
    isAlive: (ref) => {
      const life = isAlive(ref);
      stall();
      return life;
    },
  },
};
const locks = openLocks(stateDir, view, { firstMs: 1, lastMs: 20 });

function read(file) {
  try {
    return readFileSync(at(file), 'utf8');
  } catch {
    return '';
  }
}

/** Whole or not at all: we may be killed meanwhile. */
function note(file, content) {
  writeFileSync(at(`${file}-${process.pid}`), content);
  renameSync(at(`${file}-${process.pid}`), at(file));
}

function enter() {
  const inside = read('inside');
  if (inside !== '' && isAlive(JSON.parse(inside)) === 'alive') {
    appendFileSync(at('violations'), `${process.pid} entered beside ${inside}\n`);
  }
  note('inside', JSON.stringify(holder.process));
}

function leave() {
  const inside = read('inside');
  if (inside === '' || JSON.parse(inside).pid !== process.pid) {
    appendFileSync(at('violations'), `${process.pid} left, but inside was ${inside}\n`);
  }
  note('inside', '');
}

for (let round = 0; round < Number(times); round += 1) {
  const held = await locks.acquire({
    name,
    holder,
    timeoutMs: 120_000,
    cancel,
    onWait: () => undefined,
  });
  if (!held.ok) {
    appendFileSync(at('violations'), `${process.pid} got no lock: ${JSON.stringify(held.error)}\n`);
    break;
  }
  enter();
  const count = Number(read('counter') || '0');
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
  note('counter', String(count + 1));
  appendFileSync(at('done'), 'x');
  leave();
  await held.value.release();
}
