export const id = 328;
export const ids = [328];
export const modules = {

/***/ 4328:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  carryOutChecks: () => (/* binding */ carryOutChecks),
  carryOutChecksAgain: () => (/* binding */ carryOutChecksAgain)
});

// EXTERNAL MODULE: ./src/checks/quantity.ts
var quantity = __webpack_require__(9264);
// EXTERNAL MODULE: ./src/inputs/duration.ts
var duration = __webpack_require__(1601);
// EXTERNAL MODULE: ./src/checks/check.ts
var check = __webpack_require__(4669);
;// CONCATENATED MODULE: ./src/checks/os-release.ts
/** Real files have some twenty lines. */
const LONGEST_FILE = 65_536;
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/u;
/** A value as a shell would read it, without ever being one: quotes off, escaped characters plain. */
function unquote(text) {
    const value = text.trim();
    const quote = value[0];
    const quoted = value.length > 1 && value.endsWith(quote ?? '');
    if (quote === "'" && quoted)
        return value.slice(1, -1);
    const inner = quote === '"' && quoted ? value.slice(1, -1) : value;
    return inner.replace(/\\(["$`\\'])/gu, '$1');
}
/** Reads os-release(5). Only data: nothing in it is ever expanded or run. */
function parseOsRelease(text) {
    const values = new Map();
    for (const line of text.slice(0, LONGEST_FILE).split(/\r?\n/u)) {
        const [, name, value] = ASSIGNMENT.exec(line.trim()) ?? [];
        if (name !== undefined && value !== undefined)
            values.set(name, unquote(value));
    }
    const given = (name) => {
        const value = values.get(name);
        return value === '' ? undefined : value;
    };
    const versionId = given('VERSION_ID');
    const id = (given('ID') ?? 'linux').toLowerCase();
    return {
        id,
        idLike: (given('ID_LIKE') ?? '')
            .toLowerCase()
            .split(/\s+/u)
            .filter((like) => like !== ''),
        ...(versionId === undefined ? {} : { versionId }),
        prettyName: given('PRETTY_NAME') ?? given('NAME') ?? id,
        codenames: ['UBUNTU_CODENAME', 'DEBIAN_CODENAME', 'VERSION_CODENAME']
            .map((name) => given(name)?.toLowerCase())
            .filter((name) => name !== undefined),
    };
}
/** Releases by code name: a derivative names its base only so. */
const RELEASES = {
    ubuntu: {
        xenial: '16.04',
        bionic: '18.04',
        focal: '20.04',
        jammy: '22.04',
        noble: '24.04',
        plucky: '25.04',
        questing: '25.10',
        resolute: '26.04',
    },
    debian: {
        stretch: '9',
        buster: '10',
        bullseye: '11',
        bookworm: '12',
        trixie: '13',
        forky: '14',
    },
};
/** Rebuilds of the same sources: their version is that of the others. */
const REBUILDS = new Set(['rhel', 'centos', 'rocky', 'almalinux', 'ol', 'scientific']);
/** The version of `base` that a system is, or is built on; `undefined` when it does not say. */
function toBaseVersion(release, base) {
    if (release.id === base && release.versionId !== undefined)
        return release.versionId;
    const known = RELEASES[base] ?? {};
    const codename = release.codenames.find((name) => Object.hasOwn(known, name));
    if (codename !== undefined)
        return known[codename];
    return REBUILDS.has(base) && REBUILDS.has(release.id) ? release.versionId : undefined;
}
/** What of `ids` a system is: itself, or else the nearest that it derives from. */
function toKinship(release, ids) {
    // Oracle Linux says that it is like Fedora only.
    const rebuilt = REBUILDS.has(release.id) ? ['rhel'] : [];
    return [release.id, ...release.idLike, ...rebuilt].find((id) => ids.includes(id));
}

// EXTERNAL MODULE: ./src/shell-word.ts
var shell_word = __webpack_require__(9166);
// EXTERNAL MODULE: ./node_modules/semver/functions/coerce.js
var coerce = __webpack_require__(5385);
var coerce_default = /*#__PURE__*/__webpack_require__.n(coerce);
// EXTERNAL MODULE: ./node_modules/semver/functions/satisfies.js
var satisfies = __webpack_require__(8011);
var satisfies_default = /*#__PURE__*/__webpack_require__.n(satisfies);
;// CONCATENATED MODULE: ./src/checks/version.ts


/** Longer texts are no versions. */
const LONGEST_VERSION = 64;
/**
 * Versions outside npm have leading zeros (20.04), a `v` in front, and sometimes a fourth number:
 * semver refuses the first and ignores the rest.
 */
function toStrictNumbers(text) {
    return text
        .replace(/(?<![\w.])v(?=\d)/giu, '')
        .replace(/(?<=^|[^\d])0+(?=\d)/gu, '')
        .replace(/(\d+\.(?:\d+|x|\*)\.(?:\d+|x|\*))(?:\.(?:\d+|x|\*))+/gu, '$1');
}
/**
 * Whether a version is in a range, both as people write them: `20.04` is in `>=20.04`, `11` is in `11`.
 * Only the first three numbers count: what a distribution appends (`-rc1`, `+dfsg`) does not.
 * `undefined`: the version is none.
 */
function isVersionIn(version, range) {
    const strict = coerce_default()(toStrictNumbers(version.slice(0, LONGEST_VERSION)));
    return strict === null ? undefined : satisfies_default()(strict, toStrictNumbers(range));
}
/** `in a version that satisfies >=20.04`, or nothing where any version will do. */
function renderRange(range) {
    return range === undefined || range.trim() === '*' ? '' : range.trim();
}
/** Numbers with dots, not part of a longer word but for letters in front (`v1.2`, `go1.21.5`, `jq-1.6`). */
const DOTTED = /(?<![\d.])(\d+(?:\.\d+){1,3})(?![\d.]*\d)/u;
/** A lone number where a version stands: `systemd 252 (252.22)`, `less 590`. */
const LONE = /^(?:\S+ )?(?:\([^()]*\) )?(?:version )?v?(\d+)(?![\w.:/])/iu;
/** The version in what a command prints about itself: tolerant, since no two print alike. */
function toPrintedVersion(output) {
    const lines = output.split('\n').slice(0, 20);
    for (const line of lines) {
        // MariaDB's client has a version of its own in front of the one people mean.
        const distribution = /\bDistrib (\d+(?:\.\d+)+)/u.exec(line);
        const lone = LONE.exec(line.trim());
        const version = distribution?.[1] ?? lone?.[1] ?? DOTTED.exec(line)?.[1];
        if (version !== undefined)
            return version;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/checks/kinds/command.ts




function toCommand({ commands }) {
    return commands[0] ?? { name: '' };
}
/** Commands that do not know `--version`, or answer it with something else. */
const VERSION_ARGUMENTS = {
    go: ['version'],
    helm: ['version', '--short'],
    java: ['-version'],
    javac: ['-version'],
    kubectl: ['version', '--client'],
    lsof: ['-v'],
    nginx: ['-v'],
    oc: ['version', '--client'],
    openssl: ['version'],
    sshd: ['-V'],
    ssh: ['-V'],
    tmux: ['-V'],
    unzip: ['-v'],
    zip: ['-v'],
};
/** How packages are installed, by what a system is or derives from. */
const INSTALLERS = [
    ['debian', 'sudo apt-get install'],
    ['ubuntu', 'sudo apt-get install'],
    ['fedora', 'sudo dnf install'],
    ['rhel', 'sudo dnf install'],
    ['alpine', 'sudo apk add'],
    ['arch', 'sudo pacman -S'],
    ['suse', 'sudo zypper install'],
];
/** Where commands come from that distributions do not have, or have under another name. */
const SOURCES = {
    docker: 'https://docs.docker.com/engine/install/ says how',
    'docker-compose': 'the compose plugin has replaced it, so write `docker compose` if you can',
    kubectl: 'https://kubernetes.io/docs/tasks/tools/ says how',
    helm: 'https://helm.sh/docs/intro/install/ says how',
};
/** How to get a command, as the end of a sentence; empty where nothing is known. */
function toSource(name, release) {
    const source = SOURCES[name];
    if (source !== undefined)
        return `: ${source}`;
    const ids = release === undefined ? [] : [release.id, ...release.idLike];
    const installer = INSTALLERS.find(([id]) => ids.includes(id))?.[1];
    if (installer === undefined || name.includes('/'))
        return ' on this host';
    return `: \`${installer} ${(0,shell_word/* renderShellWord */.Z)(name)}\`, unless its package has another name`;
}
function decideAbsent(name, { place, release }) {
    if (place.kind === 'not-executable') {
        return {
            status: 'fail',
            found: `${place.path} is there, but this user may not execute it`,
            remedy: `\`ls -l ${(0,shell_word/* renderShellWord */.Z)(place.path)}\` shows its permissions; \`sudo chmod a+rx ${(0,shell_word/* renderShellWord */.Z)(place.path)}\` grants it to all.`,
        };
    }
    const searched = place.kind === 'absent' ? place.searched : [];
    const path = name.includes('/')
        ? ''
        : ` If it works in your own shell, its directory is missing in the runner's PATH (${searched.join(':') || 'empty'}): add it to the file .path in the runner's directory and restart the runner.`;
    return {
        status: 'fail',
        found: name.includes('/') ? 'not there' : "not on the runner's PATH",
        remedy: `Install it${toSource(name, release)}.${path}`,
    };
}
/** Whether a command is there, and in a version that will do. */
function decideCommand(options, facts) {
    const { name, version: range } = toCommand(options);
    const { place, version: answer, release } = facts;
    if (place.kind !== 'found')
        return decideAbsent(name, facts);
    if (range === undefined || answer === undefined)
        return { status: 'pass', found: place.path };
    const ask = `Run \`${(0,shell_word/* renderShellWord */.Z)(place.path)} --version\` on the host, and give the plan a \`version-command\` that prints the version.`;
    if (!answer.ok)
        return { status: 'unable', reason: answer.reason, remedy: ask };
    if (answer.end.exit === undefined) {
        return { status: 'unable', reason: `${name} did not print its version in time`, remedy: ask };
    }
    const version = toPrintedVersion(answer.end.output);
    const fits = version === undefined ? undefined : isVersionIn(version, range);
    if (version === undefined || fits === undefined) {
        const reason = `${place.path} prints no version that could be read: ${answer.end.output.trim().replace(/\s+/gu, ' ').slice(0, 200) || 'nothing at all'}`;
        return { status: 'unable', reason, remedy: ask };
    }
    const found = `${version} (${place.path})`;
    if (fits || renderRange(range) === '')
        return { status: 'pass', found };
    return {
        status: 'fail',
        found,
        remedy: `Install a version that fits${toSource(name, release)}. \`type -a ${(0,shell_word/* renderShellWord */.Z)(name)}\` shows whether there is a second one that comes later in the PATH.`,
    };
}
async function loadVersion({ name, versionCommand }, path, { world, command, cut }) {
    const { env } = world;
    const end = await world.commands.run(versionCommand === undefined
        ? {
            what: {
                kind: 'program',
                argv: [path, ...(VERSION_ARGUMENTS[name.replace(/^.*\//u, '')] ?? ['--version'])],
            },
            workingDirectory: world.workspace,
            env,
        }
        : {
            what: { kind: 'script', text: versionCommand, shell: command.shell },
            workingDirectory: command.workingDirectory,
            env,
        }, cut);
    return end.ok ? { ok: true, end: end.value } : { ok: false, reason: end.error };
}
async function loadCommand(options, circumstances) {
    const { world } = circumstances;
    const wanted = toCommand(options);
    const place = await world.commands.find(wanted.name);
    const version = place.kind === 'found' && wanted.version !== undefined
        ? await loadVersion(wanted, place.path, circumstances)
        : undefined;
    const text = await world.host.osRelease();
    const release = text.ok ? parseOsRelease(text.value) : undefined;
    return { place, release, ...(version === undefined ? {} : { version }) };
}
const command = {
    ...check/* ORDINARY */.Fh,
    how: 'The PATH that the steps will have is searched as a shell does. With `version` the command is asked for it (`--version`, or what it understands instead; or `version-command`), and the first version in what it prints is compared; only its first three numbers count.',
    unable: 'Warns when the command prints no version that can be read.',
    split: ({ commands }) => commands.map((one) => ({ commands: [one] })),
    label: (options) => `command ${toCommand(options).name}`,
    wanted: (options) => {
        const { name, version } = toCommand(options);
        const range = renderRange(version);
        return range === '' ? `${name} is there` : `${name} ${range}`;
    },
    whenStuck: (options) => `Run \`${(0,shell_word/* renderShellWord */.Z)(toCommand(options).name)} --version\` on the host and see what it waits for.`,
    look: async (options, circumstances) => decideCommand(options, await loadCommand(options, circumstances)),
};

;// CONCATENATED MODULE: ./src/checks/kinds/cpu.ts


/** A quota is a quotient of microseconds: close enough is enough. */
const TOLERANCE_CORES = 0.005;
/** Cores by affinity and by the tightest quota. */
function decideCpu({ cores: wanted }, facts) {
    const tightest = [...facts.quotas].sort((a, b) => a.cores - b.cores)[0];
    const quota = tightest !== undefined && tightest.cores < facts.cores ? tightest : undefined;
    const cores = quota?.cores ?? facts.cores;
    const found = quota === undefined
        ? (0,quantity/* renderPlural */.fq)(cores, 'core')
        : `${(0,quantity/* renderPlural */.fq)(cores, 'core')} by the quota of ${quota.name}, out of ${facts.cores}`;
    const seen = { found, measures: [{ label: 'cores', value: cores, unit: 'cores' }] };
    if (cores >= wanted - TOLERANCE_CORES)
        return { status: 'pass', ...seen };
    const remedy = quota === undefined
        ? 'Give the host more cores, or lower `cores` in the plan: the deployment will be slow, and time limits may have to be longer. `nproc --all` tells whether the runner is bound to some of them (`taskset -cp $$`).'
        : `Raise the quota of ${quota.name}: \`sudo systemctl set-property <unit> CPUQuota=${Math.ceil(wanted * 100)}%\` for a systemd unit, \`docker run --cpus\` for a container.`;
    return { status: 'fail', ...seen, remedy };
}
const cpu = {
    ...check/* ORDINARY */.Fh,
    defaultLevel: 'warn',
    how: 'Processors that the runner may use: by affinity, and by the quotas of the control groups (v1 and v2) that it is in.',
    unable: '',
    split: check/* asOne */.Zd,
    label: () => 'cpu',
    wanted: ({ cores }) => `at least ${(0,quantity/* renderPlural */.fq)(cores, 'core')}`,
    whenStuck: () => 'Try `nproc` on the host: it should answer at once.',
    look: async (options, { world }) => {
        const facts = await world.host.cpu();
        return facts.ok ? decideCpu(options, facts.value) : { status: 'unable', reason: facts.error };
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds/disk.ts



/** Fewer free inodes than this stop a deployment however much space there is. */
const LEAST_INODES = 1000;
/** On a small file system: this share of all. */
const LEAST_INODES_SHARE = 0.05;
function toWantedInodes({ freeInodes }, { inodes }) {
    return (freeInodes ?? Math.floor(Math.min(LEAST_INODES, (inodes?.total ?? 0) * LEAST_INODES_SHARE)));
}
function toSpaceAdvice(wanted, facts, where) {
    if (facts.freeBytes >= wanted)
        return undefined;
    const amount = (bytes) => (0,quantity/* renderBytes */.UP)(bytes, (0,quantity/* toByteSystem */.xX)(wanted));
    if (facts.totalBytes < wanted) {
        return `${where} has ${amount(facts.totalBytes)} in all and can never pass: make it larger, or lower \`free\` in the plan.`;
    }
    const mount = (0,shell_word/* renderShellWord */.Z)(facts.mountPoint);
    return `Free ${amount(wanted - facts.freeBytes)} more on ${where}: \`sudo du -xh --max-depth=2 ${mount} | sort -h | tail -20\` shows what fills it; where Docker keeps its data there, \`docker system df\` and then \`docker image prune\` help.`;
}
function toInodeAdvice(wanted, facts, where) {
    if (facts.inodes === undefined || facts.inodes.free >= wanted)
        return undefined;
    if (facts.inodes.total < wanted) {
        return `${where} has ${(0,quantity/* renderCount */.SS)(facts.inodes.total)} inodes in all, which is set when a file system is made: make it anew with more (\`mkfs.ext4 -N\`), or lower \`inodes\` in the plan.`;
    }
    const mount = (0,shell_word/* renderShellWord */.Z)(facts.mountPoint);
    return `Remove files on ${where}, many small ones use up its inodes: \`sudo du --inodes -x --max-depth=3 ${mount} | sort -n | tail -20\` shows where they are.`;
}
/** Space and inodes against what is wanted; either one running out stops a deployment. */
function decideDisk(options, facts) {
    const { freeBytes: wantedBytes = 0 } = options;
    const system = (0,quantity/* toByteSystem */.xX)(wantedBytes);
    const where = facts.device === '' ? facts.mountPoint : `${facts.mountPoint}, ${facts.device}`;
    const space = `${(0,quantity/* renderBytes */.UP)(facts.freeBytes, system)} free of ${(0,quantity/* renderBytes */.UP)(facts.totalBytes, system)}`;
    const inodes = facts.inodes === undefined ? '' : `, ${(0,quantity/* renderCount */.SS)(facts.inodes.free)} inodes free`;
    const measures = [
        { label: 'free', value: facts.freeBytes, unit: 'bytes' },
        ...(facts.inodes === undefined
            ? []
            : [{ label: 'inodes', value: facts.inodes.free, unit: 'inodes' }]),
    ];
    const seen = { found: `${space}${inodes} on ${where}`, measures };
    if (facts.inodes === undefined && options.freeInodes !== undefined) {
        const spaceAdvice = toSpaceAdvice(wantedBytes, facts, where);
        if (spaceAdvice !== undefined)
            return { status: 'fail', ...seen, remedy: spaceAdvice };
        return { status: 'unable', reason: `${where} does not count inodes` };
    }
    const advice = [
        toSpaceAdvice(wantedBytes, facts, where),
        toInodeAdvice(toWantedInodes(options, facts), facts, where),
    ].filter((sentence) => sentence !== undefined);
    if (advice.length === 0)
        return { status: 'pass', ...seen };
    return { status: 'fail', ...seen, remedy: advice.join(' ') };
}
function renderWanted({ freeBytes, freeInodes }) {
    const parts = [
        freeBytes === undefined ? '' : (0,quantity/* renderBytes */.UP)(freeBytes, (0,quantity/* toByteSystem */.xX)(freeBytes)),
        freeInodes === undefined ? '' : `${(0,quantity/* renderCount */.SS)(freeInodes)} inodes`,
    ].filter((part) => part !== '');
    const enough = freeInodes === undefined ? ', and enough inodes' : '';
    return `at least ${parts.join(' and ')} free${enough}`;
}
const disk = {
    ...check/* ORDINARY */.Fh,
    how: 'What an ordinary user can still write (not what is reserved for root) on the file system that holds the path, or that will hold it once it is made, and its free inodes: at least 1,000 unless `inodes` says otherwise, on a small file system 5% of all.',
    unable: 'Warns when the path cannot be looked at, and when `inodes` are wanted where the file system counts none (btrfs, vfat).',
    split: check/* asOne */.Zd,
    label: ({ path }) => `disk ${path}`,
    wanted: renderWanted,
    whenStuck: ({ path }) => `The file system does not answer, as a network mount whose server is gone: try \`df ${(0,shell_word/* renderShellWord */.Z)(path)}\` and look at \`dmesg | tail\`.`,
    look: async (options, { world }) => {
        const facts = await world.files.space(world.files.absolute(options.path));
        return facts.ok ? decideDisk(options, facts.value) : { status: 'unable', reason: facts.error };
    },
};

;// CONCATENATED MODULE: ./src/checks/address.ts
/** One spelling for each address: IPv6 shortened and in lower case; an IPv4 one inside IPv6 as IPv4. */
function toCanonicalAddress(address) {
    const text = address.trim().replace(/%.*$/u, '');
    if (!text.includes(':'))
        return text;
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(text)?.[1];
    if (mapped !== undefined)
        return mapped;
    const url = `http://[${text}]/`;
    return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : text.toLowerCase();
}
function toFamily(address) {
    return address.includes(':') ? 6 : 4;
}
/** IPv4 networks that are not routed on the internet: private, shared by carriers, loopback, link. */
const INSIDE_V4 = [
    /^10\./u,
    /^192\.168\./u,
    /^172\.(?:1[6-9]|2\d|3[01])\./u,
    /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./u,
    /^127\./u,
    /^169\.254\./u,
];
/** Whether an address means something on the internet. */
function isPublic(address) {
    return toFamily(address) === 6
        ? /^[23]/u.test(toCanonicalAddress(address))
        : !INSIDE_V4.some((network) => network.test(address));
}

;// CONCATENATED MODULE: ./src/checks/kinds/dns.ts



const SELF = 'self';
/** An address is shorter; a page that is not one need not be read. */
const MOST_ANSWER_BYTES = 256;
/** Answers that mean "there are none": not a failure of the name server. */
const NONE = new Set(['ENOTFOUND', 'ENODATA']);
function toName({ names }) {
    return names[0] ?? '';
}
function toDig({ resolver }, name, type) {
    const server = resolver === undefined ? '' : `@${resolver.replace(/:\d+$/u, '')} `;
    return `\`dig ${server}${(0,shell_word/* renderShellWord */.Z)(name)} ${type}\``;
}
function toUnresolved(options, { ipv4, ipv6 }) {
    const name = toName(options);
    const codes = [ipv4, ipv6].map((answer) => (answer.ok ? '' : answer.error));
    const broken = codes.find((code) => code !== '' && !NONE.has(code));
    const server = options.resolver ?? "the host's name servers (`cat /etc/resolv.conf`)";
    if (broken !== undefined) {
        return {
            status: 'fail',
            found: `no name server gave an answer (${broken})`,
            remedy: `Ask by hand: ${toDig(options, name, 'A')}. If that fails too, look at ${server}, and whether UDP and TCP port 53 to them are allowed.`,
        };
    }
    return {
        status: 'fail',
        found: codes.includes('ENOTFOUND') ? 'there is no such name' : 'the name has no address',
        remedy: `Make an A (or AAAA) record for ${name} where its zone is kept, or correct the name in the plan. A record made just now may take its TTL to be seen: ${toDig(options, name, 'A')} shows the answer.`,
    };
}
function toResolved({ ipv4, ipv6 }) {
    return [ipv4, ipv6].flatMap((answer) => (answer.ok ? answer.value.map(toCanonicalAddress) : []));
}
/** Whether the answer "none of these are this host's" could be wrong for want of the public address. */
function mayBeTranslated(options, facts, resolved) {
    const known = options.publicIpUrl !== undefined && facts.publicFault === undefined;
    return (options.addresses.includes(SELF) &&
        !known &&
        resolved.some((address) => isPublic(address)) &&
        !facts.own.some((address) => isPublic(address) && toFamily(address) === 4));
}
/** Addresses that lead elsewhere. With `self`, further hosts of the same family are a cluster. */
function toStrays(options, resolved, expected) {
    const strays = resolved.filter((address) => !expected.has(address));
    if (!options.addresses.includes(SELF))
        return strays;
    const right = new Set(resolved.filter((address) => expected.has(address)).map(toFamily));
    return strays.filter((address) => !right.has(toFamily(address)));
}
/** The name's addresses against the expected ones. */
function decideDns(options, facts) {
    const name = toName(options);
    const resolved = toResolved(facts);
    if (resolved.length === 0)
        return toUnresolved(options, facts);
    const found = resolved.join(', ');
    if (options.addresses.length === 0)
        return { status: 'pass', found };
    const expected = new Set([...options.addresses.filter((address) => address !== SELF), ...facts.own].map(toCanonicalAddress));
    const own = facts.own.length === 0 ? '' : ` (this host has ${facts.own.join(', ')})`;
    if (!resolved.some((address) => expected.has(address))) {
        if (mayBeTranslated(options, facts, resolved))
            return toTranslated(found, facts);
        return {
            status: 'fail',
            found: `${found}${own}`,
            remedy: `${name} leads to another host. If this host is to serve it, change its A and AAAA records where the zone is kept; if a proxy or load balancer stands in front, name its addresses in the plan instead. ${toDig(options, name, 'ANY')} shows the records.`,
        };
    }
    const strays = toStrays(options, resolved, expected);
    if (strays.length === 0)
        return { status: 'pass', found };
    return {
        status: 'warn',
        found: `${found}${own}`,
        remedy: `Some clients will be sent to ${strays.join(' and ')}: remove or correct that record of ${name}. Certificates by HTTP challenge (Let's Encrypt) fail over such a record.`,
    };
}
function toTranslated(found, { own, publicFault }) {
    const inside = own.length === 0 ? 'no address of its own' : `only ${own.join(', ')}`;
    const reason = publicFault ??
        `the name leads to ${found}, and this host has ${inside}: it seems to be behind address translation, and its public address is not known`;
    return {
        status: 'unable',
        reason,
        remedy: "Give `public-ip-url` a URL that answers with this host's public address in plain text, or name the address instead of `self`.",
    };
}
/** This host's addresses: those of its interfaces, and the one that the internet sees. */
async function loadOwn({ addresses, publicIpUrl }, { world, cut }) {
    if (!addresses.includes(SELF))
        return { own: [] };
    const own = world.host.addresses();
    if (publicIpUrl === undefined)
        return { own };
    const reach = await world.network.reach({ url: new URL(publicIpUrl), bodyBytes: MOST_ANSWER_BYTES }, cut);
    const body = reach.kind === 'answered' && reach.status === 200 ? reach.body.trim() : '';
    if (/^[\d.]{7,15}$|^[\da-f:.]*:[\da-f:.]*$/iu.test(body))
        return { own: [...own, body] };
    return { own, publicFault: `${new URL(publicIpUrl).host} did not answer with an address` };
}
async function loadDns(options, circumstances) {
    const { world, cut } = circumstances;
    const name = toName(options);
    const [ipv4, ipv6, own] = await Promise.all([
        world.network.resolve(name, 4, options.resolver, cut),
        world.network.resolve(name, 6, options.resolver, cut),
        loadOwn(options, circumstances),
    ]);
    return { ipv4, ipv6, ...own };
}
const dns = {
    ...check/* ORDINARY */.Fh,
    how: "The A and AAAA records that the system's name servers (or `resolver`) give; /etc/hosts is not looked at, and search domains are not added. At least one must be an expected `address`; one that leads elsewhere warns. `self` is any address of this host's interfaces, and the one that `public-ip-url` answers with; more hosts under the same name are taken for a cluster.",
    unable: 'Warns when `self` is wanted on a host behind address translation, and there is no `public-ip-url`.',
    split: (options) => options.names.map((name) => ({ ...options, names: [name] })),
    label: (options) => `dns ${toName(options)}`,
    wanted: ({ addresses }) => addresses.length === 0
        ? 'resolves'
        : `resolves to ${addresses.map((address) => (address === SELF ? 'this host' : address)).join(' or ')}`,
    whenStuck: (options) => `No name server answers: ${toDig(options, toName(options), 'A')} and \`cat /etc/resolv.conf\` show which are asked.`,
    look: async (options, circumstances) => decideDns(options, await loadDns(options, circumstances)),
};

// EXTERNAL MODULE: ./src/result.ts
var result = __webpack_require__(1666);
;// CONCATENATED MODULE: ./src/checks/kinds/docker.ts





/** Reads `docker info --format '{{json .}}'`; `undefined` when it is not that. */
function parseDockerInfo(text) {
    let info;
    try {
        info = JSON.parse(text);
    }
    catch {
        return undefined;
    }
    const field = (of, name) => typeof of === 'object' && of !== null ? of[name] : '';
    const word = (value) => (typeof value === 'string' ? value : '');
    if (typeof info !== 'object' || info === null)
        return undefined;
    return {
        version: word(field(info, 'ServerVersion')),
        rootDirectory: word(field(info, 'DockerRootDir')),
        context: word(field(field(info, 'ClientInfo'), 'Context')),
    };
}
/** Why the engine does not answer: the client's words are told apart, since what helps differs. */
function toSilence(output, dockerHost) {
    const last = output.trim().split('\n').at(-1) ?? '';
    const where = dockerHost === undefined ? '' : ` DOCKER_HOST is ${toShownHost(dockerHost)}.`;
    if (/permission denied/iu.test(output)) {
        return {
            found: 'the engine is there, but this user may not talk to it (permission denied on its socket)',
            remedy: `Put the runner's user into the group docker: \`sudo usermod -aG docker "$USER"\` typed as that user, and restart the runner's service so that it takes effect. \`ls -l /var/run/docker.sock\` shows who may.${where}`,
        };
    }
    if (/cannot connect|is the docker daemon running|no such file|connection refused/iu.test(output)) {
        return {
            found: 'the engine does not answer: it is not running, or elsewhere',
            remedy: `Start it: \`sudo systemctl start docker\`; if it does not stay up: \`journalctl -u docker -n 50 --no-pager\`. \`docker context ls\` shows where the client looks for it.${where}`,
        };
    }
    return {
        found: `the engine does not answer${last === '' ? '' : `: ${last.slice(0, 200)}`}`,
        remedy: `Run \`docker info\` on the host, as the runner's user, and mend what it says.${where}`,
    };
}
/** An endpoint without the user that it may name. */
function toShownHost(dockerHost) {
    return dockerHost.replace(/\/\/[^@/]*@/u, '//');
}
function decideVersion(range, version) {
    if (renderRange(range) === '' || range === undefined)
        return { kind: 'met', found: version };
    const fits = isVersionIn(version, range);
    if (fits === undefined)
        return { kind: 'unknown', reason: `its version is ${version}` };
    if (fits)
        return { kind: 'met', found: version };
    return {
        kind: 'unmet',
        found: version,
        remedy: 'Upgrade the engine as https://docs.docker.com/engine/install/ says, at a time when its containers may restart.',
    };
}
function decideCompose(range, answer) {
    if (!answer.ok)
        return { kind: 'unknown', reason: answer.error };
    const { exit, stdout } = answer.value;
    const version = toPrintedVersion(stdout);
    if (exit === undefined)
        return { kind: 'unknown', reason: '`docker compose version` hangs' };
    if (exit.kind !== 'exited' || exit.code !== 0 || version === undefined) {
        return {
            kind: 'unmet',
            found: 'no compose plugin',
            remedy: "Install it: `sudo apt-get install docker-compose-plugin` (or `dnf`) from Docker's own repository; from Debian's or Ubuntu's it is `docker-compose-v2` or `docker-compose`. `docker compose version` must answer.",
        };
    }
    const found = `compose ${version}`;
    if (isVersionIn(version, range) !== false)
        return { kind: 'met', found };
    const remedy = 'Upgrade the package `docker-compose-plugin`.';
    return { kind: 'unmet', found, remedy };
}
function decideSpace(wanted, space) {
    if (!space.ok)
        return { kind: 'unknown', reason: space.error };
    const { freeBytes, mountPoint } = space.value;
    const system = (0,quantity/* toByteSystem */.xX)(wanted);
    const found = `${(0,quantity/* renderBytes */.UP)(freeBytes, system)} free at its root (on ${mountPoint})`;
    if (freeBytes >= wanted)
        return { kind: 'met', found };
    return {
        kind: 'unmet',
        found,
        remedy: `Free ${(0,quantity/* renderBytes */.UP)(wanted - freeBytes, system)} more: \`docker system df\` shows what Docker uses; \`docker image prune -a --filter until=168h\` and \`docker builder prune\` give back images and build cache not used for a week; \`sudo du -xh --max-depth=2 ${(0,shell_word/* renderShellWord */.Z)(mountPoint)} | sort -h | tail\` shows the rest.`,
    };
}
/** The engine's answer against what is wanted of it. */
function decideDocker(options, facts) {
    const { info, dockerHost } = facts;
    if (!info.ok)
        return { status: 'unable', reason: info.error };
    const engine = parseDockerInfo(info.value.stdout);
    if (info.value.exit === undefined) {
        const found = 'the engine does not answer in time';
        return { status: 'fail', found, remedy: STUCK };
    }
    if (engine === undefined || engine.version === '') {
        return { status: 'fail', ...toSilence(info.value.output, dockerHost) };
    }
    const parts = [
        decideVersion(options.version, engine.version),
        ...(options.compose === undefined || facts.compose === undefined
            ? []
            : [decideCompose(options.compose, facts.compose)]),
        ...(options.freeBytes === undefined || facts.space === undefined
            ? []
            : [decideSpace(options.freeBytes, facts.space)]),
    ];
    return toVerdict(parts, facts.space);
}
function toVerdict(parts, space) {
    const known = parts.filter((part) => part.kind !== 'unknown');
    const unmet = parts.filter((part) => part.kind === 'unmet');
    const reasons = parts.flatMap((part) => (part.kind === 'unknown' ? [part.reason] : []));
    const seen = {
        found: `engine ${known.map(({ found }) => found).join(', ')}`,
        measures: space?.ok === true
            ? [{ label: 'free', value: space.value.freeBytes, unit: 'bytes' }]
            : [],
    };
    if (unmet.length > 0) {
        return { status: 'fail', ...seen, remedy: unmet.map(({ remedy }) => remedy).join(' ') };
    }
    if (reasons.length > 0)
        return { status: 'unable', reason: reasons.join('; ') };
    return { status: 'pass', ...seen };
}
const STUCK = 'The engine is up but hangs: `sudo systemctl restart docker` helps most often (containers without live-restore restart with it); `journalctl -u docker -n 50 --no-pager` tells why.';
/** Free space at the engine's root, where that root is a directory of this host. */
async function loadRootSpace(engine, { world }) {
    const endpoint = world.env['DOCKER_HOST'] ?? '';
    const local = endpoint === '' || endpoint.startsWith('unix:');
    const at = local ? await world.files.look(engine.rootDirectory) : undefined;
    if (at === undefined || at.kind === 'absent') {
        return (0,result/* failure */.V2)(`its root ${engine.rootDirectory} is not on this host (a remote engine, or one in a virtual machine), so its free space cannot be measured`);
    }
    return world.files.space(engine.rootDirectory);
}
async function lookAtDocker(options, circumstances) {
    const { world, cut } = circumstances;
    const place = await world.commands.find('docker');
    if (place.kind !== 'found') {
        return {
            status: 'fail',
            found: "no docker on the runner's PATH",
            remedy: 'Install the engine as https://docs.docker.com/engine/install/ says, or run the job on a runner that has it (`runs-on`).',
        };
    }
    const ask = (...words) => world.commands.run({
        what: { kind: 'program', argv: [place.path, ...words] },
        workingDirectory: world.workspace,
        env: { ...world.env, LC_ALL: 'C' },
    }, cut);
    const [info, compose] = await Promise.all([
        ask('info', '--format', '{{json .}}'),
        options.compose === undefined ? undefined : ask('compose', 'version', '--short'),
    ]);
    const engine = info.ok ? parseDockerInfo(info.value.stdout) : undefined;
    const space = options.freeBytes === undefined || engine === undefined || engine.version === ''
        ? undefined
        : await loadRootSpace(engine, circumstances);
    return decideDocker(options, {
        info,
        dockerHost: world.env['DOCKER_HOST'],
        ...(compose === undefined ? {} : { compose }),
        ...(space === undefined ? {} : { space }),
    });
}
function docker_renderWanted({ version, compose, freeBytes }) {
    const parts = [
        `engine ${renderRange(version) || 'answers'}`,
        compose === undefined ? '' : `compose ${renderRange(compose) || 'is there'}`,
        freeBytes === undefined ? '' : `${(0,quantity/* renderBytes */.UP)(freeBytes, (0,quantity/* toByteSystem */.xX)(freeBytes))} free`,
    ];
    return parts.filter((part) => part !== '').join(', ');
}
const docker = {
    ...check/* ORDINARY */.Fh,
    how: "`docker info` as the runner's user: the engine has to answer, whatever the client says. Then its version, `docker compose version`, and the free space on the file system of the engine's root.",
    unable: 'Warns when `free` is wanted of an engine on another host or in a virtual machine.',
    split: check/* asOne */.Zd,
    label: () => 'docker',
    wanted: docker_renderWanted,
    whenStuck: () => STUCK,
    look: lookAtDocker,
};

;// CONCATENATED MODULE: ./src/checks/kinds/env.ts

function env_toName({ names }) {
    return names[0] ?? '';
}
/** Whether a variable is set and not empty. Its value is looked at and never shown. */
function decideEnv(options, environment) {
    const name = env_toName(options);
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && value.trim() !== '')
        return { status: 'pass', found: 'set' };
    const hint = value === undefined
        ? `Give it to the action in the workflow, under the step's \`env:\` as \`${name}: \${{ secrets.${name} }}\` (or \`vars\`), or set a value that is no secret under \`env\` in the plan.`
        : `It is passed on, but has no value: most often the secret or variable has another name, belongs to another environment (\`environment:\` of the job), or the run comes from a fork, which gets no secrets.`;
    const blank = value === '' ? 'set, but empty' : 'set, but blank';
    return { status: 'fail', found: value === undefined ? 'not set' : blank, remedy: hint };
}
const env = {
    ...check/* ORDINARY */.Fh,
    how: "The environment that the steps will have: the runner's, the workflow's and the plan's `env`. The value must have something in it besides blanks, and is never shown.",
    unable: '',
    split: (options) => options.names.map((name) => ({ names: [name] })),
    label: (options) => `env ${env_toName(options)}`,
    wanted: () => 'set and not empty',
    whenStuck: () => 'Re-run the job.',
    look: (options, { world }) => Promise.resolve(decideEnv(options, world.env)),
};

;// CONCATENATED MODULE: ./src/checks/workspace-path.ts
/** Whether an absolute path lies in the workspace: what is there comes from a checkout. */
function isInside(path, workspace) {
    const base = workspace.endsWith('/') ? workspace : `${workspace}/`;
    return path.startsWith(base);
}

;// CONCATENATED MODULE: ./src/checks/kinds/file.ts




function toPath({ paths }) {
    return paths[0] ?? '';
}
function file_decideAbsent(nearest, { path, inWorkspace }) {
    const look = `\`ls -la ${(0,shell_word/* renderShellWord */.Z)(nearest)}\` shows what is there instead.`;
    return {
        status: 'fail',
        found: nearest === '/' ? 'not there' : `not there; the path ends at ${nearest}`,
        remedy: inWorkspace
            ? `Is it committed, and does a checkout step run before this one? A step that makes it has to come first, too. ${look}`
            : `Put ${path} on this host, or correct the path in the plan. ${look}`,
    };
}
/** Whether the wanted thing is there and can be read. */
function decideFile(options, facts) {
    const { at, refusal, path } = facts;
    const word = (0,shell_word/* renderShellWord */.Z)(path);
    if (at.kind === 'absent')
        return file_decideAbsent(at.nearest, facts);
    if (at.kind === 'hidden') {
        return {
            status: 'fail',
            found: `a directory above it is closed to this user (${at.code})`,
            remedy: `\`namei -l ${word}\` shows which one; give the runner's user the right to enter it.`,
        };
    }
    const { kind, sizeBytes, owner, group, mode } = at.file;
    if (options.type !== 'any' && kind !== options.type) {
        return {
            status: 'fail',
            found: kind === 'other' ? 'something else' : `a ${kind}`,
            remedy: `Look at it with \`ls -ld ${word}\`; move it away and put the right thing there. (A container that mounts a file that is not there makes a directory of that name.)`,
        };
    }
    const rights = `${owner}:${group}, mode ${mode.toString(8).padStart(4, '0')}`;
    if (refusal !== undefined) {
        return {
            status: 'fail',
            found: `a ${kind} that this user may not read (${rights})`,
            remedy: `Give the runner's user the right to read it: \`sudo setfacl -m u:$(whoami):rX ${word}\`, typed as that user, or put the user into the group ${group}.`,
        };
    }
    const size = kind === 'file' ? ` of ${sizeBytes === 0 ? '0 B' : (0,quantity/* renderBytes */.UP)(sizeBytes)}` : '';
    return { status: 'pass', found: kind === 'other' ? 'there' : `a ${kind}${size}` };
}
async function loadFile(options, { world }) {
    const path = world.files.absolute(toPath(options));
    const at = await world.files.look(path);
    const refusal = at.kind === 'present' ? await world.files.readRefusal(path) : undefined;
    return { at, refusal, path, inWorkspace: isInside(path, world.workspace) };
}
const file = {
    ...check/* ORDINARY */.Fh,
    how: "The path, links followed, is there, of the wanted type, and readable for the runner's user. Relative paths start at the workspace.",
    unable: '',
    split: (options) => options.paths.map((path) => ({ ...options, paths: [path] })),
    label: (options) => `file ${toPath(options)}`,
    wanted: ({ type }) => (type === 'any' ? 'there and readable' : `a readable ${type}`),
    whenStuck: (options) => `The file system does not answer, as a network mount whose server is gone: try \`ls -ld ${(0,shell_word/* renderShellWord */.Z)(toPath(options))}\` and \`dmesg | tail\`.`,
    look: async (options, circumstances) => decideFile(options, await loadFile(options, circumstances)),
};

;// CONCATENATED MODULE: ./src/checks/certificate.ts
const DAY_MS = 86_400_000;
function renderDay(epochMs) {
    return new Date(epochMs).toISOString().slice(0, 10);
}
/** `2026-12-01, in 9 days`, or `2026-11-01, 21 days ago`. */
function renderDate(epochMs, now) {
    const days = Math.floor(Math.abs(epochMs - now) / DAY_MS);
    const amount = `${days} day${days === 1 ? '' : 's'}`;
    return `${renderDay(epochMs)}, ${epochMs >= now ? `in ${amount}` : `${amount} ago`}`;
}
const RENEW = "Renew it on the server (for Let's Encrypt: `sudo certbot renew`), and reload the server so that it is used.";
function toExpired(certificate, host, now) {
    return {
        found: `the certificate of ${host} expired on ${renderDate(certificate.validTo, now)}`,
        remedy: `${RENEW} If the date surprises you, look at this host's clock with \`timedatectl\`.`,
    };
}
function toUntrusted(certificate, host, code) {
    const self = code.includes('SELF_SIGNED');
    return {
        found: self
            ? `the certificate of ${host} is self-signed (by ${certificate.issuer})`
            : `the certificate of ${host} is signed by ${certificate.issuer}, which this host does not know`,
        remedy: self
            ? 'If it is meant to be so, make this host trust it: copy the certificate to /usr/local/share/ca-certificates/ and run `sudo update-ca-certificates` (on RHEL: /etc/pki/ca-trust/source/anchors/ and `sudo update-ca-trust`). Otherwise somebody else may be answering: find out before anything is sent there.'
            : `Either the server does not send its intermediate certificates (\`openssl s_client -connect ${host}:443 -showcerts\` shows what it sends; configure its full chain), or the authority is your company's: install it with \`sudo update-ca-certificates\` (on RHEL \`sudo update-ca-trust\`).`,
    };
}
/** Puts a refusal of a certificate into words. */
function toCertificateAdvice(code, certificate, host, now) {
    if (certificate === undefined)
        return undefined;
    switch (code) {
        case 'CERT_HAS_EXPIRED':
            return toExpired(certificate, host, now);
        case 'CERT_NOT_YET_VALID':
            return {
                found: `the certificate of ${host} is valid only from ${renderDate(certificate.validFrom, now)}`,
                remedy: "Look at this host's clock first: `timedatectl`. If it is right, the server has been given its certificate too early.",
            };
        case 'ERR_TLS_CERT_ALTNAME_INVALID':
            return {
                found: `the certificate is for ${certificate.names.filter(Boolean).join(', ') || certificate.subject}, not for ${host}`,
                remedy: `Another server may be answering: \`getent ahosts ${host}\` shows where the name leads. Correct the name in the plan, the DNS record, or the server's certificate.`,
            };
        case 'DEPTH_ZERO_SELF_SIGNED_CERT':
        case 'SELF_SIGNED_CERT_IN_CHAIN':
        case 'UNABLE_TO_GET_ISSUER_CERT':
        case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
        case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
            return toUntrusted(certificate, host, code);
        default:
            return undefined;
    }
}
/** Says that a certificate ends soon; `undefined` when it does not. */
function toExpiryAdvice(certificate, host, now, marginMs) {
    if (certificate === undefined || certificate.validTo - now >= marginMs)
        return undefined;
    return {
        found: `its certificate expires on ${renderDate(certificate.validTo, now)}`,
        remedy: `Renew the certificate of ${host} before that. ${RENEW}`,
    };
}
/** Days that a certificate is still valid. */
function toDaysLeft(certificate, now) {
    return Math.floor((certificate.validTo - now) / DAY_MS);
}

;// CONCATENATED MODULE: ./src/checks/stages.ts


/** The host that answered, or did not: the proxy where there is one in between. */
function toPeer({ reach, url }) {
    return reach.via === undefined ? url.hostname : `the proxy ${reach.via.proxy}`;
}
/** A URL as it may be shown: without the user and the query, which may hold secrets. */
function renderUrl(url) {
    const path = url.pathname === '/' ? '' : url.pathname;
    return `${url.protocol}//${url.host}${path}`;
}
function toPortOf(url) {
    return url.port || (url.protocol === 'http:' ? '80' : '443');
}
function toDnsAdvice(failed) {
    const { reach, url } = failed;
    const host = reach.via === undefined ? url.hostname : reach.via.proxy.replace(/:\d+$/u, '');
    const word = (0,shell_word/* renderShellWord */.Z)(host);
    const setting = reach.via === undefined ? 'in the plan' : `in ${reach.via.variable}`;
    if (reach.code === 'ENOTFOUND') {
        return {
            found: `the name ${host} does not resolve (DNS)`,
            remedy: `Look for a misspelt name ${setting}; then \`getent ahosts ${word}\` on the host, and \`cat /etc/resolv.conf\` for the name servers it asks.`,
        };
    }
    return {
        found: `no name server answers for ${host} (DNS, ${reach.code})`,
        remedy: `The host cannot reach its name servers: see which with \`cat /etc/resolv.conf\` (or \`resolvectl status\`), and try one: \`dig @<server> ${word}\`.`,
    };
}
function toTcpAdvice(failed) {
    const { reach, url } = failed;
    const peer = toPeer(failed);
    const port = reach.via === undefined ? toPortOf(url) : '';
    const place = port === '' ? peer : `${peer}:${port}`;
    const isNew = reach.address !== undefined && !peer.includes(reach.address);
    const address = isNew ? ` (${reach.address})` : '';
    const proxyHint = reach.via === undefined && url.protocol !== 'tcp:'
        ? " If this network goes through a proxy, set https_proxy and http_proxy in the runner's .env file."
        : '';
    switch (reach.code) {
        case 'ECONNREFUSED':
            return {
                found: `${place}${address} refuses connections`,
                remedy: 'The host is there, but nothing listens on that port, or a firewall rejects it: check the port, and that the service runs on that host (`ss -ltn` there).',
            };
        case 'ENETUNREACH':
        case 'EHOSTUNREACH':
            return {
                found: `there is no route to ${place}${address}`,
                remedy: `Look at the way there: \`ip route get ${reach.address ?? '<address>'}\`, \`ip addr\`; a VPN may be down.${proxyHint}`,
            };
        default:
            return {
                found: `no connection to ${place}${address} (TCP, ${reach.code})`,
                remedy: `Packets seem to be dropped on the way, usually by a firewall or a security group: allow outgoing TCP to it from this host, and try \`curl -v --max-time 10 ${(0,shell_word/* renderShellWord */.Z)(renderUrl(url))}\`.${proxyHint}`,
            };
    }
}
function toProxyAdvice({ reach, url }) {
    const proxy = `the proxy ${reach.via?.proxy ?? ''}`;
    const variable = reach.via?.variable ?? 'https_proxy';
    const found = `${proxy} does not let us through to ${url.host}: ${reach.message}`;
    if (reach.code === 'PROXY_407') {
        return {
            found,
            remedy: `The proxy wants a user and a password: put them into ${variable} (http://user:password@host:port) in the runner's .env file, and restart the runner.`,
        };
    }
    if (reach.code.startsWith('PROXY_4')) {
        return {
            found,
            remedy: `Have ${url.host} allowed on the proxy, or, if it can be reached directly, name it in no_proxy.`,
        };
    }
    return {
        found,
        remedy: `The proxy itself may be down, or cannot reach the server: \`curl -v --proxy ${(0,shell_word/* renderShellWord */.Z)(reach.via?.proxy ?? '')} ${(0,shell_word/* renderShellWord */.Z)(renderUrl(url))}\` shows more. If the server can be reached directly, name it in no_proxy.`,
    };
}
function toTlsAdvice(failed) {
    const { reach, url, now } = failed;
    const known = toCertificateAdvice(reach.code, reach.certificate, url.hostname, now);
    if (known !== undefined)
        return known;
    const place = `${url.hostname}:${toPortOf(url)}`;
    const remedy = `See the handshake with \`openssl s_client -connect ${(0,shell_word/* renderShellWord */.Z)(place)} -servername ${(0,shell_word/* renderShellWord */.Z)(url.hostname)}\`. A server that speaks plain HTTP on this port needs http:// in the plan; a firewall that inspects traffic may be cutting it off.`;
    return { found: `no TLS connection to ${place} (${reach.code})`, remedy };
}
function toHttpAdvice({ reach, url }) {
    return {
        found: reach.code === 'TIMEOUT'
            ? `${url.host} is connected, but does not answer HTTP in time`
            : `${url.host} is connected, but gives no HTTP answer (${reach.code})`,
        remedy: `The server, or a load balancer in front of it, is in trouble: \`curl -v --max-time 10 ${(0,shell_word/* renderShellWord */.Z)(renderUrl(url))}\` shows what it sends; look at its log.`,
    };
}
/** What a failed connection means, told apart by how far it came. */
function toStageAdvice(failed) {
    switch (failed.reach.stage) {
        case 'dns':
            return toDnsAdvice(failed);
        case 'tcp':
            return toTcpAdvice(failed);
        case 'proxy':
            return toProxyAdvice(failed);
        case 'tls':
            return toTlsAdvice(failed);
        case 'http':
            return toHttpAdvice(failed);
    }
}

;// CONCATENATED MODULE: ./src/checks/kinds/network.ts




/** A certificate that ends sooner is worth a warning: two weeks leave time to act. */
const CERTIFICATE_MARGIN_MS = 14 * 86_400_000;
function toTarget({ targets }) {
    return targets[0] ?? { url: '' };
}
/** The URL without what may be secret in it; a text that is none is shown as it is. */
function toShown(options) {
    const { url } = toTarget(options);
    return URL.canParse(url) ? renderUrl(new URL(url)) : url;
}
function renderVia(reach) {
    if (reach.kind === 'unsupported' || reach.via === undefined)
        return '';
    return ` through the proxy ${reach.via.proxy} (${reach.via.variable})`;
}
function toMeasures(reach, now) {
    if (reach.kind === 'unsupported' || reach.certificate === undefined)
        return [];
    return [{ label: 'certificate', value: toDaysLeft(reach.certificate, now), unit: 'days' }];
}
/** What an HTTP answer means: any is an answer, but some say that something is wrong. */
function decideAnswer(target, url, reach) {
    const { status } = reach;
    const found = `HTTP ${status}${renderVia(reach)}`;
    const look = `\`curl -i --max-time 10 ${(0,shell_word/* renderShellWord */.Z)(renderUrl(url))}\``;
    if (status === 407) {
        return {
            status: 'fail',
            found,
            remedy: `The proxy wants a user and a password: put them into ${reach.via?.variable ?? 'http_proxy'} (http://user:password@host:port) in the runner's .env file, and restart the runner.`,
        };
    }
    if (target.status !== undefined) {
        if (target.status.includes(status))
            return undefined;
        return {
            status: 'fail',
            found,
            remedy: `The server answers, but not as wanted: ${look} shows the whole answer.`,
        };
    }
    if (status < 500)
        return undefined;
    return {
        status: 'warn',
        found,
        remedy: `The server can be reached, but it (or something in front of it) is in trouble: ${look} shows the answer; look at its log or status page before you deploy.`,
    };
}
/** Whether a URL was reached, and if not, at which stage it ended. */
function decideNetwork(options, reach, now) {
    const target = toTarget(options);
    const url = new URL(target.url);
    const measures = toMeasures(reach, now);
    switch (reach.kind) {
        case 'unsupported':
            return { status: 'unable', reason: reach.reason };
        case 'failed': {
            const { found, remedy } = toStageAdvice({ reach, url, now });
            return { status: 'fail', found: `${found}${renderVia(reach)}`, remedy, measures };
        }
        case 'connected':
            return { status: 'pass', found: `connected to ${reach.address ?? url.host}`, measures };
        case 'answered': {
            const bad = decideAnswer(target, url, reach);
            if (bad !== undefined)
                return { ...bad, ...(bad.status === 'unable' ? {} : { measures }) };
            const margin = target.certificateMs ?? CERTIFICATE_MARGIN_MS;
            const soon = toExpiryAdvice(reach.certificate, url.hostname, now, margin);
            const found = `HTTP ${reach.status}${renderVia(reach)}`;
            if (soon === undefined)
                return { status: 'pass', found, measures };
            const { remedy } = soon;
            return { status: 'warn', found: `${found}, but ${soon.found}`, remedy, measures };
        }
    }
}
const network = {
    ...check/* ORDINARY */.Fh,
    how: "DNS, TCP, TLS and HTTP, one after the other, so that the stage that fails is named. Any HTTP status counts as reached (a 401 too) unless `status` is given; 5xx warns. http_proxy, https_proxy, all_proxy and no_proxy are respected; the authorities trusted are the host's own. A certificate that ends within 14 days (or `certificate`) warns. `tcp://host:port` ends after TCP. Redirects are not followed.",
    unable: 'Warns behind a SOCKS proxy, through which it cannot try.',
    split: ({ targets }) => targets.map((target) => ({ targets: [target] })),
    label: (options) => `network ${toShown(options)}`,
    wanted: (options) => {
        const { status } = toTarget(options);
        return status === undefined ? 'can be reached' : `answers with HTTP ${status.join(' or ')}`;
    },
    whenStuck: (options) => `See where it hangs: \`curl -v --max-time 10 ${(0,shell_word/* renderShellWord */.Z)(toShown(options))}\`.`,
    look: async (options, { world, cut }) => {
        const { url } = toTarget(options);
        if (!URL.canParse(url)) {
            const remedy = 'Correct it in the plan, such as `https://example.com/` or `tcp://db:5432`.';
            return { status: 'fail', found: 'this is not a URL', remedy };
        }
        const reach = await world.network.reach({ url: new URL(url) }, cut);
        return decideNetwork(options, reach, world.clock.now());
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds/os.ts



function renderSystem({ id, version }) {
    return `${id} ${renderRange(version)}`.trim();
}
function renderFound({ prettyName, id, versionId }) {
    return `${prettyName} (${[id, versionId].filter(Boolean).join(' ')})`;
}
/** The system, or what it derives from, against the systems that will do; its own entry goes first. */
function decideOs({ systems }, release) {
    const found = renderFound(release);
    const kin = toKinship(release, systems.map(({ id }) => id));
    const entries = systems.filter(({ id }) => id === kin);
    if (kin === undefined) {
        return {
            status: 'fail',
            found,
            remedy: `Run this deployment on one of the systems that the plan names. If it is known to work here, add \`${release.id}: '*'\` to \`os\` in the plan.`,
        };
    }
    if (entries.some(({ version }) => renderRange(version) === ''))
        return { status: 'pass', found };
    const version = toBaseVersion(release, kin);
    const fits = entries.map((entry) => version === undefined ? undefined : isVersionIn(version, entry.version));
    if (fits.includes(true))
        return { status: 'pass', found };
    if (version === undefined || fits.includes(undefined)) {
        const reason = kin === release.id
            ? `${found} names no version in os-release that could be compared (a rolling release, perhaps)`
            : `${found} derives from ${kin}, and os-release does not say from which version of it`;
        return {
            status: 'unable',
            reason,
            remedy: `Add \`${release.id}: '*'\` to \`os\` in the plan if the deployment is known to work here.`,
        };
    }
    const as = kin === release.id ? '' : `, built on ${kin} ${version}`;
    return {
        status: 'fail',
        found: `${found}${as}`,
        remedy: `Upgrade the host, or run the deployment on another one. If it is known to work with ${kin} ${version}, widen \`${kin}\` under \`os\` in the plan.`,
    };
}
const os = {
    ...check/* ORDINARY */.Fh,
    how: 'ID and VERSION_ID of os-release. A derivative counts as what it derives from (ID_LIKE); its version is then that of its base, by code name for Debian and Ubuntu, by number for rebuilds of RHEL. An entry for the system itself goes before one for its base.',
    unable: 'Warns without os-release (macOS), and when a version is wanted of a rolling release, or of a derivative that does not say which version it is built on.',
    split: check/* asOne */.Zd,
    label: () => 'operating system',
    wanted: ({ systems }) => systems.map(renderSystem).join(' or '),
    whenStuck: () => 'Try `cat /etc/os-release` on the host: it should answer at once.',
    look: async (options, { world }) => {
        const text = await world.host.osRelease();
        return text.ok
            ? decideOs(options, parseOsRelease(text.value))
            : { status: 'unable', reason: text.error };
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds/port.ts


function toNumber({ numbers }) {
    return numbers[0] ?? 0;
}
/** The addresses that an option means; `undefined`: it is none. */
function toMeant(address) {
    if (address.toLowerCase() === 'localhost')
        return ['127.0.0.1', '::1'];
    const literal = address.includes(':') || /^\d+(?:\.\d+){3}$/u.test(address);
    return literal ? [toCanonicalAddress(address)] : undefined;
}
/** Whether a socket answers for an address: its own, or one that stands for all. */
function answersFor(listener, wanted) {
    const own = toCanonicalAddress(listener.address);
    // `::` takes IPv4 as well, unless its program asked otherwise, which nobody can see.
    const all = toFamily(wanted) === 4 ? ['0.0.0.0', '::'] : ['::'];
    return own === wanted || all.includes(own) || all.includes(wanted);
}
function renderPlace({ address }, port) {
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
function renderHolder({ holder }) {
    if (holder.kind === 'hidden')
        return `a process of ${holder.user}`;
    const unit = holder.unit === undefined ? '' : `, ${holder.unit}`;
    return `${holder.name} (pid ${holder.pid}${unit})`;
}
function toRelease({ holder }, port) {
    if (holder.kind === 'hidden') {
        return `This user may not see which process it is: \`sudo ss -ltnp 'sport = :${port}'\` names it; stop it, or use another port.`;
    }
    if (holder.name === 'docker-proxy') {
        return `A container publishes the port: \`docker ps --filter publish=${port}\` names it; stop it with \`docker stop\`, or use another port.`;
    }
    if (holder.unit !== undefined) {
        return `Stop it with \`sudo systemctl stop ${holder.unit}\` (and \`disable\` it, or it is back after a reboot), or use another port.`;
    }
    return `\`ps -fp ${holder.pid}\` shows what it is; end it with \`kill ${holder.pid}\`, or use another port.`;
}
/** Who listens on the port against whether somebody should. */
function decidePort(options, listeners) {
    const port = toNumber(options);
    const meant = options.address === undefined ? [] : toMeant(options.address);
    if (meant === undefined) {
        const remedy = 'Write the address in numbers, such as `127.0.0.1` or `::1`.';
        return { status: 'unable', reason: `${options.address ?? ''} is not an address`, remedy };
    }
    const matching = listeners.filter((listener) => meant.length === 0 || meant.some((address) => answersFor(listener, address)));
    const [first] = matching;
    const who = new Map(matching.map((one) => [renderHolder(one), []]));
    for (const one of matching)
        who.get(renderHolder(one))?.push(renderPlace(one, port));
    const held = [...who]
        .map(([holder, places]) => `${holder} listens on ${[...new Set(places)].join(' and ')}`)
        .join('; ');
    if (options.state === 'free') {
        if (first === undefined)
            return { status: 'pass', found: 'free' };
        return { status: 'fail', found: held, remedy: toRelease(first, port) };
    }
    if (first !== undefined)
        return { status: 'pass', found: held };
    const elsewhere = listeners.map((listener) => renderPlace(listener, port)).join(' and ');
    return {
        status: 'fail',
        found: elsewhere === '' ? 'nothing listens' : `only ${elsewhere} is listened on`,
        remedy: `Start the service that should listen there, or look at its log if it has just ended: \`ss -ltn 'sport = :${port}'\` shows the sockets, \`systemctl --failed\` the services that did not start.`,
    };
}
const port = {
    ...check/* ORDINARY */.Fh,
    defaultOccasion: ({ state }) => (state === 'free' ? 'fresh' : 'always'),
    how: "Listening TCP sockets of the host (`/proc/net/tcp`, `tcp6`), and the process that holds one, its pid and systemd unit. Another user's process shows only its user. `free` is looked at only while no step is complete, unless `when: always`.",
    unable: 'Warns without `/proc` (macOS). In a job container only the sockets of that container are seen.',
    split: (options) => options.numbers.map((number) => ({ ...options, numbers: [number] })),
    label: (options) => `port ${toNumber(options)}`,
    wanted: ({ state, address }) => `${state}${address === undefined ? '' : ` on ${address}`}`,
    whenStuck: (options) => `Look by hand: \`ss -ltn 'sport = :${toNumber(options)}'\`.`,
    look: async (options, { world }) => {
        const listeners = await world.host.listeners(toNumber(options));
        return listeners.ok
            ? decidePort(options, listeners.value)
            : { status: 'unable', reason: listeners.error };
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds/ram.ts


/** The tightest bound: the host itself, or one of the limits on this process. */
function toBound(facts) {
    let bound = facts;
    for (const { name, limitBytes, usedBytes } of facts.limits) {
        const availableBytes = Math.max(0, limitBytes - usedBytes);
        if (availableBytes < bound.availableBytes) {
            bound = { availableBytes, totalBytes: limitBytes, limit: name };
        }
    }
    return bound;
}
/** Available memory against what is wanted, on the host and in every control group around us. */
function decideRam({ availableBytes: wanted }, facts) {
    const { availableBytes, totalBytes, limit } = toBound(facts);
    const system = (0,quantity/* toByteSystem */.xX)(wanted);
    const amount = (bytes) => (0,quantity/* renderBytes */.UP)(bytes, system);
    const whole = limit === undefined ? amount(totalBytes) : `${amount(totalBytes)} (${limit})`;
    const seen = {
        found: `${amount(availableBytes)} available of ${whole}`,
        measures: [{ label: 'available', value: availableBytes, unit: 'bytes' }],
    };
    if (availableBytes >= wanted)
        return { status: 'pass', ...seen };
    return { status: 'fail', ...seen, remedy: toRemedy(wanted, totalBytes, amount, limit) };
}
function toRemedy(wanted, totalBytes, amount, limit) {
    if (limit !== undefined) {
        const raise = `Raise the memory limit of ${limit}, now ${amount(totalBytes)}: \`sudo systemctl set-property <unit> MemoryMax=<size>\` for a systemd unit, \`docker run --memory\` for a container.`;
        return totalBytes < wanted
            ? raise
            : `${raise} Or stop what fills it: \`ps -eo rss,pid,user,args --sort=-rss | head\`.`;
    }
    if (totalBytes < wanted) {
        return `This host has ${amount(totalBytes)} in all and can never pass: use one with more memory, or lower \`ram\` in the plan if the deployment needs less.`;
    }
    return 'See what uses the memory with `ps -eo rss,pid,user,args --sort=-rss | head`, and stop or restart what can be spared; then re-run the failed job.';
}
const ram = {
    ...check/* ORDINARY */.Fh,
    how: 'MemAvailable of `/proc/meminfo`, and of every control group (v1 and v2) that the runner is in, its limit less what it uses, caches that the kernel gives back not counted. The least of them counts.',
    unable: 'Warns without `/proc/meminfo` (macOS).',
    split: check/* asOne */.Zd,
    label: () => 'memory',
    wanted: ({ availableBytes }) => `at least ${(0,quantity/* renderBytes */.UP)(availableBytes, (0,quantity/* toByteSystem */.xX)(availableBytes))} available`,
    whenStuck: () => 'Try `cat /proc/meminfo` on the host: it should answer at once.',
    look: async (options, { world }) => {
        const facts = await world.host.memory();
        return facts.ok ? decideRam(options, facts.value) : { status: 'unable', reason: facts.error };
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds/run.ts


/** What of a failed command's output is enough to see why. */
const MOST_REASON_LINES = 10;
const MOST_LABEL_CHARACTERS = 60;
function toFirstLine({ command }) {
    const line = command.trim().split('\n')[0] ?? '';
    return line.length > MOST_LABEL_CHARACTERS
        ? `${line.slice(0, MOST_LABEL_CHARACTERS - 1)}…`
        : line;
}
function toReason(output) {
    const lines = output.trim().split('\n').slice(-MOST_REASON_LINES).join('\n');
    return lines === '' ? {} : { reason: lines };
}
function toByHand(options) {
    const { command } = options;
    return command.trim().includes('\n')
        ? "Run the command by hand, on this host and as the runner's user"
        : `Run it by hand, on this host and as the runner's user (\`sudo -iu <user> bash -c ${(0,shell_word/* renderShellWord */.Z)(command.trim())}\`)`;
}
/** Passes when the command exits 0. What it printed is the reason, raw. */
function decideRun(options, end) {
    if (!end.ok)
        return { status: 'unable', reason: end.error };
    const { exit, output } = end.value;
    const reason = toReason(output);
    if (exit === undefined) {
        return {
            status: 'fail',
            found: 'still running at its time limit, and ended',
            remedy: `${toByHand(options)}, and see what it waits for; a check may have a longer \`timeout\`.`,
            ...reason,
        };
    }
    if (exit.kind === 'signalled') {
        const remedy = `${toByHand(options)}; \`dmesg | tail\` tells whether the kernel ended it for want of memory.`;
        return { status: 'fail', found: `killed by ${exit.signal}`, remedy, ...reason };
    }
    if (exit.code === 0)
        return { status: 'pass', found: 'exit code 0' };
    const meaning = exit.code === 127 ? ': a command in it was not found' : '';
    return {
        status: 'fail',
        found: `exit code ${exit.code}${meaning}`,
        remedy: `${toByHand(options)}, and mend what it says.`,
        ...reason,
    };
}
const run = {
    ...check/* ORDINARY */.Fh,
    how: 'The command is run as a step would be, with the same shell, directory and environment, in a process group of its own that is ended with it. It passes when it exits 0. It should only look, not change anything: it runs on every attempt, beside the other checks.',
    unable: 'Warns when the shell or the working directory is not there.',
    split: check/* asOne */.Zd,
    label: (options) => `run ${toFirstLine(options)}`,
    wanted: () => 'exit code 0',
    whenStuck: (options) => `${toByHand(options)}, and see what it waits for; a check may have a longer \`timeout\`.`,
    look: async (options, { world, command, cut }) => decideRun(options, await world.commands.run({
        what: { kind: 'script', text: options.command, shell: command.shell },
        workingDirectory: command.workingDirectory,
        env: world.env,
    }, cut)),
};

;// CONCATENATED MODULE: ./src/checks/kinds/service.ts


const PROPERTIES = ['LoadState', 'ActiveState', 'SubState', 'Result', 'UnitFileState'];
function toUnit({ units }) {
    return units[0] ?? '';
}
/** `Name=value` lines of `systemctl show`. */
function toProperties(stdout) {
    return new Map(stdout
        .split('\n')
        .filter((line) => line.includes('='))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
function toStartAdvice(word, enabled) {
    const enable = enabled ? '' : ', and `enable` it, or it is gone after a reboot';
    return `Start it: \`sudo systemctl start ${word}\`${enable}. If it does not stay up: \`journalctl -u ${word} -n 50 --no-pager\`.`;
}
/** Whether systemd says that a unit is active. */
function decideService(options, stdout) {
    const properties = toProperties(stdout);
    const active = properties.get('ActiveState') ?? '';
    const load = properties.get('LoadState') ?? '';
    const found = `${active} (${properties.get('SubState') ?? ''})`;
    const word = (0,shell_word/* renderShellWord */.Z)(toUnit(options));
    const log = `\`journalctl -u ${word} -n 50 --no-pager\``;
    if (active === 'active' || active === 'reloading')
        return { status: 'pass', found };
    if (load === 'not-found') {
        return {
            status: 'fail',
            found: 'there is no such unit',
            remedy: `Install the service, or correct its name in the plan: \`systemctl list-unit-files | grep -i ${word}\`.`,
        };
    }
    if (load === 'masked') {
        return {
            status: 'fail',
            found: 'masked, so it cannot be started',
            remedy: `Somebody shut it off on purpose; ask, then \`sudo systemctl unmask ${word} && sudo systemctl start ${word}\`.`,
        };
    }
    if (active === 'failed') {
        const result = properties.get('Result') ?? '';
        return {
            status: 'fail',
            found: `failed (${result})`,
            remedy: `See why: ${log}; mend it, then \`sudo systemctl restart ${word}\`.`,
        };
    }
    if (active === 'activating') {
        return {
            status: 'fail',
            found: `still starting (${properties.get('SubState') ?? ''})`,
            remedy: `Wait until it is up and re-run the failed job; if it never is: ${log}.`,
        };
    }
    const enabled = properties.get('UnitFileState') !== 'disabled';
    return { status: 'fail', found, remedy: toStartAdvice(word, enabled) };
}
function toFault({ output }) {
    return output.trim().split('\n').at(-1) ?? '';
}
async function lookAtService(options, { world, cut }) {
    if (!(await world.host.runsSystemd())) {
        return { status: 'unable', reason: 'systemd does not run the services here' };
    }
    const argv = ['systemctl', 'show', `--property=${PROPERTIES.join(',')}`, '--', toUnit(options)];
    const end = await world.commands.run({
        what: { kind: 'program', argv: argv },
        workingDirectory: world.workspace,
        env: { ...world.env, LC_ALL: 'C' },
    }, cut);
    if (!end.ok)
        return { status: 'unable', reason: end.error };
    const { exit, stdout } = end.value;
    if (exit?.kind === 'exited' && exit.code === 0 && stdout.includes('ActiveState=')) {
        return decideService(options, stdout);
    }
    const reason = exit === undefined ? 'systemctl did not answer in time' : toFault(end.value);
    return { status: 'unable', reason: `systemctl gave no answer: ${reason}` };
}
const service = {
    ...check/* ORDINARY */.Fh,
    how: 'What `systemctl show` says of the unit: active (a one-shot that has run, too) or reloading will do.',
    unable: 'Warns where systemd is not the service manager (a container, Alpine, macOS), or does not answer this user.',
    split: ({ units }) => units.map((unit) => ({ units: [unit] })),
    label: (options) => `service ${toUnit(options)}`,
    wanted: () => 'active',
    whenStuck: (options) => `Try \`systemctl status ${(0,shell_word/* renderShellWord */.Z)(toUnit(options))}\` on the host.`,
    look: lookAtService,
};

;// CONCATENATED MODULE: ./src/checks/kinds/time.ts



/** A Date header has whole seconds: the time it was written is this much later on average. */
const HALF_A_SECOND_MS = 500;
/** The server that the workflow comes from is reachable by every runner. */
const DEFAULT_URL = 'https://github.com';
/** Compares the clock in the middle of the request with the server's; what a cache kept is older by its Age. */
function toSkew(reach) {
    const date = Date.parse(reach.headers['date'] ?? '');
    if (Number.isNaN(date))
        return undefined;
    const ageMs = Number(reach.headers['age'] ?? 0) * 1000;
    const served = date + HALF_A_SECOND_MS + (Number.isFinite(ageMs) ? ageMs : 0);
    const uncertaintyMs = (reach.receivedAt - reach.sentAt) / 2 + HALF_A_SECOND_MS;
    return { aheadMs: (reach.sentAt + reach.receivedAt) / 2 - served, uncertaintyMs };
}
function renderSkew({ aheadMs, uncertaintyMs }, host) {
    if (Math.abs(aheadMs) <= uncertaintyMs)
        return `in step with ${host}`;
    return `${(0,duration/* renderDuration */.PP)(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} ${host}`;
}
/** The clock's distance from a server's against what is tolerable. */
function decideTime({ maxSkewMs }, url, reach, now) {
    if (reach.kind === 'unsupported')
        return { status: 'unable', reason: reach.reason };
    if (reach.kind === 'failed') {
        const { found, remedy } = toStageAdvice({ reach, url, now });
        return { status: 'unable', reason: found, remedy };
    }
    const skew = reach.kind === 'answered' ? toSkew(reach) : undefined;
    if (skew === undefined) {
        return {
            status: 'unable',
            reason: `${url.host} does not say what time it is (no Date header)`,
            remedy: 'Name another server as `url`.',
        };
    }
    const found = renderSkew(skew, url.host);
    const measures = [{ label: 'skew', value: skew.aheadMs / 1000, unit: 'seconds' }];
    if (Math.abs(skew.aheadMs) - skew.uncertaintyMs <= maxSkewMs) {
        return { status: 'pass', found, measures };
    }
    return {
        status: 'fail',
        found,
        measures,
        remedy: 'Tokens and certificates are refused when the clock is wrong. `timedatectl` shows whether it is kept in step; `sudo timedatectl set-ntp true` switches that on (with chrony: `chronyc tracking`, `sudo chronyc makestep`).',
    };
}
const time = {
    ...check/* ORDINARY */.Fh,
    how: "This host's clock against the Date header of a server (`url`; the GitHub server of the workflow unless given). What cannot be known better than the header's second and the time the request took is in the host's favour. An untrusted certificate does not matter here: a wrong clock is the usual reason for one.",
    unable: 'Warns when the server cannot be reached, or sends no date.',
    split: check/* asOne */.Zd,
    label: () => 'clock',
    wanted: ({ maxSkewMs }) => `within ${(0,duration/* renderDuration */.PP)(maxSkewMs)} of the right time`,
    whenStuck: ({ url }) => `${url ?? DEFAULT_URL} does not answer: name another server as \`url\`.`,
    look: async (options, { world, cut }) => {
        const text = options.url ?? world.env['GITHUB_SERVER_URL'] ?? DEFAULT_URL;
        const url = new URL(URL.canParse(text) ? text : DEFAULT_URL);
        const reach = await world.network.reach({ url, anyCertificate: true }, cut);
        return decideTime(options, url, reach, world.clock.now());
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds/user.ts



function toUserLack({ name }, { identity }) {
    if (name === undefined || name === identity.name || name === String(identity.uid)) {
        return undefined;
    }
    return {
        found: `the runner runs as ${identity.name}`,
        remedy: `Install the runner's service for ${name}, in the runner's directory: \`sudo ./svc.sh stop && sudo ./svc.sh uninstall && sudo ./svc.sh install ${(0,shell_word/* renderShellWord */.Z)(name)} && sudo ./svc.sh start\` (the directory has to belong to that user). Or choose a runner that runs as ${name} with \`runs-on\`.`,
    };
}
const RESTART = "restart the runner's service (`sudo ./svc.sh stop && sudo ./svc.sh start` in its directory): a process gets its groups when it starts";
function toGroupLack(group, entry, { name, groups }) {
    if (entry === undefined) {
        return {
            found: `there is no group ${group} on this host`,
            remedy: group === 'docker'
                ? 'The package of the Docker engine makes it: https://docs.docker.com/engine/install/. Is the engine installed?'
                : `Install what makes the group, or make it: \`sudo groupadd ${(0,shell_word/* renderShellWord */.Z)(group)}\`.`,
        };
    }
    if (groups.includes(entry.gid))
        return undefined;
    if (entry.members.includes(name)) {
        return {
            found: `${name} was put into ${group} after the runner had started, so it has no effect yet`,
            remedy: `Just ${RESTART}.`,
        };
    }
    return {
        found: `${name} is not in ${group}`,
        remedy: `\`sudo usermod -aG ${(0,shell_word/* renderShellWord */.Z)(group)} ${(0,shell_word/* renderShellWord */.Z)(name)}\`; then ${RESTART}.${group === 'docker' ? ' (Whoever is in docker can become root on this host.)' : ''}`,
    };
}
/** Whether the runner runs as the wanted user, with the wanted groups in effect now. */
function decideUser(options, facts) {
    const { identity, groups } = facts;
    const lacks = [
        toUserLack(options, facts),
        // Membership gives rights that root has anyway.
        ...(identity.uid === 0
            ? []
            : options.groups.map((group) => toGroupLack(group, groups.get(group), identity))),
    ].filter((lack) => lack !== undefined);
    if (lacks.length > 0) {
        return {
            status: 'fail',
            found: lacks.map(({ found }) => found).join('; '),
            remedy: lacks.map(({ remedy }) => remedy).join(' '),
        };
    }
    const found = identity.uid === 0 && options.groups.length > 0
        ? `${identity.name}, who needs no group`
        : `${identity.name}${options.groups.length > 0 ? `, in ${options.groups.join(', ')}` : ''}`;
    return { status: 'pass', found };
}
async function loadGroups(names, load) {
    const groups = new Map();
    for (const name of names) {
        const entry = await load(name);
        if (!entry.ok)
            return entry;
        groups.set(name, entry.value);
    }
    return (0,result/* success */.kX)(groups);
}
function user_renderWanted({ name, groups }) {
    const user = name === undefined ? 'the runner' : `the runner runs as ${name}`;
    if (groups.length === 0)
        return user;
    const member = `in ${groups.join(' and ')}`;
    return name === undefined ? `the runner's user is ${member}` : `${user}, ${member}`;
}
const user = {
    ...check/* ORDINARY */.Fh,
    how: 'The user the runner runs as, and the groups that its processes have now; a membership that is in the group database only is told apart. Root needs no group.',
    unable: 'Warns on a platform without user ids.',
    split: check/* asOne */.Zd,
    label: () => 'user',
    wanted: user_renderWanted,
    whenStuck: () => 'The name service (LDAP, sssd) does not answer: try `id` on the host.',
    look: async (options, { world }) => {
        const identity = await world.host.identity();
        if (!identity.ok)
            return { status: 'unable', reason: identity.error };
        const groups = await loadGroups(options.groups, (name) => world.host.group(name));
        if (!groups.ok)
            return { status: 'unable', reason: groups.error };
        return decideUser(options, { identity: identity.value, groups: groups.value });
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds/writable.ts


function writable_toPath({ paths }) {
    return paths[0] ?? '';
}
/** Whether the kernel would let us write there; it was asked, and nothing was written. */
function decideWritable(path, facts, user) {
    const { exists, target, file, refusal } = facts;
    const word = (0,shell_word/* renderShellWord */.Z)(target);
    const rights = `${file.owner}:${file.group}, mode ${file.mode.toString(8).padStart(4, '0')}`;
    const there = exists ? `a ${file.kind} of ${rights}` : `not there yet; ${target} is of ${rights}`;
    switch (refusal) {
        case undefined:
            return {
                status: 'pass',
                found: exists ? 'writable' : `not there yet, but can be made in ${target}`,
            };
        case 'EROFS':
            return {
                status: 'fail',
                found: `${target} is on a file system that is mounted read-only`,
                remedy: `\`findmnt -T ${word}\` shows the mount, \`dmesg | tail\` whether the kernel made it read-only after an error (then check the disk first); \`sudo mount -o remount,rw <mount point>\` makes it writable.`,
            };
        case 'EPERM':
            return {
                status: 'fail',
                found: `${there}, and marked immutable`,
                remedy: `\`lsattr -d ${word}\` shows the mark, \`sudo chattr -i ${word}\` removes it; somebody set it on purpose, so ask first.`,
            };
        case 'ENOTDIR':
            return {
                status: 'fail',
                found: `${target} is a ${file.kind}, not a directory`,
                remedy: `Move ${target} away, or correct the path in the plan.`,
            };
        default:
            return {
                status: 'fail',
                found: `${there}: ${user} may not write (${refusal})`,
                remedy: exists
                    ? `Give it to the runner's user: \`sudo chown ${(0,shell_word/* renderShellWord */.Z)(user)} ${word}\` (with \`-R\` for all that is in it); or \`sudo setfacl -m u:${(0,shell_word/* renderShellWord */.Z)(user)}:rwX ${word}\` where the owner has to stay.`
                    : `Make it for the runner's user: \`sudo install -d -o ${(0,shell_word/* renderShellWord */.Z)(user)} ${(0,shell_word/* renderShellWord */.Z)(path)}\`.`,
            };
    }
}
const writable = {
    ...check/* ORDINARY */.Fh,
    how: "The kernel is asked whether the runner's user could write the path, or make it where it does not exist yet (permissions, access lists, read-only mounts, immutable files). Nothing is written.",
    unable: '',
    split: ({ paths }) => paths.map((path) => ({ paths: [path] })),
    label: (options) => `writable ${writable_toPath(options)}`,
    wanted: () => 'writable by the user that the runner runs as',
    whenStuck: (options) => `The file system does not answer, as a network mount whose server is gone: try \`ls -ld ${(0,shell_word/* renderShellWord */.Z)(writable_toPath(options))}\` and \`dmesg | tail\`.`,
    look: async (options, { world }) => {
        const path = world.files.absolute(writable_toPath(options));
        const [facts, identity] = await Promise.all([
            world.files.writability(path),
            world.host.identity(),
        ]);
        const user = identity.ok ? identity.value.name : "the runner's user";
        return facts.ok
            ? decideWritable(path, facts.value, user)
            : { status: 'unable', reason: facts.error };
    },
};

;// CONCATENATED MODULE: ./src/checks/kinds.ts
















/** Every kind of check. The order is that of the documentation. */
const CHECKS = {
    ram: ram,
    disk: disk,
    cpu: cpu,
    os: os,
    network: network,
    dns: dns,
    port: port,
    command: command,
    env: env,
    file: file,
    writable: writable,
    user: user,
    service: service,
    docker: docker,
    time: time,
    run: run,
};

// EXTERNAL MODULE: ./src/engine/stop.ts
var stop = __webpack_require__(5836);
;// CONCATENATED MODULE: ./src/checks/limit.ts

/** How long a check that was cut may take to say how far it came. */
const LAST_WORD_MS = 100;
/**
 * Gives `work` until the limit or the cancel; then tells it to come to an end, hears its last word if
 * that comes at once, and leaves it behind if it does not.
 */
async function limit(work, timeoutMs, clock, cancel) {
    const cut = (0,stop/* createStop */.n)();
    const finished = (0,stop/* createStop */.n)();
    const hasFinished = () => finished.stop.requested;
    const forget = cancel.onRequest(cut.request);
    const value = work(cut.stop)
        .then((result) => ({ kind: 'value', value: result }))
        .finally(finished.request);
    const tooLong = async () => {
        await clock.sleep(timeoutMs, (0,stop/* anyOf */.E)([cut.stop, finished.stop]));
        if (hasFinished())
            return value;
        cut.request();
        if (!cancel.requested)
            await clock.sleep(LAST_WORD_MS, finished.stop);
        if (hasFinished())
            return value;
        return { kind: cancel.requested ? 'cancelled' : 'timeout' };
    };
    try {
        return await Promise.race([value, tooLong()]);
    }
    finally {
        forget();
    }
}

;// CONCATENATED MODULE: ./src/checks/run-checks.ts



/** How long a check may take unless the plan says otherwise. */
const DEFAULT_TIMEOUT_MS = 10_000;
/** How a script is run where the plan says nothing of it. */
const DEFAULT_SHELL = 'bash';
function isCheckKind(kind) {
    return Object.hasOwn(CHECKS, kind);
}
/** The plan's loader has validated the kind, and made the options what that kind's check takes. */
function toCheck(kind) {
    if (!isCheckKind(kind))
        throw new Error(`no check of kind ${kind}`);
    return { kind, check: CHECKS[kind] };
}
/** Whether a check makes sense only while no step is complete. */
function isForFreshStartOnly(spec) {
    return (spec.when ?? toCheck(spec.kind).check.defaultOccasion(spec.options)) === 'fresh';
}
function toJobs(spec) {
    const { kind, check } = toCheck(spec.kind);
    const parts = check.split(spec.options);
    return parts.map((options, index) => {
        const label = check.label(options);
        const several = parts.length > 1;
        return {
            spec,
            kind,
            check,
            options,
            id: several ? `${spec.id}.${index + 1}` : spec.id,
            name: spec.name === undefined ? label : several ? `${spec.name} (${label})` : spec.name,
        };
    });
}
function run_checks_toVerdict({ check, options }, limited, timeoutMs) {
    switch (limited.kind) {
        case 'value':
            return limited.value;
        case 'cancelled':
            return { status: 'unable', reason: 'the run was cancelled' };
        case 'timeout': {
            const found = `no answer within ${(0,duration/* renderDuration */.PP)(timeoutMs)}`;
            return { status: 'fail', found, remedy: check.whenStuck(options) };
        }
    }
}
function toFinding(job, verdict, durationMs) {
    const { spec, check, options, kind, id, name } = job;
    const level = spec.level ?? check.defaultLevel;
    const common = {
        id,
        kind,
        name,
        level,
        position: spec.position,
        wanted: check.wanted(options),
        durationMs,
    };
    if (verdict.status === 'unable') {
        const { reason, remedy } = verdict;
        const found = 'cannot be checked here';
        return { ...common, status: 'warn', found, reason, measures: [], ...(remedy && { remedy }) };
    }
    const { measures = [], ...rest } = verdict;
    const status = verdict.status === 'fail' && level === 'warn' ? 'warn' : verdict.status;
    return { ...common, ...rest, measures, status };
}
/** A check that breaks has a bug; the others are still reported, and it does not pass. */
async function lookSafely(job, circumstances) {
    try {
        return await job.check.look(job.options, circumstances);
    }
    catch (error) {
        const message = String(error);
        return { status: 'unable', reason: `the check itself went wrong: ${message}` };
    }
}
async function runJob(job, world, cancel) {
    const { spec } = job;
    const { clock } = world;
    const timeoutMs = spec.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const env = { ...world.env, ...spec.env, ...spec.command?.env };
    const started = clock.monotonic();
    const limited = await limit((cut) => lookSafely(job, {
        world: { ...world, env },
        command: {
            shell: spec.command?.shell ?? DEFAULT_SHELL,
            workingDirectory: world.files.absolute(spec.command?.workingDirectory ?? '.'),
        },
        cut,
    }), timeoutMs, clock, cancel);
    return toFinding(job, run_checks_toVerdict(job, limited, timeoutMs), clock.monotonic() - started);
}
/**
 * Carries out all checks side by side, each within its own limit, and reports each: in the order of the
 * plan, whatever the others found.
 */
async function runChecks(specs, world, { fresh, cancel }) {
    const due = specs.filter((spec) => fresh || !isForFreshStartOnly(spec));
    return Promise.all(due.flatMap(toJobs).map((job) => runJob(job, world, cancel)));
}

;// CONCATENATED MODULE: ./src/checks/after-failure.ts


/** Which kinds of check can tell something about a failure of a category. */
const CHECKS_THAT_FIT = {
    'transient:network': ['network', 'dns'],
    'transient:timeout': ['network', 'dns'],
    'transient:rate-limit': [],
    'transient:lock': [],
    'transient:service': ['network', 'docker', 'service'],
    'transient:conflict': [],
    'recoverable:permission': ['writable', 'user', 'file', 'docker'],
    'recoverable:resource': ['disk', 'ram', 'docker'],
    'recoverable:dependency': ['command', 'file', 'docker', 'network'],
    'recoverable:configuration': ['env', 'file'],
    'recoverable:credentials': ['env', 'time', 'file'],
    'recoverable:port': ['port'],
    'critical:migration': ['disk', 'service', 'network'],
    'critical:health': ['ram', 'disk', 'docker', 'service', 'dns'],
    'critical:data': ['disk'],
    'critical:service': ['service', 'docker', 'ram', 'disk'],
    'critical:verification': ['network', 'dns', 'service'],
    'critical:build': ['ram', 'disk'],
    'critical:timeout': ['ram', 'disk', 'cpu', 'network'],
    'critical:crash': ['ram', 'disk'],
    'fatal:signal': ['ram', 'disk'],
    'fatal:in-doubt': [],
    'fatal:state': ['disk', 'writable'],
    'unknown:exit': ['disk', 'ram', 'docker'],
};
/**
 * The checks worth running again after a failure. A port that had to be free is looked at again only
 * when the port is the trouble: otherwise what was deployed may well hold it by now. They are to be run
 * as on a fresh start.
 */
function checksThatFit(category, specs) {
    const kinds = CHECKS_THAT_FIT[category];
    return specs.filter((spec) => kinds.includes(spec.kind) && (category === 'recoverable:port' || !isForFreshStartOnly(spec)));
}
/** A check before and after: what moved, or that its answer is another one. */
function renderChange(before, after) {
    const changes = after.measures.flatMap(({ label, value, unit }) => {
        const earlier = before.measures.find((measure) => measure.label === label);
        if (earlier === undefined)
            return [];
        const from = (0,quantity/* renderMeasure */.$W)(earlier.value, unit);
        const to = (0,quantity/* renderMeasure */.$W)(value, unit);
        return from === to ? [] : [`${label} ${from} → ${to}`];
    });
    if (changes.length > 0)
        return `${after.name}: ${changes.join(', ')}`;
    return before.status === after.status
        ? undefined
        : `${after.name}: ${before.found} → ${after.found}`;
}
/** What became of the host between two rounds of checks, such as `disk /: free 14 GiB → 0`; raw. */
function renderChanges(before, after) {
    return after.flatMap((finding) => {
        const earlier = before.find(({ id }) => id === finding.id);
        const change = earlier === undefined ? undefined : renderChange(earlier, finding);
        return change === undefined ? [] : [change];
    });
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./src/edges/system-programs.ts
var system_programs = __webpack_require__(8075);
;// CONCATENATED MODULE: ./src/edges/probes/accounts.ts




/** A name service that does not answer must not hold up what the local files already say. */
const GETENT_TIMEOUT_MS = 3000;
/** Local files first, then the name service (LDAP, sssd) by way of getent. */
class Accounts {
    #files;
    constructor(files) {
        this.#files = files;
    }
    /** Fields of the entry whose field number `field` is `value`. */
    async #entry(database, field, value) {
        const local = (await this.#files.value(`/etc/${database}`)) ?? '';
        const entries = local.split('\n').map((line) => line.split(':'));
        return entries.find((entry) => entry[field] === value) ?? this.#foreign(database, value);
    }
    async #foreign(database, key) {
        const getent = (0,system_programs/* findSystemProgram */.F)('getent', process.env);
        if (getent === undefined)
            return undefined;
        try {
            const { stdout } = await (0,external_node_util_.promisify)(external_node_child_process_.execFile)(getent, [database, '--', key], {
                env: system_programs/* SYSTEM_ENV */.c,
                timeout: GETENT_TIMEOUT_MS,
            });
            const entry = stdout.trim().split(':');
            return entry.length > 2 ? entry : undefined;
        }
        catch {
            // No entry, or no answer: nobody here knows the name.
            return undefined;
        }
    }
    /** Name of a user, or `uid 1001` for one without. */
    async userName(uid) {
        return (await this.#entry('passwd', 2, String(uid)))?.[0] ?? `uid ${uid}`;
    }
    /** Name of a group, or `gid 1001` for one without. */
    async groupName(gid) {
        return (await this.#entry('group', 2, String(gid)))?.[0] ?? `gid ${gid}`;
    }
    async group(name) {
        const entry = await this.#entry('group', 0, name);
        if (entry === undefined)
            return (0,result/* success */.kX)(undefined);
        const [, , gid, members = ''] = entry;
        return (0,result/* success */.kX)({ gid: Number(gid), members: members.split(',').filter((user) => user !== '') });
    }
    /** Who this process is, and so every step. */
    async identity() {
        const { geteuid, getegid, getgroups } = process;
        if (geteuid === undefined || getegid === undefined || getgroups === undefined) {
            return (0,result/* failure */.V2)('this platform has no user and group ids');
        }
        const uid = geteuid();
        const groups = [...new Set([getegid(), ...getgroups()])];
        const groupNames = await Promise.all(groups.map((gid) => this.groupName(gid)));
        return (0,result/* success */.kX)({ uid, name: await this.userName(uid), groups, groupNames });
    }
}

// EXTERNAL MODULE: ./src/edges/shells.ts
var shells = __webpack_require__(5407);
// EXTERNAL MODULE: ./src/edges/probes/kernel-files.ts
var kernel_files = __webpack_require__(5977);
;// CONCATENATED MODULE: ./src/edges/probes/commands.ts






/** Enough for the JSON of `docker info` on a large host. */
const MOST_STDOUT_CHARACTERS = 262_144;
/** Enough to see why a command failed. */
const MOST_TAIL_CHARACTERS = 4096;
/** A command at its limit may clean up for this long before it is killed. */
const GRACE_MS = 60;
/** Something the command left behind may keep its output open; the command itself has said its word. */
const DRAIN_MS = 100;
/** At the limit there is no time for that. */
const CUT_DRAIN_MS = 10;
async function isExecutable(path) {
    try {
        if (!(await (0,promises_.stat)(path)).isFile())
            return undefined;
        await (0,promises_.access)(path, promises_.constants.X_OK);
        return true;
    }
    catch (error) {
        return (0,kernel_files/* toErrorCode */.X)(error) === 'EACCES' ? false : undefined;
    }
}
/** Looks along the PATH as a shell would; a name with a slash is a path. */
async function findCommand(name, searchPath, workspace) {
    const searched = name.includes('/') ? [''] : [...new Set(searchPath.split(':'))];
    let notExecutable;
    for (const directory of searched) {
        const path = (0,external_node_path_.resolve)(workspace, directory, name);
        const executable = await isExecutable(path);
        if (executable === true)
            return { kind: 'found', path };
        if (executable === false)
            notExecutable ??= path;
    }
    return notExecutable === undefined
        ? { kind: 'absent', searched: searched.filter((directory) => directory !== '') }
        : { kind: 'not-executable', path: notExecutable };
}
/** The process group of a command that we started, and nothing else. */
function signalGroup(child, signal) {
    if (child.pid === undefined)
        return;
    try {
        process.kill(-child.pid, signal);
    }
    catch (error) {
        // Gone already, or (macOS) a zombie: there is nobody left to signal.
        if (!['ESRCH', 'EPERM'].includes((0,kernel_files/* toErrorCode */.X)(error)))
            throw error;
    }
}
function collect(child) {
    const collected = { stdout: '', output: '' };
    const addTail = (text) => {
        collected.output = (collected.output + text).slice(-MOST_TAIL_CHARACTERS);
    };
    child.stdout?.setEncoding('utf8').on('data', (text) => {
        collected.stdout = (collected.stdout + text).slice(0, MOST_STDOUT_CHARACTERS);
        addTail(text);
    });
    child.stderr?.setEncoding('utf8').on('data', addTail);
    return collected;
}
/** Runs a program in a process group of its own, which does not outlive it or the cut. */
async function runProgram(argv, { env, workingDirectory }, cut) {
    const { spawn } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 1421, 23));
    const [file = '', ...args] = argv;
    return new Promise((settle) => {
        const child = spawn(file, args, {
            cwd: workingDirectory,
            env: { ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
            detached: true,
        });
        const collected = collect(child);
        const timers = [];
        let wasCut = false;
        const forget = cut.onRequest(() => {
            wasCut = true;
            signalGroup(child, 'SIGTERM');
            timers.push(setTimeout(() => {
                signalGroup(child, 'SIGKILL');
            }, GRACE_MS));
        });
        let finished = false;
        const finish = (end) => {
            if (finished)
                return;
            finished = true;
            forget();
            timers.forEach(clearTimeout);
            signalGroup(child, 'SIGKILL');
            child.stdout.destroy();
            child.stderr.destroy();
            settle(end.ok
                ? (0,result/* success */.kX)({ exit: wasCut ? undefined : end.value, ...collected })
                : (0,result/* failure */.V2)(end.error));
        };
        child.on('error', (error) => {
            finish((0,result/* failure */.V2)(`${file} cannot be started (${(0,kernel_files/* toErrorCode */.X)(error)})`));
        });
        child.on('exit', (code, signal) => {
            const exit = signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal };
            const end = () => {
                finish((0,result/* success */.kX)(exit));
            };
            child.on('close', end);
            timers.push(setTimeout(end, wasCut ? CUT_DRAIN_MS : DRAIN_MS));
        });
    });
}
/** A directory of its own for a script; the error says why there can be none. */
async function makeDirectory(base) {
    try {
        return (0,result/* success */.kX)(await (0,promises_.mkdtemp)((0,external_node_path_.join)(base, 'preflight-check-')));
    }
    catch (error) {
        return (0,result/* failure */.V2)(`no temporary file can be made in ${base} (${(0,kernel_files/* toErrorCode */.X)(error)})`);
    }
}
/** Runs a script as a step would be: from a file, by the named shell or template. */
async function runScript({ text, shell }, command, cut) {
    const directory = await makeDirectory(command.env['RUNNER_TEMP'] ?? (0,external_node_os_.tmpdir)());
    if (!directory.ok)
        return directory;
    const scriptPath = (0,external_node_path_.join)(directory.value, (0,shells/* toScriptName */.Yl)(shell));
    try {
        const resolved = (0,shells/* resolveShell */.jQ)({
            shell,
            script: text,
            scriptPath,
            workingDirectory: command.workingDirectory,
            path: command.env['PATH'],
        });
        if (!resolved.ok)
            return (0,result/* failure */.V2)(resolved.error.message);
        const { argv, script } = resolved.value;
        await (0,promises_.writeFile)(scriptPath, script, { mode: 0o600 });
        return await runProgram(argv, command, cut);
    }
    finally {
        await (0,promises_.rm)(directory.value, { recursive: true, force: true });
    }
}
/** Runs a short command; the error says why it could not be started at all. */
async function runProbe(command, cut) {
    const { what, workingDirectory } = command;
    try {
        if (!(await (0,promises_.stat)(workingDirectory)).isDirectory()) {
            return (0,result/* failure */.V2)(`the working directory ${workingDirectory} is not a directory`);
        }
    }
    catch (error) {
        return (0,result/* failure */.V2)(`the working directory ${workingDirectory} is not there (${(0,kernel_files/* toErrorCode */.X)(error)})`);
    }
    return what.kind === 'program'
        ? runProgram(what.argv, command, cut)
        : runScript(what, command, cut);
}

;// CONCATENATED MODULE: ./src/edges/probes/mounts.ts
/** Blank, tab, newline and backslash stand as octal numbers in the mount table. */
function mounts_unescape(text) {
    return text.replace(/\\([0-7]{3})/gu, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}
/** Mounts in the order of the table; of two at one place the later one is the visible one. */
function toMounts(mountinfo) {
    const mounts = [];
    for (const line of mountinfo.split('\n')) {
        const [left = '', right = ''] = line.split(' - ', 2);
        const [, , , root, mountPoint] = left.split(' ');
        const [type, source, options] = right.split(' ');
        if (root === undefined || mountPoint === undefined || type === undefined)
            continue;
        mounts.push({
            root: mounts_unescape(root),
            mountPoint: mounts_unescape(mountPoint),
            type,
            source: mounts_unescape(source ?? ''),
            options: (options ?? '').split(','),
        });
    }
    return mounts;
}
/** Whether `path` is `directory` or lies below it. */
function isBelow(path, directory) {
    const base = directory.endsWith('/') ? directory : `${directory}/`;
    return path === directory || path.startsWith(base);
}
/** The mount that holds an absolute path without symbolic links. */
function toMountOf(path, mounts) {
    let best;
    for (const mount of mounts) {
        const deeper = mount.mountPoint.length >= (best?.mountPoint.length ?? 0);
        if (deeper && isBelow(path, mount.mountPoint))
            best = mount;
    }
    return best;
}

;// CONCATENATED MODULE: ./src/edges/probes/nearest.ts



/** As many links as the kernel follows. */
const MOST_LINKS = 40;
async function toStats(path) {
    try {
        return await (0,promises_.stat)(path);
    }
    catch (error) {
        return (0,kernel_files/* toErrorCode */.X)(error);
    }
}
/** Where a link that leads nowhere would lead: what is made through it is made there. */
async function toDanglingTarget(path) {
    try {
        if (!(await (0,promises_.lstat)(path)).isSymbolicLink())
            return undefined;
        return (0,external_node_path_.resolve)((0,external_node_path_.dirname)(path), await (0,promises_.readlink)(path));
    }
    catch {
        // Not there at all, or not ours to see: then it is no link that we could follow.
        return undefined;
    }
}
/** Looks upwards from an absolute path; `/` always exists. */
async function findNearest(path) {
    let current = path;
    let exact = true;
    let blocked;
    let links = 0;
    for (;;) {
        const stats = await toStats(current);
        if (typeof stats !== 'string')
            return { path: current, stats, exact, blocked };
        exact = false;
        if (stats !== 'ENOENT' && stats !== 'ENOTDIR')
            blocked = stats;
        const target = links < MOST_LINKS ? await toDanglingTarget(current) : undefined;
        links += 1;
        current = target ?? (0,external_node_path_.dirname)(current);
    }
}

;// CONCATENATED MODULE: ./src/edges/probes/file-systems.ts








/** Beyond any page size: a file system that says so names its preferred transfer, not its unit. */
const LARGEST_UNIT_BYTES = 65_536;
/**
 * The unit that block counts are in. Node hands over f_bsize only, which on FUSE and network file
 * systems may be the preferred transfer size; coreutils' stat knows f_frsize.
 */
async function toUnitBytes(path, stats) {
    if ('frsize' in stats && typeof stats.frsize === 'number' && stats.frsize > 0) {
        return stats.frsize;
    }
    if (stats.bsize <= LARGEST_UNIT_BYTES)
        return stats.bsize;
    const stat = (0,system_programs/* findSystemProgram */.F)('stat', process.env);
    if (stat === undefined)
        return stats.bsize;
    try {
        const { stdout } = await (0,external_node_util_.promisify)(external_node_child_process_.execFile)(stat, ['-f', '-c', '%S', '--', path], {
            env: system_programs/* SYSTEM_ENV */.c,
        });
        return Number(stdout.trim()) || stats.bsize;
    }
    catch {
        // Another dialect: the transfer size is the best there is.
        return stats.bsize;
    }
}
/** Space on the file system that holds an absolute path, or that would hold it once it is made. */
async function loadSpace(files, path) {
    const nearest = await findNearest(path);
    const mountinfo = await files.read('/proc/self/mountinfo');
    const mounts = mountinfo.ok ? toMounts(mountinfo.value) : [];
    try {
        const place = await (0,promises_.realpath)(nearest.path);
        const mount = toMountOf(place, mounts);
        // Behind a closed directory there may be another mount: then what we would measure is not it.
        if (nearest.blocked !== undefined && toMountOf(path, mounts) !== mount) {
            return (0,result/* failure */.V2)(`${path} cannot be looked at (${nearest.blocked})`);
        }
        const stats = await (0,promises_.statfs)(place);
        const unitBytes = await toUnitBytes(place, stats);
        return (0,result/* success */.kX)({
            mountPoint: mount?.mountPoint ?? place,
            device: mount === undefined ? '' : `${mount.source} (${mount.type})`,
            // What root alone may still use is not for deployments, whoever runs them.
            freeBytes: stats.bavail * unitBytes,
            totalBytes: stats.blocks * unitBytes,
            ...(stats.files > 0 ? { inodes: { free: stats.ffree, total: stats.files } } : {}),
        });
    }
    catch (error) {
        return (0,result/* failure */.V2)(`${nearest.path} cannot be measured (${(0,kernel_files/* toErrorCode */.X)(error)})`);
    }
}

;// CONCATENATED MODULE: ./src/edges/probes/files.ts




const PERMISSION_BITS = 0o7777;
function toKind(stats) {
    if (stats.isFile())
        return 'file';
    if (stats.isDirectory())
        return 'directory';
    return stats.isSocket() ? 'socket' : 'other';
}
async function toFileFacts(stats, accounts) {
    return {
        kind: toKind(stats),
        sizeBytes: stats.size,
        mode: stats.mode & PERMISSION_BITS,
        owner: await accounts.userName(stats.uid),
        group: await accounts.groupName(stats.gid),
    };
}
/** The error code with which the kernel refuses, `undefined` when it grants. */
async function toRefusal(path, mode) {
    try {
        await (0,promises_.access)(path, mode);
        return undefined;
    }
    catch (error) {
        return (0,kernel_files/* toErrorCode */.X)(error);
    }
}
/** What there is at an absolute path, links followed. */
async function lookAtPath(path, accounts) {
    const nearest = await findNearest(path);
    if (nearest.exact)
        return { kind: 'present', file: await toFileFacts(nearest.stats, accounts) };
    if (nearest.blocked !== undefined)
        return { kind: 'hidden', code: nearest.blocked };
    return { kind: 'absent', nearest: nearest.path };
}
function loadReadRefusal(path) {
    return toRefusal(path, promises_.constants.R_OK);
}
/**
 * Asks the kernel whether a path could be written, or made where it does not exist yet. Nothing is
 * written: access(2) knows permissions, access lists, read-only mounts and immutable files.
 */
async function loadWritability(path, accounts) {
    const nearest = await findNearest(path);
    const directory = nearest.stats.isDirectory();
    const mode = directory ? promises_.constants.W_OK | promises_.constants.X_OK : promises_.constants.W_OK;
    const underFile = !nearest.exact && !directory ? 'ENOTDIR' : undefined;
    const refusal = nearest.blocked ?? underFile ?? (await toRefusal(nearest.path, mode));
    return (0,result/* success */.kX)({
        exists: nearest.exact,
        target: nearest.path,
        file: await toFileFacts(nearest.stats, accounts),
        refusal,
    });
}

;// CONCATENATED MODULE: ./src/edges/probes/listeners.ts



/** TCP_LISTEN in the kernel's tcp_states.h. */
const LISTEN = '0A';
/** The kernel prints addresses as 32-bit words of its own byte order. */
function toBytes(hex) {
    const bytes = [];
    for (const [word] of hex.matchAll(/.{8}/gu)) {
        const pairs = [...word.matchAll(/../gu)].map(([pair]) => Number.parseInt(pair, 16));
        bytes.push(...((0,external_node_os_.endianness)() === 'LE' ? pairs.reverse() : pairs));
    }
    return bytes;
}
function toAddress(hex) {
    const bytes = toBytes(hex);
    if (bytes.length === 4)
        return bytes.join('.');
    const groups = [];
    for (let index = 0; index < bytes.length; index += 2) {
        groups.push((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16));
    }
    const text = groups.join(':');
    // The longest run of zeros is enough to shorten: these are for people, and there is one form.
    const longest = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/gu)]
        .map(([run]) => run)
        .sort((a, b) => b.length - a.length)[0];
    return longest === undefined ? text : text.replace(longest, ':').replace(/^:?:?:|:$/u, '::');
}
/** Listening sockets of /proc/net/tcp or tcp6 (proc_pid_net(5)). */
function toListeningSockets(table) {
    const sockets = [];
    for (const line of table.split('\n')) {
        const [, local, , state, , , , uid, , inode] = line.trim().split(/\s+/u);
        const [address, port] = local?.split(':') ?? [];
        if (state !== LISTEN || address === undefined || port === undefined)
            continue;
        sockets.push({
            address: toAddress(address),
            port: Number.parseInt(port, 16),
            uid: Number(uid),
            inode: inode ?? '',
        });
    }
    return sockets;
}
/** Names of a directory that may be gone, or closed to us, by the time we look. */
async function toNames(path) {
    try {
        return await (0,promises_.readdir)(path);
    }
    catch {
        return [];
    }
}
async function toLink(path) {
    try {
        return await (0,promises_.readlink)(path);
    }
    catch {
        return '';
    }
}
/** The unit of a process, from the path of its control group; a session of a user is none. */
function listeners_toUnit(cgroup) {
    const units = [...cgroup.matchAll(/\/([^/\n]+\.service)(?=\/|$)/gmu)].map(([, unit]) => unit);
    return units.findLast((unit) => unit?.startsWith('user@') === false);
}
/** The process that holds a socket, as far as this user may see into it. */
async function findHolder(files, inode) {
    const wanted = `socket:[${inode}]`;
    for (const pid of await toNames(files.at('/proc'))) {
        if (!/^\d+$/u.test(pid))
            continue;
        const directory = files.at(`/proc/${pid}/fd`);
        const descriptors = await toNames(directory);
        const links = await Promise.all(descriptors.map((name) => toLink(`${directory}/${name}`)));
        if (!links.includes(wanted))
            continue;
        const unit = listeners_toUnit((await files.value(`/proc/${pid}/cgroup`)) ?? '');
        const name = (await files.value(`/proc/${pid}/comm`)) ?? 'unknown';
        return { kind: 'process', pid: Number(pid), name, ...(unit === undefined ? {} : { unit }) };
    }
    return undefined;
}
/** Who listens on a TCP port in our network namespace, on whichever address. */
async function loadListeners(files, accounts, port) {
    const ipv4 = await files.read('/proc/self/net/tcp');
    if (!ipv4.ok)
        return ipv4;
    // Absent where IPv6 is switched off.
    const ipv6 = (await files.value('/proc/self/net/tcp6')) ?? '';
    const sockets = toListeningSockets(`${ipv4.value}\n${ipv6}`);
    const listeners = sockets
        .filter((socket) => socket.port === port)
        .map(async ({ address, inode, uid }) => {
        const hidden = { kind: 'hidden', user: await accounts.userName(uid) };
        return { address, holder: (await findHolder(files, inode)) ?? hidden };
    });
    return (0,result/* success */.kX)(await Promise.all(listeners));
}

;// CONCATENATED MODULE: ./src/edges/probes/control-groups.ts


function toMembership(controller, cgroupFile, mounts) {
    const found = [];
    for (const line of cgroupFile.split('\n')) {
        const [id, controllers, ...rest] = line.split(':');
        const path = rest.join(':');
        if (id === undefined || controllers === undefined || path === '')
            continue;
        const unified = id === '0' && controllers === '';
        const mount = unified
            ? mounts.find(({ type }) => type === 'cgroup2')
            : mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
        const ours = unified || controllers.split(',').includes(controller);
        if (ours && mount !== undefined)
            found.push({ version: unified ? 2 : 1, path, mount });
    }
    return found;
}
/** A container may see only its own part of the hierarchy; what is outside cannot be looked at. */
function toVisiblePath({ path, mount }) {
    if (path.includes('/..') || !isBelow(path, mount.root))
        return '/';
    return external_node_path_.posix.join('/', path.slice(mount.root === '/' ? 0 : mount.root.length));
}
/** Own group first, then each one above it: the tightest bound of them all holds. */
async function loadControlGroups(files, controller) {
    const cgroupFile = await files.read('/proc/self/cgroup');
    const mountinfo = await files.read('/proc/self/mountinfo');
    if (!cgroupFile.ok || !mountinfo.ok)
        return [];
    const groups = [];
    for (const membership of toMembership(controller, cgroupFile.value, toMounts(mountinfo.value))) {
        const { mount, version } = membership;
        let path = toVisiblePath(membership);
        for (;;) {
            const name = path === '/' ? 'the container or root cgroup' : `cgroup ${path}`;
            groups.push({ version, name, directory: external_node_path_.posix.join(mount.mountPoint, path) });
            if (path === '/')
                break;
            path = external_node_path_.posix.dirname(path);
        }
    }
    return groups;
}

;// CONCATENATED MODULE: ./src/edges/probes/memory.ts


const FILES = {
    1: { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes' },
    2: { limit: 'memory.max', used: 'memory.current' },
};
/** Charged to a group and given back when memory runs short, as the host counts it in MemAvailable. */
const RECLAIMABLE = {
    1: ['total_inactive_file', 'total_active_file'],
    2: ['inactive_file', 'active_file', 'slab_reclaimable'],
};
/** `name value` lines; a name may end with a colon, a value may be followed by `kB`. */
function toCounters(text) {
    const counters = new Map();
    for (const line of text.split('\n')) {
        const [name, digits, unit] = line.split(/:?\s+/u);
        if (name === undefined || digits === undefined || !/^\d+$/u.test(digits))
            continue;
        counters.set(name, Number(digits) * (unit === 'kB' ? 1024 : 1));
    }
    return counters;
}
async function loadLimit(files, { version, name, directory }) {
    const names = FILES[version];
    const [limit, used, stat] = await Promise.all([
        files.value(`${directory}/${names.limit}`),
        files.value(`${directory}/${names.used}`),
        files.value(`${directory}/memory.stat`),
    ]);
    // `max`, or a file that is not there, is no limit; a root group has neither file.
    const limitBytes = Number(limit);
    const chargedBytes = Number(used);
    if (limit === undefined || used === undefined)
        return undefined;
    if (!Number.isFinite(limitBytes) || !Number.isFinite(chargedBytes))
        return undefined;
    const counters = toCounters(stat ?? '');
    const reclaimable = RECLAIMABLE[version]
        .map((counter) => counters.get(counter) ?? 0)
        .reduce((sum, bytes) => sum + bytes, 0);
    return { name, limitBytes, usedBytes: Math.max(0, chargedBytes - reclaimable) };
}
/** Memory of the host, and the limits of the control groups that this process is in. */
async function loadMemory(files) {
    const meminfo = await files.read('/proc/meminfo');
    if (!meminfo.ok)
        return meminfo;
    const counters = toCounters(meminfo.value);
    const totalBytes = counters.get('MemTotal');
    const availableBytes = counters.get('MemAvailable');
    if (totalBytes === undefined || availableBytes === undefined) {
        return (0,result/* failure */.V2)('/proc/meminfo does not name MemTotal and MemAvailable');
    }
    const groups = await loadControlGroups(files, 'memory');
    const limits = await Promise.all(groups.map((group) => loadLimit(files, group)));
    return (0,result/* success */.kX)({
        totalBytes,
        availableBytes,
        // Version 1 says "no limit" with a number beyond any memory.
        limits: limits.flatMap((limit) => limit === undefined || limit.limitBytes >= totalBytes ? [] : [limit]),
    });
}

;// CONCATENATED MODULE: ./src/edges/probes/processors.ts



/** Cores that a group's quota amounts to; `undefined` without one. */
async function loadQuota(files, { version, directory }) {
    const [quota, period] = version === 2
        ? ((await files.value(`${directory}/cpu.max`)) ?? '').split(' ')
        : await Promise.all([
            files.value(`${directory}/cpu.cfs_quota_us`),
            files.value(`${directory}/cpu.cfs_period_us`),
        ]);
    const cores = Number(quota) / Number(period);
    // `max` and -1 stand for no quota.
    return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}
/** Processors this process may use: by affinity, and by the quotas of its control groups. */
async function loadCpu(files, cores = (0,external_node_os_.availableParallelism)()) {
    const groups = await loadControlGroups(files, 'cpu');
    const quotas = await Promise.all(groups.map(async (group) => ({ name: group.name, cores: await loadQuota(files, group) })));
    return (0,result/* success */.kX)({
        cores,
        quotas: quotas.flatMap(({ name, cores: quota }) => quota === undefined ? [] : [{ name, cores: quota }]),
    });
}

;// CONCATENATED MODULE: ./src/edges/probes/resolver.ts


/** A name server that lost one packet is asked again well within a check's limit. */
const TRY_TIMEOUT_MS = 2000;
const TRIES = 3;
/** Asks the system's name servers, or `server`, for the A or AAAA records of a name. */
async function resolveName(name, family, server, cut) {
    const { Resolver } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 1553, 23));
    const resolver = new Resolver({ timeout: TRY_TIMEOUT_MS, tries: TRIES });
    const forget = cut.onRequest(() => {
        resolver.cancel();
    });
    try {
        if (server !== undefined)
            resolver.setServers([server]);
        return (0,result/* success */.kX)(await (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name)));
    }
    catch (error) {
        return (0,result/* failure */.V2)(cut.requested ? 'TIMEOUT' : (0,kernel_files/* toErrorCode */.X)(error));
    }
    finally {
        forget();
    }
}

;// CONCATENATED MODULE: ./src/edges/host-facts.ts












/** Addresses that only mean this host on this host itself. */
function isLocalOnly(address) {
    return /^(?:fe[89ab]|169\.254\.)/iu.test(address);
}
function toAddresses() {
    return Object.values((0,external_node_os_.networkInterfaces)())
        .flatMap((addresses) => addresses ?? [])
        .filter(({ internal, address }) => !internal && !isLocalOnly(address))
        .map(({ address }) => address);
}
async function loadOsRelease(files) {
    const own = await files.read('/etc/os-release');
    return own.ok ? own : files.read('/usr/lib/os-release');
}
function createHostProbe(files, accounts) {
    return {
        memory: () => loadMemory(files),
        cpu: () => loadCpu(files),
        osRelease: () => loadOsRelease(files),
        listeners: (port) => loadListeners(files, accounts, port),
        identity: () => accounts.identity(),
        group: (name) => accounts.group(name),
        addresses: toAddresses,
        // What sd_booted(3) looks at.
        runsSystemd: () => (0,promises_.access)(files.at('/run/systemd/system')).then(() => true, () => false),
    };
}
function createFileProbe(files, accounts, workspace) {
    return {
        absolute: (path) => (0,external_node_path_.resolve)(workspace, path),
        look: (path) => lookAtPath(path, accounts),
        readRefusal: loadReadRefusal,
        space: (path) => loadSpace(files, path),
        writability: (path) => loadWritability(path, accounts),
    };
}
/** The host as the checks see it. Making it costs nothing: all is looked at when it is asked for. */
function createCheckWorld({ clock, env, workspace, root }) {
    const files = new kernel_files/* KernelFiles */.R(root);
    const accounts = new Accounts(files);
    let trust;
    const loadTrustOnce = async () => {
        const { loadTrust } = await __webpack_require__.e(/* import() */ 773).then(__webpack_require__.bind(__webpack_require__, 8773));
        return loadTrust(env);
    };
    return {
        clock,
        env,
        workspace,
        host: createHostProbe(files, accounts),
        files: createFileProbe(files, accounts, workspace),
        commands: {
            find: (name) => findCommand(name, env['PATH'] ?? '', workspace),
            run: runProbe,
        },
        network: {
            resolve: resolveName,
            reach: async (request, cut) => {
                const { reachUrl } = await __webpack_require__.e(/* import() */ 275).then(__webpack_require__.bind(__webpack_require__, 8275));
                const surroundings = {
                    env,
                    now: () => clock.now(),
                    trust: () => (trust ??= loadTrustOnce()),
                };
                return reachUrl(request, surroundings, cut);
            },
        },
    };
}

;// CONCATENATED MODULE: ./src/edges/checks.ts



/** The pre-flight checks on this host. */
async function carryOutChecks(specs, { fresh, cancel, env, clock, workspace }) {
    const world = createCheckWorld({ clock, env, workspace });
    return await runChecks(specs, world, { fresh, cancel });
}
/** The checks that fit a failure once more, as on a fresh start, and what moved since then. */
async function carryOutChecksAgain(category, specs, before, occasion) {
    const due = checksThatFit(category, specs);
    const findings = await carryOutChecks(due, { ...occasion, fresh: true });
    return { findings, changes: renderChanges(before, findings) };
}


/***/ })

};
