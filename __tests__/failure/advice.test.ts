import { execFileSync } from 'node:child_process';

import { describe, expect, test } from '@jest/globals';

import { fillIn, toAdvice } from '../../src/failure/advice.ts';
import { CATEGORIES } from '../../src/failure/category.ts';
import { classify } from '../../src/failure/classify.ts';
import { evidenceOf } from './evidence-builder.ts';

function adviceOn(tail: string, command = './deploy.sh') {
  return classify(evidenceOf({ tail, command }), []).advice;
}

describe('advice', () => {
  test.each(CATEGORIES)('%s says what it means and what to look at', (category) => {
    const advice = toAdvice(category, { facts: {}, line: '' });
    expect(advice.meaning).toMatch(/\.$/u);
    expect(advice.lookAt.length).toBeGreaterThan(0);
    expect(advice.commands.join('\n')).not.toMatch(/\{[a-z]+\}/u);
  });

  test('names the path of the message', () => {
    const { commands } = adviceOn("cp: cannot create directory '/opt/app/dist': Permission denied");
    expect(commands).toContain('ls -ld /opt/app/dist');
  });

  test('names the port', () => {
    const { commands } = adviceOn('Error: listen EADDRINUSE: address already in use :::8080');
    expect(commands).toContain("ss -ltnp 'sport = :8080'");
  });

  test('names the unit', () => {
    const { commands } = adviceOn(
      'Job for shop.service failed because the control process exited.',
    );
    expect(commands).toContain('journalctl -u shop.service -n 50 --no-pager');
  });

  test('names the missing command', () => {
    expect(adviceOn('deploy.sh: line 3: jq: command not found').commands).toContain(
      'command -v jq',
    );
  });

  test('a full disk brings df and docker system df', () => {
    const { commands } = adviceOn('write /var/lib/x: no space left on device');
    expect(commands).toEqual(expect.arrayContaining(['df -h', 'df -i', 'docker system df']));
  });
});

describe('hostile names in advice', () => {
  const HOSTILE = [
    "/srv/$(touch pwned)'; echo x #",
    '/srv/a b`id`',
    '/srv/"x"\\',
    '/srv/${HOME}*?[a]',
  ];

  test.each(HOSTILE)('%s stays one word for a shell', (path) => {
    const command = fillIn('printf %s {path}', { path });
    const printed = execFileSync('bash', ['-c', command ?? 'false'], { encoding: 'utf8' });
    expect(printed).toBe(path);
  });

  test.each(['-rf', '--help', '', 'x'.repeat(300), 'a\nb', 'a\u001B[31m', 'a\u202Eb'])(
    'what is not fit to be a name is left out: %j',
    (path) => {
      expect(fillIn('ls {path}', { path })).toBeUndefined();
    },
  );

  test('a port is a number and a host is a name, or they are left out', () => {
    expect(fillIn('nc {host} {port}', { host: 'db.example.com', port: '1;id' })).toBeUndefined();
    expect(fillIn('nc {host} {port}', { host: '$(id)', port: '1' })).toBeUndefined();
    expect(fillIn('nc {host} {port}', { host: 'db.example.com', port: '5432' })).toBe(
      'nc db.example.com 5432',
    );
  });
});
