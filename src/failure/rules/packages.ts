import type { RuleTable } from './rule.ts';

/** Package managers of the system: apt, dpkg, dnf, apk, snap. */
export const PACKAGES: RuleTable = {
  tool: 'apt, dpkg and other system packages',
  seen: /\b(?:apt|apt-get|dpkg|aptitude|yum|dnf|rpm|apk|zypper|snap|pacman|brew)\b|^[EW]: /im,
  rules: [
    {
      id: 'apt-not-root',
      category: 'recoverable:permission',
      strength: 'decisive',
      lines: [
        /\bCould not open lock file (?<path>\S{1,200}) .{0,10}\(13: Permission denied\)/,
        /\bare you root\?$/,
        /\brequested operation requires superuser privilege\b|\bThis command has to be run with superuser privileges\b/,
      ],
      fix: 'Packages can only be installed as root. Allow exactly this command in sudoers with NOPASSWD.',
      run: ['id', 'sudo -n -l'],
    },
    {
      id: 'apt-lock',
      category: 'transient:lock',
      strength: 'decisive',
      lines: [
        /\bCould not get lock (?<path>\/\S{1,200}?)\.? /,
        /\bUnable to (?:acquire the dpkg frontend lock|lock (?:the administration directory|directory|database))\b/,
        /\bdpkg frontend lock (?:is|was) locked by another process\b|\banother process is using (?:the )?(?:dpkg|apt)|\bis another process using it\?/i,
        /\bholding the (?:yum|dnf) lock\b|\bExisting lock \S{1,200}: another copy is running\b|\bchange in progress\b|\bSystem management is locked by\b|\bunable to lock database\b/i,
      ],
      fix: 'Another package manager runs, often unattended-upgrades. Wait for it: apt-get -o DPkg::Lock::Timeout=300.',
      run: ['ps -C apt,apt-get,dpkg,unattended-upgr -o pid,etime,args'],
    },
    {
      id: 'apt-interrupted',
      category: 'recoverable:configuration',
      strength: 'decisive',
      lines: [/\bdpkg was interrupted, you must manually run\b/],
      fix: 'An earlier installation was cut off. Finish it first.',
      run: ['sudo dpkg --configure -a'],
    },
    {
      id: 'apt-mirror',
      category: 'transient:service',
      strength: 'decisive',
      lines: [
        /\bHash Sum mismatch\b|\bFile has unexpected size\b|\bMirror sync in progress\b|\bClearsigned file isn't valid\b/,
        /\btemporary error \(try again later\)/,
        /\bBad header (?:line|data)\b|\bUndetermined Error\b/,
      ],
      fix: 'The mirror is changing or a proxy serves old files. It usually is gone a little later; then: apt-get clean, update.',
    },
    {
      id: 'apt-mirror-unreachable',
      category: 'transient:network',
      lines: [
        /\bCannot find a valid baseurl for repo\b|\bAll mirrors were (?:already )?tried\b|\bFailed to download metadata for repo\b(?!.{0,100}40[134])/,
        /\bCould not connect to \S{1,253}:\d+ \(|\bUnable to connect to \S{1,253}:(?:\d|http)|\bConnection failed \[IP/,
        /\bFailed to fetch \S{1,300}\s+(?:50[0234]|Connection|Could not|Temporary|Unable)/,
      ],
      fix: 'The package mirror could not be reached. If it goes on, check network and sources.',
    },
    {
      id: 'apt-update-failed',
      category: 'transient:network',
      strength: 'symptom',
      lines: [/\bSome index files failed to download\b/],
      fix: 'A package mirror could not be read. If it goes on, check network and sources.',
    },
    {
      id: 'apt-stale-index',
      category: 'recoverable:dependency',
      lines: [
        /\bFailed to fetch \S{1,300}\s+404\b|^Err:\d+ .{1,300} 404\b|\b404 {1,3}Not Found \[IP/,
        /\bdoes not have a Release file\b|\bno longer has a Release file\b/,
      ],
      fix: 'The package list of this host is older than the mirror, or the repository is gone. Update the list first.',
      run: ['sudo apt-get update'],
    },
    {
      id: 'apt-package-missing',
      category: 'recoverable:dependency',
      strength: 'decisive',
      lines: [
        /\bUnable to locate package (?<package>[\w.+:-]{1,100})|\bCouldn't find any package by (?:glob|regex)/,
        /\bPackage '?(?<package>[\w.+:-]{1,100})'? has no installation candidate\b/,
        /\bVersion '[^']{1,100}' for '(?<package>[^']{1,100})' was not found\b/,
        /\bunmet dependencies\b|\bheld broken packages\b|\bdependency problems\b|\bUnable to correct problems\b|\bpackage architecture \(\w+\) does not match\b/i,
        /\bNo match for argument: (?<package>\S{1,100})|\bUnable to find a match\b|\bNo package \S{1,100} available\b|\bnothing provides\b|\bunable to select packages\b|\bNo provider of '|\btarget not found: |\bsnap "[^"]{1,80}" not found\b|\bNo available formula\b/,
      ],
      fix: 'The package is not in the configured sources, or does not fit what is installed. Check name, version and sources.',
      run: ['apt-cache policy {package}', 'sudo apt-get update'],
    },
    {
      id: 'apt-signature',
      category: 'recoverable:credentials',
      strength: 'decisive',
      lines: [
        /\bNO_PUBKEY (?<name>\w{8,40})|\bEXPKEYSIG\b|\bis not signed\b|\bcouldn't be verified because the public key is not available\b|\bGPG check FAILED\b|\bPublic key for \S{1,200} is not installed\b/,
        /\bUNTRUSTED signature\b|\bcannot be authenticated\b|\bunauthenticated packages\b/,
      ],
      fix: 'The signing key of the repository is missing or expired. Get the current one from its owner.',
    },
    {
      id: 'apt-sources',
      category: 'recoverable:configuration',
      lines: [
        /\bRelease file for \S{1,300} is (?:not valid yet|expired)\b/,
        /\bMalformed (?:entry|line) \d+ in (?:source|list)|\bThe list of sources could not be read\b|\bConflicting values set for option Signed-By\b/,
        /\bchanged its '(?:Suite|Codename|Origin|Label)' value\b/,
      ],
      fix: 'The sources or the clock of this host are wrong.',
      run: ['timedatectl', 'ls /etc/apt/sources.list.d'],
    },
    {
      id: 'apt-script-failed',
      category: 'critical:service',
      strength: 'symptom',
      lines: [
        /\b(?:post|pre)-(?:installation|removal) script subprocess returned error\b|\bSub-process \/usr\/bin\/dpkg returned an error code\b|\bErrors were encountered while processing\b|\bscriptlet failed\b/,
      ],
      fix: 'The package was unpacked, but its own script failed, often because its service does not start.',
      run: ['sudo dpkg --configure -a', 'systemctl --failed'],
    },
  ],
};
