import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseProcessFile } from '../../src/state/process-file.ts';

const PROCESS = { pid: 4711, start_time: '123456', boot_id: 'b-1' };
const FIRST = 'pid 4711 123456 b-1\n';

describe('a process file', () => {
  test.each([
    ['nothing yet', '', {}],
    ['a first line that is being written', 'pid 4711 1234', {}],
    ['a running command', FIRST, { process: PROCESS }],
    ['a running command, padded', `${FIRST}${'\n'.repeat(50)}`, { process: PROCESS }],
    ['an ended one', `${FIRST}exit 3\n`, { process: PROCESS, exitCode: 3 }],
    ['an ended one, padded', `${FIRST}exit 0\n\n\n\n`, { process: PROCESS, exitCode: 0 }],
    ['an exit code that is cut off', `${FIRST}exit 13`, { process: PROCESS }],
    [
      'a death by signal',
      `${FIRST}start: line 1:   123 Segmentation fault      bash x\nexit 139\n`,
      {
        process: PROCESS,
        exitCode: 139,
        died: 'start: line 1:   123 Segmentation fault      bash x',
      },
    ],
    ['a bare message', `${FIRST}Killed\n\n`, { process: PROCESS, died: 'Killed' }],
    ['blocks that a power cut left empty', `${FIRST}\0\0\0\0\n`, { process: PROCESS }],
    [
      'a platform without start times',
      'pid 7 - -\nexit 1\n',
      { process: { pid: 7, start_time: '', boot_id: '' }, exitCode: 1 },
    ],
    [
      'an exit code that no process has',
      `${FIRST}exit 256\n`,
      { process: PROCESS, died: 'exit 256' },
    ],
  ])('tells of %s', (_, text, expected) => {
    expect(parseProcessFile(text)).toEqual(expected);
  });

  test.each([
    'pid 0 1 b\n',
    'pid -1 1 b\n',
    'pid 99999999999 1 b\n',
    'pid 4711 1\n',
    'PID 1 1 b\n',
  ])('names no process in %j', (text) => {
    expect(parseProcessFile(text).process).toBeUndefined();
  });

  test('is never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => parseProcessFile(`${text}\n`)).not.toThrow();
      }),
    );
  });
});
