export const id = 325;
export const ids = [325];
export const modules = {

/***/ 7325:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  carryOutChecks: () => (/* binding */ carryOutChecks)
});

// EXTERNAL MODULE: ./src/checks/run-checks.ts + 27 modules
var run_checks = __webpack_require__(3155);
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
// EXTERNAL MODULE: ./src/result.ts
var result = __webpack_require__(1666);
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
        try {
            const { stdout } = await (0,external_node_util_.promisify)(external_node_child_process_.execFile)('getent', [database, '--', key], {
                timeout: GETENT_TIMEOUT_MS,
            });
            const entry = stdout.trim().split(':');
            return entry.length > 2 ? entry : undefined;
        }
        catch {
            // No entry, no getent, or no answer: nobody here knows the name.
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
            timers.push(setTimeout(end, DRAIN_MS));
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
    try {
        const { stdout } = await (0,external_node_util_.promisify)(external_node_child_process_.execFile)('stat', ['-f', '-c', '%S', '--', path]);
        return Number(stdout.trim()) || stats.bsize;
    }
    catch {
        // No such program here, or another dialect: the transfer size is the best there is.
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
function toUnit(cgroup) {
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
        const unit = toUnit((await files.value(`/proc/${pid}/cgroup`)) ?? '');
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
        limits: limits.filter((limit) => limit !== undefined && limit.limitBytes < totalBytes),
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
                const { reachUrl } = await __webpack_require__.e(/* import() */ 199).then(__webpack_require__.bind(__webpack_require__, 199));
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
    return await (0,run_checks/* runChecks */.JT)(specs, world, { fresh, cancel });
}


/***/ }),

/***/ 5977:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ KernelFiles),
/* harmony export */   X: () => (/* binding */ toErrorCode)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _result_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1666);



/** The error code of a failed system call, or the error's text where there is none. */
function toErrorCode(error) {
    // By its shape: errors may come from another realm than ours.
    const { code, message } = Object(error);
    if (typeof code === 'string')
        return code;
    return typeof message === 'string' ? message : String(error);
}
/**
 * Files in which the kernel and the distribution describe the host. `root` is `/` but for tests, which
 * bring a tree of their own.
 */
class KernelFiles {
    #root;
    constructor(root = '/') {
        this.#root = root;
    }
    /** Where an absolute path of the described host lies for us. */
    at(path) {
        return this.#root === '/' ? path : (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(this.#root, path);
    }
    /** The file's text; the error says which file and which code. */
    async read(path) {
        try {
            return (0,_result_js__WEBPACK_IMPORTED_MODULE_2__/* .success */ .kX)(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(this.at(path), 'utf8'));
        }
        catch (error) {
            return (0,_result_js__WEBPACK_IMPORTED_MODULE_2__/* .failure */ .V2)(`${path} cannot be read (${toErrorCode(error)})`);
        }
    }
    /** The file's text without blanks at its ends, `undefined` when it cannot be read. */
    async value(path) {
        const text = await this.read(path);
        return text.ok ? text.value.trim() : undefined;
    }
}


/***/ })

};
