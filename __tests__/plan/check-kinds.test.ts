import { expect, test } from '@jest/globals';
import { CHECK_KINDS } from '../../src/plan/check-kinds.ts';
import { DOCUMENTATION } from '../../src/plan/vocabulary.ts';
import { planOf } from './plan-builder.ts';

function optionsOf(check: string): unknown {
  return planOf({ checks: `- ${check}` }).checks[0]?.options;
}

test.each([
  ['ram: 2GB', { availableBytes: 2e9 }],
  ['ram: { available: 1GiB, level: warn }', { availableBytes: 2 ** 30 }],
  ['disk: 10GB', { path: '/', freeBytes: 10e9 }],
  ['disk: { path: /srv, inodes: 1000 }', { path: '/srv', freeInodes: 1000 }],
  ['cpu: 1.5', { cores: 1.5 }],
  ['os: Ubuntu', { systems: [{ id: 'ubuntu', version: '*' }] }],
  [
    'os: [ubuntu, debian]',
    {
      systems: [
        { id: 'ubuntu', version: '*' },
        { id: 'debian', version: '*' },
      ],
    },
  ],
  [
    "os: { ubuntu: '>=20.04', level: warn, timeout: 5s }",
    { systems: [{ id: 'ubuntu', version: '>=20.04' }] },
  ],
  ['network: https://a.org', { targets: [{ url: 'https://a.org' }] }],
  [
    'network: [https://a.org, { url: "tcp://b:1", status: 200, certificate: 14d }]',
    {
      targets: [
        { url: 'https://a.org' },
        { url: 'tcp://b:1', status: [200], certificateMs: 14 * 86_400_000 },
      ],
    },
  ],
  [
    'network: { url: [https://a.org, https://b.org], status: [200, 401], level: warn }',
    {
      targets: [
        { url: 'https://a.org', status: [200, 401] },
        { url: 'https://b.org', status: [200, 401] },
      ],
    },
  ],
  ['dns: a.org', { names: ['a.org'], addresses: [] }],
  [
    'dns: { name: a.org, address: [self, 10.0.0.1, "::1"], resolver: "10.0.0.2:53", public-ip-url: https://ip.org }',
    {
      names: ['a.org'],
      addresses: ['self', '10.0.0.1', '::1'],
      resolver: '10.0.0.2:53',
      publicIpUrl: 'https://ip.org',
    },
  ],
  ['port: 443', { numbers: [443], state: 'free' }],
  [
    'port: { number: [80, 443], state: listening, address: 127.0.0.1 }',
    { numbers: [80, 443], state: 'listening', address: '127.0.0.1' },
  ],
  ['command: docker', { commands: [{ name: 'docker' }] }],
  [
    "command: [docker, { name: curl, version: '>=7.70', version-command: curl -V }]",
    {
      commands: [
        { name: 'docker' },
        { name: 'curl', version: '>=7.70', versionCommand: 'curl -V' },
      ],
    },
  ],
  ['env: A', { names: ['A'] }],
  ['env: { name: [A, B], level: warn }', { names: ['A', 'B'] }],
  ['file: [a, b]', { paths: ['a', 'b'], type: 'any' }],
  ['file: { path: a, type: directory }', { paths: ['a'], type: 'directory' }],
  ['writable: /opt', { paths: ['/opt'] }],
  ['user: deploy', { name: 'deploy', groups: [] }],
  ['user: { group: docker }', { groups: ['docker'] }],
  ['service: [nginx, cron]', { units: ['nginx', 'cron'] }],
  ['docker:', {}],
  ["docker: '>=24'", { version: '>=24' }],
  ['docker: { compose: true, free: 1GB }', { compose: '*', freeBytes: 1e9 }],
  ['docker: { compose: false }', {}],
  ['time: 30s', { maxSkewMs: 30_000 }],
  ['time: { url: https://a.org }', { url: 'https://a.org', maxSkewMs: 30_000 }],
  ['run: true', { command: 'true' }],
])('%s', (check, options) => {
  expect(optionsOf(check)).toEqual(options);
});

test('level, time and timeout are understood inside and beside', () => {
  const { checks } = planOf({
    checks:
      '- cpu: { cores: 1, level: fail, when: fresh, timeout: 5s }\n- { cpu: 1, level: warn, name: Cores }\n',
  });
  expect(checks[0]).toMatchObject({ id: 'cpu', level: 'fail', when: 'fresh', timeoutMs: 5000 });
  expect(checks[1]).toMatchObject({ id: 'cores', level: 'warn', name: 'Cores' });
});

test.each(Object.entries(CHECK_KINDS))(
  'the documented examples of %s are valid',
  (kind, { schema }) => {
    const { examples = [], description } = DOCUMENTATION.get(schema) ?? {};
    expect(description).toMatch(/\.$/);
    expect(examples.length).toBeGreaterThan(0);
    const { checks } = planOf({
      checks: JSON.stringify(examples.map((value) => ({ [kind]: value }))),
    });
    expect(checks.map((check) => check.kind)).toEqual(examples.map(() => kind));
  },
);
