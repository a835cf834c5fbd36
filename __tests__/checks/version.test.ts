import { describe, expect, test } from '@jest/globals';

import { isVersionIn, toPrintedVersion } from '../../src/checks/version.ts';

describe('a version in a range', () => {
  test.each([
    ['20.04', '>=20.04', true],
    ['18.04', '>=20.04', false],
    ['20.10', '>=20.04', true],
    ['22.04.3', '22.04', true],
    ['22.10', '22.04', false],
    ['11', '>=11', true],
    ['10', '>=11', false],
    ['11.7', '11', true],
    ['3.19.1', '>=3.18 <4', true],
    ['2023', '>=2023', true],
    ['2', '>=2023', false],
    ['9.3', '8 || 9', true],
    ['v1.29.0', '>=1.28', true],
    ['1.29.0', '>=v1.28', true],
    ['7.88.1', '>=7.70', true],
    ['7.9.0', '>=7.70', false],
    ['1.8.0', '1.8', true],
    ['28.2.2', '^28', true],
    ['1.2.3.4', '>=1.2.3', true],
    ['1.2.3', '>=1.2.3.4', true],
    ['1.0.5', '~1.0.4', true],
    ['1.10.0', '1.x', true],
    ['1.0.0', '>= 1.0.0', true],
    ['25.0.0-rc1', '>=25', true],
    ['anything-7', '*', true],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(isVersionIn(version, range)).toBe(expected);
  });

  test('text without a number is no version, which is not the same as not in the range', () => {
    expect(isVersionIn('rolling', '>=1')).toBeUndefined();
    expect(isVersionIn('', '*')).toBeUndefined();
  });

  test('a hostile text costs no time', () => {
    const started = performance.now();
    isVersionIn('0'.repeat(100_000), '>=1');
    toPrintedVersion('1.'.repeat(100_000));
    toPrintedVersion(`version ${'9'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('the version in what a command prints', () => {
  test.each([
    ['Docker version 24.0.7, build afdd53b', '24.0.7'],
    ['Docker version 20.10.24+dfsg1, build 297e128', '20.10.24'],
    ['Docker Compose version v2.24.1', '2.24.1'],
    ['2.24.1\n', '2.24.1'],
    ['git version 2.39.5 (Apple Git-154)', '2.39.5'],
    ['curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.15', '7.88.1'],
    ['psql (PostgreSQL) 15.6 (Debian 15.6-0+deb12u1)', '15.6'],
    ['pg_dump (PostgreSQL) 16', '16'],
    ['jq-1.6', '1.6'],
    ['jq-1.7.1', '1.7.1'],
    ['go version go1.21.5 linux/amd64', '1.21.5'],
    ['v20.20.2', '20.20.2'],
    ['Python 3.11.2', '3.11.2'],
    ['OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15 3 Sep 2024', '9.2'],
    ['OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19 27 Jan 2026)', '3.0.19'],
    ['OpenSSL 1.1.1w  11 Sep 2023', '1.1.1'],
    ['openjdk version "17.0.9" 2023-10-17', '17.0.9'],
    ['java version "1.8.0_392"', '1.8.0'],
    ['openjdk 21 2023-09-19', '21'],
    ['rsync  version 3.2.7  protocol version 31', '3.2.7'],
    ['tar (GNU tar) 1.34\nCopyright (C) 2021 Free Software Foundation', '1.34'],
    ['GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)', '5.2.15'],
    ['systemd 252 (252.22-1~deb12u1)\n+PAM +AUDIT', '252'],
    ['less 590 (GNU regular expressions)', '590'],
    ['nginx version: nginx/1.22.1', '1.22.1'],
    ['aws-cli/2.15.0 Python/3.11.6 Linux/5.10', '2.15.0'],
    ['Terraform v1.7.0\non linux_amd64', '1.7.0'],
    ['Client Version: v1.29.0\nKustomize Version: v5.0.4', '1.29.0'],
    ['v3.14.0+g3fc9f4b', '3.14.0'],
    ['mysql  Ver 8.0.36 for Linux on x86_64', '8.0.36'],
    ['mysql  Ver 15.1 Distrib 10.11.6-MariaDB, for debian-linux-gnu', '10.11.6'],
    ['BusyBox v1.36.1 (2023-11-07 18:53:09 UTC) multi-call binary.', '1.36.1'],
    ['ansible [core 2.14.3]\n  config file = None', '2.14.3'],
    ['Warning: something is old\nhelper 1.2.3', '1.2.3'],
    ['podman version 4.3.1', '4.3.1'],
    ['git-lfs/3.3.0 (GitHub; linux amd64; go 1.19.8)', '3.3.0'],
  ])('%s', (output, version) => {
    expect(toPrintedVersion(output)).toBe(version);
  });

  test.each(['', 'usage: thing [options]', 'unknown flag --version'])('none in "%s"', (output) => {
    expect(toPrintedVersion(output)).toBeUndefined();
  });
});
