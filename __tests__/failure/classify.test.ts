import { describe, expect, test } from '@jest/globals';

import { classify } from '../../src/failure/classify.ts';
import { evidenceOf, exited, signalled } from './evidence-builder.ts';

const REFUSED = 'curl: (7) Failed to connect to api.example.com port 443: Connection refused';
const PLAN = [{ match: 'Connection refused', as: 'transient:lock' as const }];

describe('order of judgement', () => {
  test('our own timeout outweighs everything the step said', () => {
    const verdict = classify(
      evidenceOf({ endedBy: 'timeout', declared: 'category=transient:service', tail: REFUSED }),
      PLAN,
    );
    expect(verdict).toMatchObject({ category: 'critical:timeout', rule: 'timeout' });
  });

  test('a cancel is fatal:signal whatever the output says', () => {
    const verdict = classify(evidenceOf({ endedBy: 'cancel', tail: REFUSED }), PLAN);
    expect(verdict).toMatchObject({ category: 'fatal:signal', rule: 'cancelled' });
  });

  test('what the step declared outweighs the plan, with its waiting time', () => {
    const verdict = classify(
      evidenceOf({ declared: 'category=transient:service\nretry-after=30s\n', tail: REFUSED }),
      PLAN,
    );
    expect(verdict).toMatchObject({
      category: 'transient:service',
      rule: 'declared',
      retryAfterMs: 30_000,
    });
  });

  test('the plan outweighs a death by signal and the shipped rules', () => {
    const killed = evidenceOf({ exit: signalled('SIGKILL'), tail: REFUSED });
    expect(classify(killed, PLAN)).toMatchObject({
      category: 'transient:lock',
      rule: 'plan:1',
      evidence: REFUSED,
    });
  });

  test('a death by signal outweighs what was printed before', () => {
    const killed = evidenceOf({ exit: signalled('SIGTERM'), tail: REFUSED });
    expect(classify(killed, [])).toMatchObject({ category: 'fatal:signal', rule: 'signal' });
  });

  test('then the shipped rules decide, and name the line', () => {
    expect(classify(evidenceOf({ exit: exited(7), tail: REFUSED }), [])).toMatchObject({
      category: 'transient:network',
      rule: 'net-refused',
      evidence: REFUSED,
    });
  });

  test('in doubt the failure is unknown and the advice says how to add a rule', () => {
    const verdict = classify(evidenceOf({ tail: 'Error: E42 splines not reticulated' }), []);
    expect(verdict).toMatchObject({ category: 'unknown:exit', rule: 'none' });
    expect(verdict.advice.lookAt.join('\n')).toContain('classify:');
    expect(verdict.advice.lookAt.join('\n')).toContain('$PREFLIGHT_RESULT');
  });
});

describe('declared by the step', () => {
  test('a malformed declaration is ignored with a note', () => {
    const verdict = classify(
      evidenceOf({ declared: 'category=transient:sometimes\nretry-after=soon', tail: REFUSED }),
      [],
    );
    expect(verdict.category).toBe('transient:network');
    expect(verdict.note).toContain('transient:sometimes');
    expect(verdict.note).toContain('retry-after');
  });

  test('a waiting time alone goes with the category that the rules find', () => {
    const verdict = classify(evidenceOf({ declared: 'retry-after=1m30s', tail: REFUSED }), []);
    expect(verdict).toMatchObject({ category: 'transient:network', retryAfterMs: 90_000 });
  });

  test('blanks, carriage returns and other lines do not matter; the last line wins', () => {
    const declared = 'hello\r\n category = transient:lock \r\ncategory=critical:data\r\n';
    expect(classify(evidenceOf({ declared }), []).category).toBe('critical:data');
  });
});

