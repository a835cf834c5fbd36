import { describe, expect, test } from '@jest/globals';

import { decideOs } from '../../../src/checks/kinds/os.ts';
import { parseOsRelease } from '../../../src/checks/os-release.ts';

/** The lines of real systems that matter here. */
const SYSTEMS = {
  'Ubuntu 22.04':
    'PRETTY_NAME="Ubuntu 22.04.4 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=jammy',
  'Ubuntu 18.04':
    'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 18.04.6 LTS"\nVERSION_ID="18.04"\nUBUNTU_CODENAME=bionic',
  'Debian 12':
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian',
  'Debian sid':
    'PRETTY_NAME="Debian GNU/Linux forky/sid"\nNAME="Debian GNU/Linux"\nVERSION_CODENAME=forky\nID=debian',
  Raspbian:
    'PRETTY_NAME="Raspbian GNU/Linux 11 (bullseye)"\nVERSION_ID="11"\nVERSION_CODENAME=bullseye\nID=raspbian\nID_LIKE=debian',
  'Linux Mint':
    'PRETTY_NAME="Linux Mint 21.3"\nID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="21.3"\nVERSION_CODENAME=virginia\nUBUNTU_CODENAME=jammy',
  'Pop!_OS':
    'ID=pop\nID_LIKE="ubuntu debian"\nPRETTY_NAME="Pop!_OS 22.04 LTS"\nVERSION_ID="22.04"\nUBUNTU_CODENAME=jammy',
  Kali: 'PRETTY_NAME="Kali GNU/Linux Rolling"\nID=kali\nVERSION_ID="2024.1"\nID_LIKE=debian\nVERSION_CODENAME=kali-rolling',
  'Rocky 9':
    'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\nPRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"',
  'AlmaLinux 8':
    'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.9"\nPRETTY_NAME="AlmaLinux 8.9"',
  'Oracle 8': 'ID="ol"\nID_LIKE="fedora"\nVERSION_ID="8.9"\nPRETTY_NAME="Oracle Linux Server 8.9"',
  'CentOS Stream 9':
    'ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"\nPRETTY_NAME="CentOS Stream 9"',
  'Fedora 40':
    'ID=fedora\nVERSION_ID=40\nPRETTY_NAME="Fedora Linux 40 (Server Edition)"\nVERSION_CODENAME=""',
  'Amazon 2023':
    'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\nPRETTY_NAME="Amazon Linux 2023.3.20240108"',
  'Alpine 3.19': 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"',
  Arch: 'ID=arch\nBUILD_ID=rolling\nPRETTY_NAME="Arch Linux"',
  'openSUSE Leap':
    'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.5"\nPRETTY_NAME="openSUSE Leap 15.5"',
  Tumbleweed:
    'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\nVERSION_ID="20240118"\nPRETTY_NAME="openSUSE Tumbleweed"',
} as const;

function verdictOn(system: keyof typeof SYSTEMS, wanted: Readonly<Record<string, string>>) {
  const systems = Object.entries(wanted).map(([id, version]) => ({ id, version }));
  return decideOs({ systems }, parseOsRelease(SYSTEMS[system]));
}

describe('the operating system', () => {
  test.each([
    ['Ubuntu 22.04', { ubuntu: '>=20.04', debian: '>=11' }, 'pass'],
    ['Ubuntu 18.04', { ubuntu: '>=20.04', debian: '>=11' }, 'fail'],
    ['Ubuntu 22.04', { debian: '*' }, 'pass'],
    ['Ubuntu 22.04', { fedora: '*' }, 'fail'],
    ['Debian 12', { ubuntu: '>=20.04', debian: '>=11' }, 'pass'],
    ['Debian 12', { ubuntu: '*' }, 'fail'],
    ['Debian sid', { debian: '>=13' }, 'pass'],
    ['Raspbian', { debian: '>=11' }, 'pass'],
    ['Raspbian', { debian: '>=12' }, 'fail'],
    ['Linux Mint', { ubuntu: '>=22.04' }, 'pass'],
    ['Linux Mint', { ubuntu: '>=24.04' }, 'fail'],
    ['Linux Mint', { linuxmint: '>=21', ubuntu: '>=24.04' }, 'pass'],
    ['Pop!_OS', { ubuntu: '22.04' }, 'pass'],
    ['Kali', { debian: '>=11' }, 'unable'],
    ['Kali', { debian: '*' }, 'pass'],
    ['Rocky 9', { rhel: '>=9' }, 'pass'],
    ['Rocky 9', { rocky: '8' }, 'fail'],
    ['Rocky 9', { fedora: '>=38' }, 'unable'],
    ['AlmaLinux 8', { centos: '>=9' }, 'fail'],
    ['Oracle 8', { rhel: '8' }, 'pass'],
    ['CentOS Stream 9', { centos: '>=8' }, 'pass'],
    ['Fedora 40', { fedora: '>=39' }, 'pass'],
    ['Amazon 2023', { amzn: '>=2023' }, 'pass'],
    ['Amazon 2023', { fedora: '>=36' }, 'unable'],
    ['Alpine 3.19', { alpine: '>=3.18' }, 'pass'],
    ['Alpine 3.19', { alpine: '>=3.20' }, 'fail'],
    ['Arch', { arch: '*' }, 'pass'],
    ['Arch', { arch: '>=2024' }, 'unable'],
    ['openSUSE Leap', { suse: '*' }, 'pass'],
    ['openSUSE Leap', { 'opensuse-leap': '>=15.4' }, 'pass'],
    ['Tumbleweed', { 'opensuse-tumbleweed': '>=20240101' }, 'pass'],
  ] as const)('%s against %j: %s', (system, wanted, status) => {
    expect(verdictOn(system, wanted).status).toBe(status);
  });

  test('a release that is too old is named with what to do', () => {
    expect(verdictOn('Linux Mint', { ubuntu: '>=24.04' })).toEqual({
      status: 'fail',
      found: 'Linux Mint 21.3 (linuxmint 21.3), built on ubuntu 22.04',
      remedy: expect.stringContaining('Upgrade the host'),
    });
  });

  test('a system that is not named can be added to the plan', () => {
    expect(verdictOn('Arch', { ubuntu: '*' })).toMatchObject({
      found: 'Arch Linux (arch)',
      remedy: expect.stringContaining("`arch: '*'`"),
    });
  });
});

describe('reading os-release', () => {
  test('expands and runs nothing', () => {
    const text = 'ID="$(touch /tmp/x)"\nVERSION_ID=`id`\nPRETTY_NAME=\'it "is" $HOME\'';
    expect(parseOsRelease(text)).toMatchObject({
      id: '$(touch /tmp/x)',
      versionId: '`id`',
      prettyName: 'it "is" $HOME',
    });
  });

  test('copes with comments, blanks, Windows line ends, escapes and lines that are none', () => {
    const text =
      '# ID=wrong\r\n\r\n  ID=Void  \r\nnonsense\r\nPRETTY_NAME="a \\"b\\" \\$c \\\\d"\r\n';
    expect(parseOsRelease(text)).toMatchObject({ id: 'void', prettyName: 'a "b" $c \\d' });
  });

  test('an empty file is a Linux of no version', () => {
    expect(parseOsRelease('')).toEqual({
      id: 'linux',
      idLike: [],
      prettyName: 'linux',
      codenames: [],
    });
  });
});
