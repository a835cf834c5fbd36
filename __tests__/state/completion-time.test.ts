import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { toIsoSeconds } from '../../src/state/completion-time.ts';

describe('a completion time', () => {
  test.each([
    [0, '2026-11-22T10:46:00+00:00'],
    [60, '2026-11-22T11:46:00+01:00'],
    [-300, '2026-11-22T05:46:00-05:00'],
    [345, '2026-11-22T16:31:00+05:45'],
    [-210, '2026-11-22T07:16:00-03:30'],
    [840, '2026-11-23T00:46:00+14:00'],
  ])('%i minutes east of UTC is %s', (offset, expected) => {
    expect(toIsoSeconds(Date.UTC(2026, 10, 22, 10, 46, 0, 999), offset)).toBe(expected);
  });

  test.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Kiritimati'])(
    'is what date prints in %s, in winter and in summer',
    (zone) => {
      for (const epochMs of [Date.UTC(2026, 0, 15, 3, 4, 5), Date.UTC(2026, 6, 15, 3, 4, 5)]) {
        const date = (format: string) =>
          execFileSync('date', [`-d@${epochMs / 1000}`, format], {
            encoding: 'utf8',
            env: { ...process.env, TZ: zone },
          }).trim();
        const [, sign, hours, minutes] = /([+-])(\d\d)(\d\d)/.exec(date('+%z')) ?? [];
        const offset = Number(`${sign ?? ''}1`) * (Number(hours) * 60 + Number(minutes));
        expect(toIsoSeconds(epochMs, offset)).toBe(date('-Iseconds'));
      }
    },
  );
});
