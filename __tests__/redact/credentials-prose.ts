import { createMaker, sample, type Sample } from './samples.ts';

const m = createMaker(31);
const BEGIN = '-----BEGIN ' + 'PRIVATE KEY-----';
const END = '-----END ' + 'PRIVATE KEY-----';

/** Tokens where no name says what they are, and keys that a log prints with something before each line. */
export const TOKENS_IN_PROSE: readonly Sample[] = [
  ...(
    [
      ['azure devops', m.alnum(52) + 'JQQ' + 'J99' + m.alnum(14) + 'AZDO' + m.alnum(4)],
      ['azure storage', m.base64(76) + '+A' + 'StAbcdEFG=='],
      ['google key', 'AQ' + '.Ab8R' + m.url(46)],
      ['slack cookie', 'xox' + 'd-' + m.alnum(60) + '%2B' + m.alnum(20)],
      ['mailchimp', m.hex(32) + '-us' + '12'],
      ['cerebras', 'cs' + 'k-' + m.lower(48)],
      ['elevenlabs', 's' + 'k_' + m.hex(48)],
      ['e2b', 'e2' + 'b_' + m.hex(40)],
      ['firecrawl', 'f' + 'c-' + m.hex(32)],
      ['dropbox', 's' + 'l.' + m.url(135)],
      ['inngest', 'sign' + 'key-prod-' + m.hex(64)],
      ['trigger.dev', 'tr_' + 'prod_' + m.alnum(20)],
      ['openshift', 'sha2' + '56~' + m.url(43)],
      ['wandb', 'wandb' + '_v1_' + m.alnum(70)],
      ['sourcegraph', 'sg' + 'p_' + m.hex(16) + '_' + m.hex(40)],
      ['yandex iam', 't1' + '.9eu' + m.url(60) + '.' + m.url(86)],
      [
        'encrypted JWT',
        'ey' + 'J' + m.alnum(40) + '..' + m.url(16) + '.' + m.url(50) + '.' + m.url(22),
      ],
    ] as const
  ).map(([about, token]) =>
    sample(`${about} in prose`, 'using {} now', [token], ['using ', ' now']),
  ),
  sample('session cookie of Java', 'JSESSIONID={}; Path=/', [m.alnum(32)], ['Path=/']),
  sample(
    'slack workflow',
    'POST https://hooks.slack.com/workflows/T01ABCDEF/A01ABCDEF/{}/{} 200',
    [m.digits(18), m.alnum(24)],
    ['T01ABCDEF', ' 200'],
  ),
  ...['2026-05-01T10:00:00Z ', 'web_1  | ', '+'].map((before) =>
    sample(
      `key with ${before} before each line`,
      `${before}${BEGIN}\n${before}{}\n${before.replace(':00Z', ':01Z')}{}\n${before}${END}`,
      [m.base64(64), m.base64(64)],
      [BEGIN, END, before],
    ),
  ),
  sample('key as lines of a program', `'${BEGIN}\\r\\n' +\n  '{}\\r\\n' +\n  '{}\\r\\n'`, [
    m.base64(64),
    m.base64(64),
  ]),
];