describe('death by a signal', () => {
  test.each([
    ['SIGKILL', 'fatal:signal'],
    ['SIGTERM', 'fatal:signal'],
    ['SIGHUP', 'fatal:signal'],
    ['SIGPIPE', 'fatal:signal'],
    ['SIGSEGV', 'critical:crash'],
    ['SIGABRT', 'critical:crash'],
    ['SIGBUS', 'critical:crash'],
  ])('%s is %s', (signal, category) => {
    expect(classify(evidenceOf({ exit: signalled(signal) }), []).category).toBe(category);
  });

  test.each([
    [129, 'fatal:signal'],
    [130, 'fatal:signal'],
    [137, 'fatal:signal'],
    [143, 'fatal:signal'],
    [134, 'critical:crash'],
    [139, 'critical:crash'],
  ])('a shell that ends with %i reports %s', (code, category) => {
    expect(classify(evidenceOf({ exit: exited(code) }), []).category).toBe(category);
  });

  test.each([141, 138, 140, 142])('code %i is no report of a signal', (code) => {
    expect(classify(evidenceOf({ exit: exited(code) }), []).category).toBe('unknown:exit');
  });

  test('the same code from a program that is no shell says nothing', () => {
    const verdict = classify(evidenceOf({ exit: exited(137), shellReports: false }), []);
    expect(verdict.category).toBe('unknown:exit');
  });

  test('SIGKILL with a rise of the kernel counter is a lack of memory', () => {
    const measured = { oomKills: 1 };
    for (const exit of [signalled('SIGKILL'), exited(137)]) {
      expect(classify(evidenceOf({ exit, measured }), [])).toMatchObject({
        category: 'recoverable:resource',
        rule: 'oom-killed',
      });
    }
    expect(classify(evidenceOf({ exit: signalled('SIGTERM'), measured }), []).category).toBe(
      'fatal:signal',
    );
  });

  test('a process that said itself that memory ran out, and aborted, is believed', () => {
    const tail =
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n';
    expect(classify(evidenceOf({ exit: exited(134), tail }), []).category).toBe(
      'recoverable:resource',
    );
  });
});

describe('measurements', () => {
  test('a failed write on a full disk is a full disk, though nobody said so', () => {
    const tail = 'Error: failed to write chunk 17';
    const full = evidenceOf({ tail, measured: { diskFreeBytes: 4096 } });
    expect(classify(full, [])).toMatchObject({
      category: 'recoverable:resource',
      rule: 'disk-full-measured',
      evidence: tail,
    });
    const roomy = evidenceOf({ tail, measured: { diskFreeBytes: 4e9 } });
    expect(classify(roomy, []).category).toBe('unknown:exit');
  });

  test('a full disk explains nothing that has its own explanation', () => {
    const full = evidenceOf({ tail: REFUSED, measured: { diskFreeBytes: 0 } });
    expect(classify(full, []).category).toBe('transient:network');
  });
});

describe('exit codes without an explanation', () => {
  test.each([6, 7, 28, 35, 52, 56])('a silent %i is taken for the network', (code) => {
    expect(classify(evidenceOf({ exit: exited(code) }), []).category).toBe('transient:network');
  });

  test.each([6, 7, 28, 35, 52, 56])('%i beside another error is not', (code) => {
    const verdict = classify(
      evidenceOf({ exit: exited(code), tail: 'importing\nError: E42 import went wrong' }),
      [],
    );
    expect(verdict.category).toBe('unknown:exit');
  });

  test('a silent curl against the own host is a question of health', () => {
    const command = 'curl -sf http://localhost:8080/';
    expect(classify(evidenceOf({ exit: exited(7), command }), []).category).toBe('critical:health');
  });

  test.each([
    [126, 'recoverable:permission'],
    [127, 'recoverable:dependency'],
  ])('%i is %s', (code, category) => {
    expect(classify(evidenceOf({ exit: exited(code) }), []).category).toBe(category);
  });

  test('a comparison that ends the script silently is a verification', () => {
    const command = 'cat VERSION\ndiff VERSION wanted';
    expect(classify(evidenceOf({ command }), []).category).toBe('critical:verification');
  });
});

