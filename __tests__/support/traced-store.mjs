/**
 * Runs a step's transitions on a host store and prints every change it asks of the file system, with
 * its place: node traced-store.mjs <compiled sources> <state dir>
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const [sources, stateDir, stepRecordText] = process.argv.slice(2);
const open = new Map();
const log = [];

const place = (path) =>
  path.includes('.tmp-') ? 'temporary' : relative(stateDir, path).split('/').slice(2).join('/');

function trace(name, describe) {
  const original = fs[name];
  fs[name] = (...args) => {
    const result = original(...args);
    const entry = describe(args, result);
    if (entry !== undefined) log.push(entry);
    return result;
  };
}
trace('openSync', ([path], file) => {
  open.set(file, path);
});
trace('writeSync', ([file]) => `write ${place(open.get(file))}`);
trace('fsyncSync', ([file]) => `sync ${place(open.get(file)) || '.'}`);
trace('renameSync', ([, to]) => `rename ${basename(to) === 'current' ? 'current' : place(to)}`);
trace('unlinkSync', ([path]) => `unlink ${place(path)}`);
syncBuiltinESMExports();

const { openHostStore } = await import(pathToFileURL(join(sources, 'edges/host-store.js')).href);
const store = openHostStore({ stateDir, target: 't-0123456789', deployment: 'd-0123456789' });
const started = JSON.parse(stepRecordText);
const ended = { ...started, state: 'succeeded' };

await store.putMarker(started.step, 'earlier');
const transitions = {
  removeMarkers: () => store.removeMarkers([started.step]),
  started: () => store.saveStep(started),
  ended: () => store.saveStep(ended),
  marker: () => store.putMarker(started.step, 'now'),
  note: () => store.noteMarked({ ...ended, marked: true }),
};
const traced = {};
for (const [name, run] of Object.entries(transitions)) {
  log.length = 0;
  await run();
  traced[name] = [...log];
}
process.stdout.write(JSON.stringify(traced));
