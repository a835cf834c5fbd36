import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DAY_MS = 86_400_000;

/** A key and a certificate, ready for a server. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** When a certificate is valid, in days from now, and for which names. */
export interface Wish {
  readonly fromDays?: number;
  readonly toDays?: number;
  readonly names?: string;
}

const CONFIG = (folder: string): string => `
[ca]
default_ca = own
[own]
database = ${folder}/index
new_certs_dir = ${folder}/new
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
CN = placeholder
[authority]
basicConstraints = critical,CA:true
keyUsage = keyCertSign
`;

function toOpensslTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace(/[-:T]|\..*/gu, '')}Z`;
}

/** An authority of our own, which signs what it is asked to, also with dates that are wrong. */
export function makeAuthority(folder: string, now: number) {
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
  };
  mkdirSync(join(folder, 'new'));
  writeFileSync(join(folder, 'index'), '');
  writeFileSync(join(folder, 'config'), CONFIG(folder));
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test Authority'];
  const extensions = ['-config', 'config', '-extensions', 'authority'];
  openssl('req', '-x509', '-days', '30', ...newKey, ...authority, ...extensions);
  let count = 0;
  const load = (name: string): Identity => ({
    key: readFileSync(join(folder, `${name}.key`), 'utf8'),
    cert: readFileSync(join(folder, `${name}.pem`), 'utf8'),
  });
  const request = (names: string, ...args: readonly string[]): string => {
    count += 1;
    const name = `leaf${count}`;
    const alternatives = ['-addext', `subjectAltName=${names}`, '-subj', '/CN=Test Server'];
    openssl(
      'req',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-config',
      'config',
      ...alternatives,
      ...args.map((arg) => arg.replace('NAME', name)),
    );
    return name;
  };
  return {
    file: join(folder, 'ca.pem'),
    issue({ fromDays = -1, toDays = 90, names = 'DNS:localhost,IP:127.0.0.1' }: Wish): Identity {
      const name = request(names, '-out', 'NAME.csr');
      const dates = [
        '-startdate',
        toOpensslTime(now + fromDays * DAY_MS),
        '-enddate',
        toOpensslTime(now + toDays * DAY_MS),
      ];
      openssl(
        'ca',
        '-batch',
        '-config',
        'config',
        '-notext',
        '-cert',
        'ca.pem',
        '-keyfile',
        'ca.key',
        ...dates,
        '-in',
        `${name}.csr`,
        '-out',
        `${name}.pem`,
      );
      return load(name);
    },
    issueSelfSigned(): Identity {
      return load(request('DNS:localhost', '-x509', '-days', '30', '-out', 'NAME.pem'));
    },
  };
}