describe('a test of the shell that fails without a word', () => {
  // Such a line may be anything, an accident of `set -e` above all: no rollback follows from it.
  test.each(['test -e mended', '[ "$a" = "$b" ]', 'grep -q ready log'])(
    '%s is unknown',
    (command) => {
      expect(classify(evidenceOf({ command }), [])).toMatchObject({ category: 'unknown:exit' });
    },
  );
});

describe('the last cause wins', () => {
  test('a retry that is announced is not the cause of a later configuration error', () => {
    const tail = [
      'curl: (28) Connection timed out after 5000 milliseconds',
      'Warning: Problem : timeout. Will retry in 1 seconds. 2 retries left.',
      'fetched release 2.7.0',
      'yaml: line 12: mapping values are not allowed in this context',
    ].join('\n');
    expect(classify(evidenceOf({ tail }), []).category).toBe('recoverable:configuration');
  });

  test('a remote error that was overcome is not the cause of a later unknown one', () => {
    const tail = `${REFUSED}\nconnected to the second mirror\nError: E42 no splines`;
    expect(classify(evidenceOf({ tail }), []).category).toBe('unknown:exit');
  });

  test('an error that no rule knows, after a transient one, leaves it unknown', () => {
    const tail = `${REFUSED}\nError: E42 no splines`;
    expect(classify(evidenceOf({ tail }), []).category).toBe('unknown:exit');
  });

  test('names of passing tests, source and stack frames are not causes', () => {
    const tail = [
      '  ✓ reports "No space left on device" as a full disk',
      '  12 | throw new Error("ECONNREFUSED")',
      '    at connect (/srv/shop/ECONNREFUSED.js:3:1)',
      'Tests:       1 failed, 1 passed, 2 total',
    ].join('\n');
    expect(classify(evidenceOf({ tail }), []).category).toBe('critical:verification');
  });

  test('a service that only prints its retries is still seen as unreachable', () => {
    const tail = 'connect ECONNREFUSED 203.0.113.9:5432, retrying in 1s\n'.repeat(3);
    expect(classify(evidenceOf({ tail }), []).category).toBe('transient:network');
  });

  test('a health check of the own service is critical, a download from elsewhere transient', () => {
    const tail = 'curl: (22) The requested URL returned error: 503';
    const own = evidenceOf({ tail, command: 'curl -fsS https://shop.example.com/healthz' });
    const elsewhere = evidenceOf({ tail, command: 'curl -fsSLO https://dl.example.com/a.tgz' });
    expect(classify(own, []).category).toBe('critical:health');
    expect(classify(elsewhere, []).category).toBe('transient:service');
  });

  test('a connection that breaks in the middle of a migration is no network trouble', () => {
    const tail = 'server closed the connection unexpectedly';
    const command = 'psql -h db.example.com -f db/migrate/0042.sql';
    expect(classify(evidenceOf({ tail, command }), []).category).toBe('critical:migration');
    const asking = 'psql -h db.example.com -c "select 1"';
    expect(classify(evidenceOf({ tail, command: asking }), []).category).toBe('transient:network');
  });
});

describe('hostile output', () => {
  test('colours, carriage returns and control characters do not hide a cause', () => {
    const tail =
      '\u001B[31mError:\u001B[0m \u0000connect \u001B[1mECONNREFUSED\u001B[0m 203.0.113.9:1\r\n';
    expect(classify(evidenceOf({ tail }), []).category).toBe('transient:network');
  });

  test('the evidence is one bounded line', () => {
    const tail = `ECONNREFUSED ${'x'.repeat(100_000)}`;
    const { evidence = '' } = classify(evidenceOf({ tail }), []);
    expect(evidence.length).toBeLessThanOrEqual(500);
    expect(evidence).not.toContain('\n');
  });
});
