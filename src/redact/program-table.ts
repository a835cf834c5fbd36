/**
 * How an option has its secret. `next`: the next word; `glued`: the rest of the same word; `either`;
 * `pair`: `user:password`; `percent`: `user%password`; `comma`: `user,password`; `spec`: `pass:x`; `cookies`: `name=x; …`.
 */
export type Form = 'next' | 'glued' | 'either' | 'pair' | 'percent' | 'comma' | 'spec' | 'cookies';

/** Programs whose options have meanings that their names do not tell. */
export interface Program {
  readonly names: string;
  /** Only with this among the arguments. */
  readonly verb?: RegExp;
  readonly options?: Readonly<Record<string, Form>>;
  /** Which positional words are secret, given all words of the command that are no options. */
  readonly positional?: (words: readonly string[]) => readonly number[];
}

/** The word `n` places after the first of `verbs`. */
const after =
  (verbs: RegExp, n: number) =>
  (words: readonly string[]): readonly number[] => {
    const at = words.findIndex((word) => verbs.test(word));
    return at === -1 ? [] : [at + n];
  };

const LOGIN = /\blogin\b/;

/** The table; a program may have several entries. */
export const PROGRAMS: readonly Program[] = [
  {
    names: 'curl',
    options: {
      '-u': 'pair',
      '--user': 'pair',
      '-U': 'pair',
      '--proxy-user': 'pair',
      '--oauth2-bearer': 'next',
      '-b': 'cookies',
      '--cookie': 'cookies',
      '--pass': 'next',
    },
  },
  {
    names: 'wget httpie http https xh ab',
    options: { '-a': 'pair', '--auth': 'pair', '-A': 'pair', '--user': 'pair' },
  },
  {
    names:
      'mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlsh mysqlshow mysqlpump mysqlslap mysqlbinlog mariadb mariadb-dump mariadb-admin mycli xtrabackup mydumper myloader',
    options: { '-p': 'glued' },
  },
  {
    names: 'docker podman nerdctl buildah skopeo oras crane helm',
    verb: LOGIN,
    options: { '-p': 'either' },
  },
  { names: 'oc tkn', verb: LOGIN, options: { '-p': 'either' } },
  { names: 'az', verb: LOGIN, options: { '-p': 'either' } },
  { names: 'ibmcloud', verb: LOGIN, options: { '-p': 'either' } },
  { names: 'rancher glab vercel netlify', options: { '-t': 'next', '--auth': 'next' } },
  { names: 'doctl', options: { '-t': 'either', '--access-token': 'next' } },
  { names: 'twine', options: { '-p': 'either' } },
  { names: 'sshpass', options: { '-p': 'either' } },
  { names: 'redis-cli valkey-cli keydb-cli', options: { '-a': 'next', '--pass': 'next' } },
  {
    names: 'mongo mongosh mongodump mongorestore mongoimport mongoexport mongostat mongotop cqlsh',
    options: { '-p': 'either' },
  },
  {
    names: 'ldapsearch ldapadd ldapmodify ldapdelete ldappasswd ldapwhoami ldapcompare',
    options: { '-w': 'either', '-s': 'next' },
  },
  { names: 'sqlcmd bcp osql isql tsql mssql-cli', options: { '-P': 'either' } },
  { names: '7z 7za 7zz rar unrar', options: { '-p': 'glued', '-hp': 'glued' } },
  { names: 'zip unzip', options: { '-P': 'either' } },
  {
    names: 'openssl',
    options: { '-passin': 'spec', '-passout': 'spec', '-pass': 'spec', '-k': 'next', '-K': 'next' },
  },
  {
    names: 'smbclient rpcclient winexe smbget net wmic.py',
    options: { '-U': 'percent', '--user': 'percent' },
  },
  { names: 'plink pscp psftp putty winscp nodetool', options: { '-pw': 'next' } },
  { names: 'lftp', options: { '-u': 'comma' } },
  {
    names: 'ncftpput ncftpget ipmitool xfreerdp rdesktop psexec',
    options: { '-p': 'next', '-P': 'next' },
  },
  {
    names: 'snmpwalk snmpget snmpset snmpbulkwalk',
    options: { '-A': 'next', '-X': 'next', '-c': 'next' },
  },
  {
    names: 'rabbitmqadmin influx vsql hdbsql impala-shell beeline',
    options: { '-p': 'next', '-w': 'next' },
  },
  {
    names: 'nuget dotnet choco',
    verb: /\b(?:push|apikey)\b/,
    options: { '-k': 'next', '-ApiKey': 'next' },
  },
  { names: 'gh', verb: /\bsecret\b/, options: { '-b': 'next', '--body': 'next' } },
  { names: 'htpasswd', verb: /[ "']-\w*b/, positional: (words) => [words.length - 1] },
  {
    names: 'rabbitmqctl',
    verb: /add_user|_password|_user/,
    positional: after(/^(?:add_user|change_password|authenticate_user)$/, 2),
  },
  { names: 'vault', verb: LOGIN, positional: after(/^login$/, 1) },
  { names: 'cargo', verb: LOGIN, positional: after(/^login$/, 1) },
  { names: 'snyk', verb: /\bauth\b/, positional: after(/^auth$/, 1) },
  {
    names: 'mc',
    verb: /\b(?:alias|config)\b/,
    positional: (words) =>
      /^(?:alias|config)$/.test(words[0] ?? '') && words.length >= 6 ? [words.length - 1] : [],
  },
  {
    names: 'poetry composer',
    verb: /http-basic|-token|-oauth/,
    positional: after(/^http-basic\.|^pypi-token\.|^(?:github|gitlab)-(?:oauth|token)\./, 1),
  },
  {
    names: 'poetry composer',
    verb: /http-basic|-token|-oauth/,
    positional: after(/^http-basic\./, 2),
  },
  {
    names: 'bundle',
    verb: /^\W*config\b/,
    positional: (words) => (words[0] === 'config' ? [words.length - 1] : []),
  },
  { names: 'pulumi', verb: /--secret\b/, positional: after(/^set$/, 2) },
  { names: 'rclone', verb: /\bobscure\b/, positional: after(/^obscure$/, 1) },
];
