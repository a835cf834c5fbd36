import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { readOnlyFile } from '../../src/state/cache-archive.ts';
import { parseCacheKey } from '../../src/state/cache-key.ts';
import { parsePayload } from '../../src/state/cache-payload.ts';
import type { Entry } from './cache-server.ts';
import { CacheServer } from './cache-server.ts';
import type { Scenario } from './crash-matrix.ts';
import { endAllOf } from './crash-matrix.ts';
import { effectsOf, judgeEffects } from './crash-scenarios.ts';

const PLAN = `
steps:
  - { id: plain, run: 'echo plain >> ran; echo "o-plain=1" >> "$GITHUB_OUTPUT"' }
  - id: once
    idempotent: false
    done-when: grep -qsx once ran || exit 1
    run: echo once >> ran
  - { id: last, run: 'echo last >> ran' }
`;

/** Which steps an entry of the cache says are complete. */
export function readMarked({ key, blob }: Entry): readonly string[] {
  const parsed = parseCacheKey(key);
  if (parsed === undefined) return [];
  const file = readOnlyFile(gunzipSync(blob), 'preflight-checkpoint');
  if (!file.ok) throw new Error(file.error);
  const read = parsePayload(Buffer.from(file.value).toString(), parsed);
  if (!read.ok) throw new Error(read.error);
  return read.value.markers.map(({ step }) => step);
}

/** The machine is lost with each crash, and its disk with it; the world that the steps change is not. */
export function createCacheScenario(): Scenario {
  let server: CacheServer | undefined;
  return {
    name: 'cache',
    plan: PLAN,
    isAlive: true,
    before: async () => {
      await server?.close();
      server = new CacheServer();
      await server.listen();
      return { inputs: { state: 'cache' }, env: server.env() };
    },
    victims: ['tree', 'machine'],
    finished: () => server?.committed.flatMap(readMarked) ?? [],
    onCrash: async (job) => {
      endAllOf(job);
      for (const place of ['state', 'temp', 'tmp'].map((name) => join(job.home, name))) {
        for (const name of readdirSync(place)) {
          rmSync(join(place, name), { recursive: true, force: true });
        }
        mkdirSync(place, { recursive: true });
      }
      return Promise.resolve();
    },
    // What another machine cannot know it is told by the probe.
    blur: (scene) => ({
      ...scene,
      records: Object.fromEntries(
        Object.entries(scene.records).map(([name, state]) => [
          name,
          state.replace('declared', 'succeeded'),
        ]),
      ),
    }),
    judge: (job, struck) => judgeEffects(effectsOf(job), ['plain', 'once', 'last'], struck),
    dispose: async () => {
      await server?.close();
    },
  };
}
