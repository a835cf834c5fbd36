export const id = 732;
export const ids = [732];
export const modules = {

/***/ 3732:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCommandLine: () => (/* binding */ runCommandLine)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./src/app.ts + 7 modules
var app = __webpack_require__(6387);
// EXTERNAL MODULE: ./src/app/close.ts + 1 modules
var app_close = __webpack_require__(2561);
// EXTERNAL MODULE: ./src/app/session.ts
var session = __webpack_require__(919);
;// CONCATENATED MODULE: ./src/cli/exit-codes.ts
/** What the exit code of the command says; documentation and help are made of it. */
const EXIT_CODES = {
    succeeded: { code: 0, meaning: 'succeeded' },
    failed: { code: 1, meaning: 'failed: a step, a check, or what was asked for' },
    usage: { code: 2, meaning: 'the command line is wrong; nothing was started' },
    'rolled-back': { code: 3, meaning: 'failed, and what had been done is undone' },
    'rollback-incomplete': { code: 4, meaning: 'failed, and not all of it could be undone' },
    'in-doubt': { code: 5, meaning: 'a step may or may not have taken effect: a person must say' },
    blocked: { code: 6, meaning: 'no step was started: plan, state, lock or a check' },
    internal: { code: 70, meaning: 'an error of this program' },
    cancelled: { code: 130, meaning: 'cancelled by Ctrl-C (129 by HUP, 143 by TERM)' },
};
/** Signals that cancel, by the number that shells add to 128. */
const CANCEL_SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
/** The exit code of a run that ended so; a cancel names its signal, where one came. */
function toExitCode(outcome, signal) {
    if (outcome === 'cancelled' && signal !== undefined)
        return 128 + CANCEL_SIGNALS[signal];
    return EXIT_CODES[outcome].code;
}

;// CONCATENATED MODULE: ./src/cli/commands.ts
const PLACE = ['state', 'state-dir'];
const REPAIR = [...PLACE, 'deployment-id', 'deployment-key', 'lock-timeout', 'plan'];
const TARGET_DETAIL = 'TARGET is a name as `preflight status` prints it. Without it the target of this directory and plan is meant.';
const WHICH_DETAIL = 'TARGET is a name as `preflight status` prints it, with ten hexadecimal digits at its end; another word is the step. Without TARGET the target of this directory and plan is meant.';
const COMMANDS = {
    run: {
        mode: 'run',
        takes: 'plan',
        usage: '[PLAN]',
        summary: 'Run the steps of a plan; after a failure, go on where it stopped.',
        details: [
            'The same command again goes on from the step that failed, until the deployment has succeeded. After that it starts at the first step.',
            'Ctrl-C ends the running step and keeps what is done.',
        ],
        flags: 'all',
    },
    check: {
        mode: 'check',
        takes: 'plan',
        usage: '[PLAN]',
        summary: 'Carry out the pre-flight checks only.',
        details: ['Writes no state.'],
        flags: [...PLACE, 'plan', 'steps', 'checks', 'working-directory', 'shell', 'secrets'],
    },
    plan: {
        mode: 'plan',
        takes: 'plan',
        usage: '[PLAN]',
        summary: 'Show what a run would do with each step, and why.',
        details: ['Starts nothing and writes no state.'],
        flags: 'all',
    },
    status: {
        mode: 'status',
        takes: 'target',
        usage: '[TARGET]',
        summary: 'Show what a state directory holds: deployments, steps, locks, what is running.',
        details: ['Shows all that is there, also what the action has written. Writes nothing.'],
        flags: [...PLACE, 'target', 'deployment-id'],
    },
    rollback: {
        mode: 'rollback',
        takes: 'target',
        usage: '[TARGET]',
        summary: 'Undo a deployment now, newest step first.',
        details: [
            'The undo commands are those of the plan, or the recorded ones where there is no plan.',
            TARGET_DETAIL,
        ],
        flags: [...REPAIR, 'target', 'steps', 'rollback', 'grace-period', 'secrets'],
    },
    'mark-done': {
        mode: 'mark-done',
        takes: 'target-and-step',
        usage: '[TARGET] STEP',
        summary: 'Say that a step is done: it is skipped from now on.',
        details: [WHICH_DETAIL],
        flags: [...REPAIR, 'target', 'step'],
    },
    forget: {
        mode: 'forget',
        takes: 'target-and-step',
        usage: '[TARGET] [STEP]',
        summary: 'Say that a step is not done: it runs again. Without a step: all of them.',
        details: [WHICH_DETAIL],
        flags: [...REPAIR, 'target', 'step'],
    },
    unlock: {
        mode: 'unlock',
        takes: 'target',
        usage: '[TARGET]',
        summary: 'Remove a lock that nobody can judge; one whose holder is seen alive stays.',
        details: [TARGET_DETAIL],
        flags: [...PLACE, 'target', 'lock', 'plan', 'deployment-key'],
    },
    schema: {
        takes: 'nothing',
        usage: '',
        summary: 'Print the JSON Schema of a plan, for editors.',
        details: [],
        flags: [],
    },
    help: {
        takes: 'command',
        usage: '[COMMAND]',
        summary: 'Show help.',
        details: [],
        flags: [],
    },
};
const COMMAND_NAMES = Object.keys(COMMANDS);
function isCommand(word) {
    return Object.hasOwn(COMMANDS, word);
}
/** The commands that take a target, or a step. */
function findCommandsTaking(what) {
    return COMMAND_NAMES.filter((name) => {
        const { takes } = COMMANDS[name];
        return takes === 'target-and-step' || (what === 'target' && takes === 'target');
    });
}

// EXTERNAL MODULE: ./src/inputs/contract.ts
var contract = __webpack_require__(9451);
;// CONCATENATED MODULE: ./src/cli/flags.ts

/** Inputs that are no flags: the mode is the command, and the others are filled in by the runner. */
const NO_FLAGS = ['mode', 'matrix', 'job-status'];
/** Where the terminal is another place than a job: the description and default that hold there. */
const AT_TERMINAL = {
    plan: {
        description: 'Path of the plan file. Default: preflight.yml, in this directory or at the root of the repository.',
    },
    'working-directory': {
        description: 'Where the steps run that say nothing else. Default: the root of the repository, or this directory.',
    },
    'deployment-id': {
        description: 'Progress belongs to this id: same id, resume; new id, start fresh. Default: GITHUB_RUN_ID, or ' +
            '`local`. For repairs: the newest that is not closed.',
    },
    resume: {
        description: '`auto`; `never`: start fresh, whatever is recorded; `require`: fail when there is nothing to ' +
            'resume from.',
        default: 'auto',
    },
    summary: {
        description: 'When to write the job summary, where GITHUB_STEP_SUMMARY names a file: `always`, `on-failure` ' +
            'or `never`.',
        default: 'always',
    },
    target: {
        description: 'The target, as `preflight status` prints it. Default: that of this directory and plan; for ' +
            '`status`, all.',
    },
};
/** Every flag that is an input of the action, in the order of the contract. */
const FLAGS = contract/* INPUT_NAMES */.Qh.filter(isFlag).map((name) => {
    const { description, default: value = '' } = AT_TERMINAL[name] ?? contract/* INPUTS */.mc[name];
    return { name, description, default: value };
});
/** Flags that make sense more than once: each adds a line. */
const REPEATABLE = new Set(['secrets', 'diagnostics']);
/** Flags of the command line itself. */
const OWN_FLAGS = {
    json: 'One JSON document on standard output; what is for people goes to standard error.',
    help: 'Show help, for a command when one is named.',
    version: 'Show the version.',
};
/** Every word that may stand behind `--`. */
const FLAG_NAMES = [
    ...FLAGS.map(({ name }) => name),
    ...Object.keys(OWN_FLAGS),
];
function isFlag(name) {
    return !NO_FLAGS.includes(name);
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./src/inputs/suggest.ts
var suggest = __webpack_require__(7443);
// EXTERNAL MODULE: ./src/inputs/values.ts
var values = __webpack_require__(8463);
// EXTERNAL MODULE: ./src/result.ts
var result = __webpack_require__(1666);
// EXTERNAL MODULE: ./src/state/identity.ts
var identity = __webpack_require__(4243);
;// CONCATENATED MODULE: ./src/cli/parse-arguments.ts







const OPTIONS = {
    ...Object.fromEntries(FLAGS.map(({ name }) => [name, { type: 'string' }])),
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean', short: 'V' },
};
/** Understands a command line, or says all that is wrong with it. */
function parseArguments(args) {
    const { words, texts, switches, problems } = sort(args);
    const [word, ...rest] = words;
    const wrongCommand = word === undefined || isCommand(word) ? [] : [toUnknownCommand(word)];
    const command = word !== undefined && isCommand(word) ? word : undefined;
    const fault = (...found) => (0,result/* failure */.V2)({ problems: found, command });
    if (problems.length + wrongCommand.length > 0)
        return fault(...problems, ...wrongCommand);
    if (switches.has('version'))
        return (0,result/* success */.kX)({ kind: 'version' });
    if (switches.has('help'))
        return (0,result/* success */.kX)({ kind: 'help', command });
    if (command === undefined) {
        return fault(`Which command? One of: ${COMMAND_NAMES.join(', ')}`);
    }
    if (command === 'help')
        return toHelp(rest);
    const { mode, takes } = COMMANDS[command];
    const read = readWords(command, takes, rest, texts);
    if (!read.ok)
        return fault(...read.error);
    if (mode === undefined)
        return (0,result/* success */.kX)({ kind: 'schema' });
    const inputs = { ...Object.fromEntries(texts), ...read.value, mode };
    return (0,result/* success */.kX)({ kind: 'act', command, mode, inputs, json: switches.has('json') });
}
function toHelp([word, ...rest]) {
    const complaint = (problem) => (0,result/* failure */.V2)({ problems: [problem], command: 'help' });
    if (rest.length > 0)
        return complaint('help takes one command');
    if (word === undefined)
        return (0,result/* success */.kX)({ kind: 'help', command: undefined });
    return isCommand(word)
        ? (0,result/* success */.kX)({ kind: 'help', command: word })
        : complaint(toUnknownCommand(word));
}
function toUnknownCommand(word) {
    const list = COMMAND_NAMES.join(', ');
    return `there is no command ${(0,values/* renderText */.S5)(word)}.${(0,suggest/* renderSuggestion */.tQ)(word, COMMAND_NAMES)} Allowed: ${list}`;
}
function sort(args) {
    const { tokens } = (0,external_node_util_.parseArgs)({
        args: [...args],
        options: OPTIONS,
        allowPositionals: true,
        strict: false,
        tokens: true,
    });
    const words = [];
    const texts = new Map();
    const switches = new Set();
    const problems = [];
    let afterUnknown = false;
    for (const token of tokens) {
        if (token.kind === 'option-terminator')
            continue;
        if (token.kind === 'positional') {
            // The value of a flag that is not known is no word of its own.
            if (!afterUnknown)
                words.push(token.value);
            afterUnknown = false;
            continue;
        }
        const { name, rawName, value, inlineValue } = token;
        afterUnknown = false;
        if (Object.hasOwn(OWN_FLAGS, name)) {
            if (value === undefined)
                switches.add(name);
            else
                problems.push(`${rawName} takes no value`);
        }
        else if (!Object.hasOwn(OPTIONS, name)) {
            problems.push(toUnknownFlag(rawName, name));
            afterUnknown = value === undefined;
        }
        else if (value === undefined || (!inlineValue && looksLikeFlag(value))) {
            const meant = value === undefined ? '' : `; if ${value} is meant, write ${rawName}=${value}`;
            problems.push(`${rawName} needs a value${meant}`);
        }
        else if (texts.has(name) && !REPEATABLE.has(name)) {
            problems.push(`${rawName} is given twice`);
        }
        else {
            const before = texts.get(name);
            texts.set(name, before === undefined ? value : `${before}\n${value}`);
        }
    }
    return { words, texts, switches, problems };
}
/** `- id: a` is a value: a list of YAML. `--json` and `-h` are not. */
function looksLikeFlag(value) {
    return /^--?[A-Za-z][\w-]*(?:=|$)/u.test(value);
}
function toUnknownFlag(rawName, name) {
    if (name === 'mode')
        return '--mode is no flag: the command says it, such as "preflight status"';
    const meant = (0,suggest/* renderSuggestion */.tQ)(name, FLAG_NAMES).replace('"', '"--');
    const list = FLAG_NAMES.map((each) => `--${each}`).join(', ');
    return `there is no flag ${rawName}.${meant} Allowed: ${list}`;
}
/** What the words behind the command stand for, by the flag that says the same. */
function readWords(command, takes, words, texts) {
    const misplaced = findMisplaced(command, texts);
    if (misplaced.length > 0)
        return (0,result/* failure */.V2)(misplaced);
    const { given, rest } = nameWords(takes, words);
    const problems = [
        ...rest.map((word) => `${(0,values/* renderText */.S5)(word)} is one word too many: ${renderUsage(command)}`),
        ...Object.keys(given)
            .filter((name) => texts.has(name))
            .map((name) => `${(0,values/* renderText */.S5)(given[name] ?? '')} and --${name} say the same thing twice`),
    ];
    if (given['plan'] !== undefined && texts.has('steps')) {
        problems.push(`${(0,values/* renderText */.S5)(given['plan'])} and --steps both name the steps to run`);
    }
    if (command === 'mark-done' && given['step'] === undefined && !texts.has('step')) {
        problems.push(`which step is done? ${renderUsage(command)}`);
    }
    return problems.length === 0 ? (0,result/* success */.kX)(given) : (0,result/* failure */.V2)(problems);
}
function findMisplaced(command, texts) {
    return ['target', 'step'].flatMap((name) => {
        const takers = findCommandsTaking(name);
        return !texts.has(name) || takers.includes(command)
            ? []
            : [`--${name} means nothing to "preflight ${command}": it is for ${takers.join(', ')}`];
    });
}
function nameWords(takes, words) {
    const [first, ...others] = words;
    if (first === undefined)
        return { given: {}, rest: [] };
    switch (takes) {
        case 'plan':
            return { given: { plan: first }, rest: others };
        case 'target':
            return { given: { target: first }, rest: others };
        case 'target-and-step': {
            if (words.length === 1) {
                return { given: (0,identity/* isName */.Eo)(first) ? { target: first } : { step: first }, rest: [] };
            }
            const [step = '', ...rest] = others;
            return { given: { target: first, step }, rest };
        }
        case 'command':
        case 'nothing':
            return { given: {}, rest: words };
    }
}
/** `preflight mark-done [TARGET] STEP`. */
function renderUsage(command) {
    return ['preflight', command, COMMANDS[command].usage].filter((word) => word !== '').join(' ');
}

;// CONCATENATED MODULE: ./src/cli/help.ts




/** Wide enough to read, however wide the terminal is. */
const WIDEST = 100;
const NARROWEST = 40;
/** Help for all, or for one command. */
function renderHelp(command, columns) {
    const width = Math.min(WIDEST, Math.max(NARROWEST, columns));
    return command === undefined ? renderOverview(width) : renderCommand(command, width);
}
function renderOverview(width) {
    const commands = COMMAND_NAMES.map((name) => {
        const usage = [name, COMMANDS[name].usage].filter((word) => word !== '').join(' ');
        return [usage, COMMANDS[name].summary];
    });
    return [
        'preflight: deployments that are never left half-done.',
        '',
        'Usage: preflight COMMAND [FLAGS]',
        '',
        ...renderRows(commands, width),
        '',
        'Flags:',
        ...renderRows(toOwnRows(), width),
        '',
        'Flags of a command are named as the inputs of the action: preflight help run',
        '',
        'Exit codes:',
        ...renderRows(toExitRows(), width),
    ];
}
function renderCommand(name, width) {
    const { summary, details, flags } = COMMANDS[name];
    const shown = flags === 'all' ? FLAGS.filter(isOfRun) : FLAGS.filter((flag) => flags.includes(flag.name));
    const rows = shown.map(({ name: flag, description, default: value }) => {
        const end = value === '' ? '' : ` (default: ${value})`;
        return [`--${flag}`, `${description.replaceAll('`', '')}${end}`];
    });
    return [
        `Usage: ${renderUsage(name)}${rows.length === 0 ? '' : ' [FLAGS]'}`,
        '',
        ...wrap(summary, width),
        ...details.flatMap((text) => ['', ...wrap(text.replaceAll('`', ''), width)]),
        ...(rows.length === 0 ? [] : ['', 'Flags:', ...renderRows([...rows, ...toOwnRows()], width)]),
        ...(flags === 'all' || rows.length === 0
            ? []
            : ['', 'The other flags of "preflight run" are accepted here and mean nothing.']),
        '',
        'Exit codes:',
        ...renderRows(toExitRows(), width),
    ];
}
function isOfRun({ name }) {
    return name !== 'target' && name !== 'step';
}
function toOwnRows() {
    const short = { help: '-h, ', version: '-V, ' };
    return Object.entries(OWN_FLAGS).map(([name, text]) => [`${short[name] ?? ''}--${name}`, text]);
}
function toExitRows() {
    return Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
}
function renderRows(rows, width) {
    const column = Math.max(...rows.map(([left]) => left.length)) + 4;
    return rows.flatMap(([left, right]) => {
        const [first = '', ...rest] = wrap(right, width - column);
        return [`  ${left}`.padEnd(column) + first, ...rest.map((line) => ' '.repeat(column) + line)];
    });
}
function wrap(text, width) {
    const lines = [];
    let line = '';
    for (const word of text.split(' ')) {
        if (line !== '' && line.length + 1 + word.length > width) {
            lines.push(line);
            line = word;
        }
        else {
            line = line === '' ? word : `${line} ${word}`;
        }
    }
    return [...lines, line];
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ./src/cli/repository.ts
/**
 * `owner/name` from the address of a remote, without host and credentials; undefined when it names no
 * repository that way.
 */
function parseRemote(address) {
    const path = toPath(address.trim());
    const parts = (path ?? '')
        .replace(/\/+$/u, '')
        .replace(/\.git$/u, '')
        .split('/')
        .filter((part) => part !== '');
    return parts.length < 2 ? undefined : parts.slice(-2).join('/');
}
function toPath(address) {
    if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(address)) {
        return URL.canParse(address) ? new URL(address).pathname : undefined;
    }
    // As scp has it: `git@github.com:owner/name.git`.
    const [, path] = /^[^/:]+:(.+)$/u.exec(address) ?? [];
    return path;
}

// EXTERNAL MODULE: ./src/edges/system-error.ts
var system_error = __webpack_require__(1714);
;// CONCATENATED MODULE: ./src/edges/terminal/place.ts






const DEFAULT_PLAN = 'preflight.yml';
/** Reading one setting takes git a few milliseconds. */
const GIT_ANSWERS_WITHIN_MS = 2_000;
/** Finds out what a runner would tell: repository, workspace, and a name for what is deployed. */
function findPlace(env, cwd, given) {
    const here = (0,external_node_fs_.realpathSync)(cwd);
    const asked = given.plan?.trim() === '' ? undefined : given.plan?.trim();
    const base = asked === undefined ? here : (0,external_node_path_.dirname)((0,external_node_path_.resolve)(here, asked));
    const checkout = findCheckout(base);
    const known = said(env, 'GITHUB_WORKSPACE');
    const workspace = known ?? checkout ?? (isWithin(here, base) ? here : base);
    const plan = toPlan(workspace, here, asked);
    return {
        workspace,
        isCheckout: known !== undefined || checkout !== undefined,
        plan,
        env: {
            ...env,
            GITHUB_WORKSPACE: workspace,
            GITHUB_REPOSITORY: said(env, 'GITHUB_REPOSITORY') ?? nameRepository(checkout) ?? workspace,
            GITHUB_WORKFLOW: said(env, 'GITHUB_WORKFLOW') ?? 'local',
            // Plans beside each other are different deployments, as jobs of a workflow are.
            GITHUB_JOB: said(env, 'GITHUB_JOB') ?? (given.isInline ? 'inline' : plan),
            GITHUB_ACTOR: said(env, 'GITHUB_ACTOR') ?? said(env, 'SUDO_USER') ?? (0,external_node_os_.userInfo)().username,
        },
    };
}
/** A variable that is set and not empty. */
function said(env, name) {
    return env[name] === '' ? undefined : env[name];
}
/** The nearest repository around a directory. One that is the home directory, or all, keeps settings. */
function findCheckout(directory) {
    for (let dir = directory; dir !== (0,external_node_path_.dirname)(dir) && dir !== (0,external_node_os_.homedir)(); dir = (0,external_node_path_.dirname)(dir)) {
        if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(dir, '.git')))
            return (0,external_node_fs_.existsSync)(dir) ? (0,external_node_fs_.realpathSync)(dir) : dir;
    }
    return undefined;
}
function toPlan(workspace, here, asked) {
    if (asked === undefined && !isFile((0,external_node_path_.join)(here, DEFAULT_PLAN)))
        return DEFAULT_PLAN;
    const full = (0,external_node_path_.resolve)(here, asked ?? DEFAULT_PLAN);
    const path = (0,external_node_path_.relative)(workspace, full);
    return (0,external_node_path_.isAbsolute)(path) || path === '..' || path.startsWith(`..${external_node_path_.sep}`) ? full : path;
}
function isFile(path) {
    return (0,external_node_fs_.statSync)(path, { throwIfNoEntry: false })?.isFile() === true;
}
function isWithin(directory, path) {
    const way = (0,external_node_path_.relative)(directory, path);
    return way !== '..' && !way.startsWith(`..${external_node_path_.sep}`) && !(0,external_node_path_.isAbsolute)(way);
}
/** `owner/name` of the remote; undefined without git, without a remote, or with one that has no such name. */
function nameRepository(checkout) {
    if (checkout === undefined)
        return undefined;
    try {
        const address = (0,external_node_child_process_.execFileSync)('git', ['-C', checkout, 'config', '--get', 'remote.origin.url'], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
            timeout: GIT_ANSWERS_WITHIN_MS,
        });
        return parseRemote(address);
    }
    catch {
        // Whatever git has to say against it: then the directory names the deployment.
        return undefined;
    }
}
/** The version of the package that the program in this directory belongs to. */
function readVersion(home) {
    let directory = home;
    for (; directory !== (0,external_node_path_.dirname)(directory); directory = (0,external_node_path_.dirname)(directory)) {
        const manifest = readManifest((0,external_node_path_.join)(directory, 'package.json'));
        if (manifest?.name === 'preflight-action')
            return manifest.version ?? 'unknown';
    }
    return 'unknown';
}
function readManifest(path) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(path, 'utf8'));
    }
    catch (error) {
        if ((0,system_error/* isSystemError */.O)(error) || error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}

// EXTERNAL MODULE: ./src/engine/outcome.ts
var outcome = __webpack_require__(938);
;// CONCATENATED MODULE: ./src/cli/paint.ts

const ESCAPE = '\u001b[';
const PLAIN = `${ESCAPE}0m`;
const LOOKS = {
    good: `${ESCAPE}32m`,
    bad: `${ESCAPE}1;31m`,
    warn: `${ESCAPE}33m`,
    ours: `${ESCAPE}36m`,
    faint: `${ESCAPE}2m`,
    strong: `${ESCAPE}1m`,
};
const TAGS = {
    OK: 'good',
    SKIP: 'faint',
    RUN: 'ours',
    WAIT: 'warn',
    RETRY: 'warn',
    WARN: 'warn',
    NOTICE: 'warn',
    ERROR: 'bad',
    CANCEL: 'warn',
    ROLLBACK: 'warn',
    UNDO: 'ours',
    INFO: 'faint',
};
// eslint-disable-next-line no-control-regex -- colours begin with one
const COLOURS = /\u001b\[[\d;:]{0,64}m/gu;
/** The outcome at the start of the last line. */
const ENDING = new RegExp(`^(?:${outcome/* OUTCOMES */.i.join('|')})(?=[:,])`, 'u');
const STATUSES = {
    complete: 'good',
    failed: 'bad',
    'in doubt': 'bad',
    running: 'ours',
    'not done yet': 'faint',
};
/** A step as `status` lists it. */
const STEP_STATUS = new RegExp(String.raw `^( {2}[\w-]+: )(${Object.keys(STATUSES).join('|')})(?= \(|$)`, 'u');
/** Gives the lines of ours their colours, or takes away the few that they have. */
function createPaint(colour) {
    return (line) => (colour ? paint(line) : line.replaceAll(COLOURS, ''));
}
function paint(line) {
    const [, tag = ''] = /^\[([A-Z]+)\]/u.exec(line) ?? [];
    const look = TAGS[tag];
    if (look !== undefined)
        return inLook(look, `[${tag}]`) + line.slice(tag.length + 2);
    const [outcome] = ENDING.exec(line) ?? [];
    if (outcome !== undefined) {
        return inLook(outcome === 'succeeded' ? 'good' : 'bad', outcome) + line.slice(outcome.length);
    }
    const [, start = '', status] = STEP_STATUS.exec(line) ?? [];
    if (status !== undefined) {
        const rest = line.slice(start.length + status.length);
        return start + inLook(STATUSES[status] ?? 'faint', status) + rest;
    }
    if (line.startsWith('target: '))
        return inLook('strong', line);
    if (line.startsWith('next: '))
        return inLook('strong', 'next:') + line.slice('next:'.length);
    return line;
}
function inLook(look, text) {
    return `${LOOKS[look]}${text}${PLAIN}`;
}
/** A text that is less important than what stands around it. */
function renderFaint(text, colour) {
    return colour ? inLook('faint', text) : text;
}
/** Ends whatever colour the output of a command has begun. */
const COLOUR_END = PLAIN;
/** As is common: FORCE_COLOR, then NO_COLOR, then whether a terminal that has colours reads this. */
function decideColour({ isTerminal, env }) {
    const force = env['FORCE_COLOR'];
    if (force !== undefined)
        return force !== '0' && force !== 'false';
    if ((env['NO_COLOR'] ?? '') !== '')
        return false;
    return isTerminal && env['TERM'] !== 'dumb';
}

// EXTERNAL MODULE: ./src/edges/log-stream.ts
var log_stream = __webpack_require__(6970);
;// CONCATENATED MODULE: ./src/edges/terminal/screen.ts


/** How often the live line is drawn anew. */
const REDRAW_MS = 200;
const ERASE_LINE = '\r\u001b[K';
/** Where the terminal does not say. */
const COLUMNS = 80;
const FRAMES = { unicode: '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏', ascii: '|/-\\' };
// eslint-disable-next-line no-control-regex -- colours begin with one
const screen_COLOURS = /\u001b\[[\d;:]{0,64}m/gu;
/**
 * Writes to a stream, once a turn of the event loop. Once the reader is gone, writes are dropped and
 * `onGone` is told: a deployment is not ended half-way because nobody reads its log.
 */
function createScreen(stream, env, onGone) {
    return new StreamScreen(stream, env, onGone);
}
class StreamScreen {
    colour;
    unicode;
    isLive;
    #buffered = '';
    #scheduled = false;
    #gone = false;
    /** The last line is not finished: nothing may be drawn below it. */
    #isMidLine = false;
    #isDrawn = false;
    #frame = 0;
    #render = () => '';
    #timer;
    #stream;
    constructor(stream, env, onGone) {
        this.#stream = stream;
        const isTerminal = stream.isTTY === true;
        this.colour = decideColour({ isTerminal, env });
        const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((name) => (env[name] ?? '') !== '');
        this.unicode = /utf-?8/iu.test(env[locale ?? ''] ?? '');
        this.isLive = isTerminal && env['TERM'] !== 'dumb';
        stream.on('error', () => {
            this.#gone = true;
            onGone();
        });
    }
    // A terminal that does not know its width says 0.
    columns = () => this.#stream.columns === undefined || this.#stream.columns === 0
        ? COLUMNS
        : this.#stream.columns;
    write = (text) => {
        this.#buffered += text;
        if (this.#scheduled)
            return;
        this.#scheduled = true;
        setImmediate(this.flush);
    };
    isBehind = () => !this.#gone && (0,log_stream/* isFarBehind */.W)(this.#stream);
    follow = (render) => {
        if (!this.isLive)
            return;
        this.#render = render;
        this.#timer ??= setInterval(() => {
            this.#frame++;
            this.#draw('');
        }, REDRAW_MS);
        // It must not keep the program alive.
        this.#timer.unref();
    };
    flush = () => {
        this.#scheduled = false;
        const text = this.#buffered;
        this.#buffered = '';
        if (text !== '')
            this.#draw(text);
    };
    close = () => {
        clearInterval(this.#timer);
        this.#timer = undefined;
        this.#render = () => '';
        this.flush();
        this.#draw('');
    };
    /** Takes the live line away, writes, and draws it anew: in one piece, so that nothing flickers. */
    #draw(text) {
        if (this.#gone)
            return;
        const seen = text.replaceAll(screen_COLOURS, '');
        if (seen !== '')
            this.#isMidLine = !seen.endsWith('\n');
        const live = this.#isMidLine ? '' : this.#renderLive();
        const erased = this.#isDrawn ? ERASE_LINE : '';
        this.#isDrawn = live !== '';
        if (erased + text + live !== '')
            this.#stream.write(erased + text + live);
    }
    #renderLive() {
        const frames = this.unicode ? FRAMES.unicode : FRAMES.ascii;
        // The last column stays free: some terminals break the line when it is filled.
        const line = this.#render(this.columns() - 3);
        const frame = frames[this.#frame % frames.length] ?? '';
        return line === '' ? '' : renderFaint(`${frame} ${line}`, this.colour);
    }
}

// EXTERNAL MODULE: external "node:tty"
var external_node_tty_ = __webpack_require__(7066);
// EXTERNAL MODULE: ./src/engine/stop.ts
var stop = __webpack_require__(5836);
;// CONCATENATED MODULE: ./src/edges/terminal/signals.ts





/** Ctrl-C, a polite kill and a terminal that is closed are a cancel. That our parent ends is not: we may be in the background. */
function watchTerminal() {
    const readerGone = (0,stop/* createStop */.n)();
    let cancel = (0,stop/* createStop */.n)();
    let first;
    const hasTerminal = [0, 1, 2].some((fd) => (0,external_node_tty_.isatty)(fd));
    const listeners = Object.keys(CANCEL_SIGNALS).map((signal) => {
        const isIgnored = signal === 'SIGHUP' && isUnderNohup();
        const listener = () => {
            if (isIgnored)
                return;
            first ??= signal;
            cancel.request();
        };
        process.on(signal, listener);
        return { signal, listener };
    });
    const toStops = () => ({ cancel: cancel.stop, workerGone: readerGone.stop });
    return {
        stops: toStops(),
        renew: () => {
            cancel = (0,stop/* createStop */.n)();
            return toStops();
        },
        loseReader: readerGone.request,
        signal: () => first,
        hasHungUp: () => hasTerminal && first === 'SIGHUP',
        dispose: () => {
            for (const { signal, listener } of listeners)
                process.off(signal, listener);
        },
    };
}
const ACCESS_MODE = 0o3;
const WRITE_ONLY = 0o1;
/**
 * Whether `nohup` started us: node forgets that HUP was ignored, but nobody else gives a program a
 * standard input that can only be written to.
 */
function isUnderNohup() {
    try {
        if ((0,external_node_fs_.readlinkSync)('/proc/self/fd/0') !== '/dev/null')
            return false;
        const [, flags = ''] = /^flags:\s*(\d+)$/mu.exec((0,external_node_fs_.readFileSync)('/proc/self/fdinfo/0', 'utf8')) ?? [];
        return (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY;
    }
    catch (error) {
        if ((0,system_error/* isSystemError */.O)(error))
            return false;
        throw error;
    }
}

// EXTERNAL MODULE: ./src/inputs/duration.ts
var duration = __webpack_require__(1601);
// EXTERNAL MODULE: ./src/report/bounds.ts
var bounds = __webpack_require__(5961);
// EXTERNAL MODULE: ./src/report/visible.ts
var visible = __webpack_require__(776);
;// CONCATENATED MODULE: ./src/cli/progress.ts



const WORDS = {
    step: '',
    finally: '',
    probe: ' · done-when',
    undo: ' · rollback',
    remedy: ' · remedy',
    rollback: '',
    diagnostic: ' · diagnostics',
};
/** The name of a step comes from the plan: `redact` keeps secrets out of the line. */
function createProgress(redact) {
    let doing;
    return {
        on: (event, now) => {
            doing = toDoing(event, now, doing);
        },
        render: (now, columns) => {
            if (doing === undefined)
                return '';
            const what = (0,visible/* toVisibleLine */.y)(redact(doing.what));
            const time = doing.kind === 'running'
                ? toSeconds(now - doing.since)
                : `again in ${toSeconds(Math.max(0, doing.until - now))}`;
            // The time is what changes: it stays in sight whatever the name is.
            const room = Math.max(0, columns - time.length - 3);
            return `${(0,bounds/* shorten */.ml)(what, Math.max(1, room))} · ${time}`;
        },
    };
}
function toDoing(event, now, before) {
    switch (event.type) {
        case 'attempt-started': {
            const { step, role, attempt, maxAttempts } = event;
            const tries = attempt > 1 && role !== 'probe' ? ` · attempt ${attempt} of ${maxAttempts}` : '';
            const what = role === 'rollback' ? 'rollback command' : step.id;
            return { kind: 'running', what: `${what}${WORDS[role]}${tries}`, since: now };
        }
        case 'retry-waiting': {
            const { step, nextAttempt, maxAttempts, delayMs } = event;
            const what = `${step.id} · attempt ${nextAttempt} of ${maxAttempts}`;
            return { kind: 'waiting', what, until: now + delayMs };
        }
        case 'leftover-waited-for':
            return { kind: 'running', what: `${event.step} · started by an earlier run`, since: now };
        case 'attempt-ended':
        case 'remedy-ended':
        case 'diagnostic-ended':
        case 'probe-answered':
        case 'rollback-ended':
        case 'step-completed':
        case 'step-failed':
        case 'step-skipped':
        case 'stopping':
        case 'undo-ended':
            return undefined;
        case 'checkpoints-dropped':
        case 'doubt-resolved':
        case 'old-failure':
        case 'retries-ended':
        case 'rollback-started':
        case 'state-fault':
        case 'values-withheld':
            return before;
    }
}
/** Whole seconds: a line that is drawn several times a second must not flicker. */
function toSeconds(ms) {
    return ms < 1000 ? '0 s' : (0,duration/* renderDuration */.PP)(Math.floor(ms / 1000) * 1000);
}

// EXTERNAL MODULE: ./src/report/log.ts
var log = __webpack_require__(6472);
;// CONCATENATED MODULE: ./src/cli/tell.ts


/**
 * One event as a terminal has it: the words of the log, the names of the steps beside their ids instead
 * of in headings of their own, and how long what has ended took.
 */
function renderAtTerminal(event, tookMs) {
    const parts = (0,log/* renderEvent */.N1)(event);
    switch (event.type) {
        case 'attempt-started':
            return renderStart(event, parts);
        case 'step-completed':
        case 'step-failed':
        case 'undo-ended':
            return tookMs === undefined ? parts : parts.map((part) => withTime(part, tookMs));
        default:
            return parts;
    }
}
function renderStart({ step, role }, parts) {
    const lines = parts.filter(({ kind }) => kind === 'line');
    // What has no line of its own keeps its heading: nobody would know whose output follows.
    if (lines.length === 0) {
        return parts.map((part) => part.kind === 'open-group' ? { kind: 'line', text: `[RUN] ${part.title}` } : part);
    }
    const isNamed = role !== 'rollback' && step.name !== step.id;
    return lines.map((part) => part.kind === 'line' && isNamed ? { ...part, text: `${part.text}: ${step.name}` } : part);
}
function withTime(part, tookMs) {
    return part.kind === 'line'
        ? { ...part, text: `${part.text} in ${(0,duration/* renderDuration */.PP)(tookMs)}` }
        : part;
}

// EXTERNAL MODULE: ./src/report/printer.ts + 2 modules
var report_printer = __webpack_require__(203);
// EXTERNAL MODULE: ./src/edges/edges.ts + 49 modules
var edges = __webpack_require__(4616);
// EXTERNAL MODULE: ./src/edges/plan-files.ts + 1 modules
var plan_files = __webpack_require__(9344);
;// CONCATENATED MODULE: ./src/edges/terminal/terminal-edges.ts











const NOTHING_MISSING = { needed: [], niceToHave: [] };
const NO_PLAN = 'Start this in the directory of the plan, or name the plan behind the command.';
/** The same edges as under the runner, but for who says what, and what is left to whom. */
function createTerminalEdges(request) {
    const { env, home, place, stops, screen, venue, inputs } = request;
    const { isCheckout } = place;
    const log = { write: screen.write, isBehind: screen.isBehind };
    const base = (0,edges/* createEdges */.j)({ env: place.env, stops, log, home, isCheckout });
    let handoff;
    let report;
    return {
        handoff: () => handoff,
        report: () => report,
        edges: {
            ...base,
            // The steps get what was there, not what we made of it.
            env,
            venue,
            rawInputs: inputs,
            openPrinter: (redactor) => openPrinter(base, screen, redactor),
            readPlan: (path) => (0,plan_files/* readPlan */.m3)(place.workspace, path, NO_PLAN),
            chooseState: (asked) => {
                const chosen = base.chooseState(asked);
                // A host that was never provisioned, a laptop say, is not told so on every run.
                if (!chosen.ok || (0,external_node_fs_.existsSync)(edges/* DEFAULT_STATE_DIR */.m))
                    return chosen;
                return { ...chosen, value: { ...chosen.value, notes: [] } };
            },
            saveHandoff: (left) => {
                handoff = left;
                return (0,result/* success */.kX)(undefined);
            },
            markFinished: () => (0,result/* success */.kX)(undefined),
            publish: async (published) => {
                report = published.report;
                const inJob = hasFiles(env) ? await base.publish(published) : NOTHING_MISSING;
                const reportFile = saveReport(published);
                return { ...inJob, ...(reportFile === undefined ? {} : { reportFile }) };
            },
        },
    };
}
function openPrinter(base, screen, redactor) {
    const { clock } = base;
    const { colour, unicode } = screen;
    const printer = (0,report_printer/* createPrinter */.F)({
        write: screen.write,
        redactor,
        clock,
        groups: { open: (title) => `${title}\n`, close: '' },
        plain: {
            paint: createPaint(colour),
            prefix: renderFaint(unicode ? '  │ ' : '  | ', colour),
            after: screen.isLive ? COLOUR_END : '',
            showsLife: screen.isLive,
        },
    });
    const progress = createProgress((text) => redactor.redact(text));
    const startedAt = new Map();
    screen.follow((columns) => progress.render(clock.monotonic(), columns));
    return {
        ...printer,
        tell: (event) => {
            const now = clock.monotonic();
            progress.on(event, now);
            printer.print(renderAtTerminal(event, takeTime(startedAt, event, now)));
        },
    };
}
/** How long what an event ends took, all its attempts together. */
function takeTime(startedAt, event, now) {
    if (event.type === 'attempt-started') {
        if (event.role === 'probe')
            return undefined;
        const key = `${event.role === 'undo' ? 'undo' : 'step'} ${event.step.id}`;
        if (!startedAt.has(key))
            startedAt.set(key, now);
        return undefined;
    }
    const isUndo = event.type === 'undo-ended';
    if (!isUndo && event.type !== 'step-completed' && event.type !== 'step-failed')
        return undefined;
    const since = startedAt.get(`${isUndo ? 'undo' : 'step'} ${event.step.id}`);
    return since === undefined ? undefined : now - since;
}
/** Somebody uses the command in a step of a workflow: then the rest of the job gets what the steps wrote. */
function hasFiles(env) {
    return ['OUTPUT', 'ENV', 'PATH', 'STEP_SUMMARY'].some((name) => (env[`GITHUB_${name}`] ?? '') !== '');
}
/** Beside the records, where they are: only what has changed something has one. */
function saveReport({ report }) {
    const { mode, state_dir: stateDir, target, deployment_id: deploymentId } = report;
    if ((mode !== 'run' && mode !== 'rollback') || stateDir === '' || target === '')
        return undefined;
    const directory = (0,external_node_path_.join)(stateDir, target, (0,identity/* toDeploymentName */.CM)(deploymentId));
    const path = (0,external_node_path_.join)(directory, 'report.json');
    try {
        // Nothing was recorded: then there is no place for it.
        if (!(0,external_node_fs_.existsSync)(directory))
            return undefined;
        const temporary = `${path}.${process.pid}`;
        (0,external_node_fs_.writeFileSync)(temporary, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
        (0,external_node_fs_.renameSync)(temporary, path);
        return path;
    }
    catch (error) {
        if ((0,system_error/* isSystemError */.O)(error))
            return undefined;
        throw error;
    }
}

// EXTERNAL MODULE: ./src/inputs/parse.ts + 2 modules
var parse = __webpack_require__(6437);
// EXTERNAL MODULE: ./src/redact/neutralise.ts
var neutralise = __webpack_require__(9715);
// EXTERNAL MODULE: ./src/redact/redactor.ts + 25 modules
var redactor = __webpack_require__(532);
// EXTERNAL MODULE: ./src/shell-word.ts
var shell_word = __webpack_require__(9166);
;// CONCATENATED MODULE: ./src/cli.ts
















/** The command line, start to end; returns the exit code. `home` is the directory of the file that was started. */
async function runCommandLine(home, args) {
    const watch = watchTerminal();
    const out = createScreen(process.stdout, process.env, watch.loseReader);
    const err = createScreen(process.stderr, process.env, watch.loseReader);
    try {
        const invocation = parseArguments(args);
        if (!invocation.ok)
            return refuse(err, invocation.error);
        return await carryOut(invocation.value, { home, args, watch, out, err });
    }
    catch (error) {
        // Only bugs come here: what is expected to go wrong is a value.
        const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
        err.write(`preflight: internal error: ${toSafe(said)}\n`);
        return EXIT_CODES.internal.code;
    }
    finally {
        out.close();
        err.close();
        watch.dispose();
        // Node aborts when it sets back a terminal that is gone; to end by the signal is what is expected then.
        if (watch.hasHungUp())
            process.kill(process.pid, 'SIGHUP');
    }
}
async function carryOut(invocation, console) {
    const { home, out, err } = console;
    switch (invocation.kind) {
        case 'help':
            out.write(`${renderHelp(invocation.command, out.columns()).join('\n')}\n`);
            return EXIT_CODES.succeeded.code;
        case 'version':
            out.write(`preflight ${readVersion(home)}\n`);
            return EXIT_CODES.succeeded.code;
        case 'schema': {
            const { renderJsonSchema } = await Promise.all(/* import() */[__webpack_require__.e(939), __webpack_require__.e(285)]).then(__webpack_require__.bind(__webpack_require__, 5285));
            out.write(renderJsonSchema());
            return EXIT_CODES.succeeded.code;
        }
        case 'act': {
            const asked = { ...invocation, inputs: resolveStateDir(invocation.inputs) };
            const wrong = findWrongFlags(asked);
            return wrong === undefined ? await act(asked, console) : refuse(err, wrong);
        }
    }
}
/** Under a runner a relative path would lie in the checkout; at a terminal it is where one is. */
function resolveStateDir(inputs) {
    const dir = (inputs['state-dir'] ?? '').trim();
    return dir === '' ? inputs : { ...inputs, 'state-dir': (0,external_node_path_.resolve)(dir) };
}
/** What the values of the flags themselves have against them; a target is filled in later. */
function findWrongFlags({ command, mode, inputs }) {
    const target = needsTarget(mode) && !isNamed(inputs) ? { target: 'of-this-directory' } : {};
    const parsed = (0,parse/* parseInputs */.T)({ ...inputs, ...target });
    if (parsed.ok)
        return undefined;
    const problems = parsed.error.map(({ at, message }) => 'input' in at ? `--${at.input}: ${message}` : message);
    return { problems, command };
}
async function act(invocation, { home, args, watch, out, err }) {
    const { inputs: given, json } = invocation;
    const { env } = process;
    const place = findPlace(env, process.cwd(), {
        plan: given['plan'],
        isInline: given['steps'] !== undefined,
    });
    const screen = json ? err : out;
    const base = { env, home, place, screen, venue: toVenue(args, given) };
    const world = createTerminalEdges({ ...base, stops: watch.stops, inputs: given });
    const inputs = { ...given, ...cli_toPlan(given, place.plan), ...toTarget(invocation, world) };
    const edges = { ...world.edges, rawInputs: inputs };
    const outcome = await (0,app/* runAction */.C)(edges);
    await endJob({ ...world, edges }, outcome, watch);
    screen.close();
    if (json)
        out.write(`${JSON.stringify(world.report(), undefined, 2)}\n`);
    return toExitCode(outcome, watch.signal());
}
/** What a post step would do: after a cancel what is under way is ended, and a rollback is finished. */
async function endJob({ edges, handoff }, outcome, watch) {
    const left = handoff();
    if (left === undefined)
        return;
    // Whoever has taken the lock meanwhile takes over what is left, too: nobody waits for that here.
    const rawInputs = { ...edges.rawInputs, 'lock-timeout': '2s' };
    await (0,app_close/* closeJob */.A)({ ...edges, stops: watch.renew(), rawInputs }, { handoff: left, finished: outcome });
}
function cli_toPlan(given, plan) {
    const isGiven = given['plan'] !== undefined;
    // Not given, and where the action looks for it: then the action's own default will do.
    if (given['steps'] !== undefined || (!isGiven && plan === 'preflight.yml'))
        return {};
    return { plan };
}
/** Repairs are of this directory's deployment, unless another one is named. */
function toTarget({ mode, inputs }, { edges }) {
    if (!needsTarget(mode) || isNamed(inputs))
        return {};
    const { repository, workflow, job, action } = edges.context;
    const key = (inputs['deployment-key'] ?? '').trim();
    return { target: (0,identity/* toTargetName */.WF)({ repository, workflow, job, matrix: '', action, key }) };
}
function needsTarget(mode) {
    return mode === 'rollback' || mode === 'mark-done' || mode === 'forget' || mode === 'unlock';
}
function isNamed(inputs) {
    return (inputs['target'] ?? '').trim() !== '';
}
/** A line that is longer is not typed again, but taken from the shell's history. */
const LONGEST_AGAIN = 200;
function toVenue(args, inputs) {
    const again = ['preflight', ...args].map(shell_word/* renderShellWord */.Z).join(' ');
    const isHandy = again.length <= LONGEST_AGAIN && !again.includes('\n');
    return {
        kind: 'terminal',
        again: isHandy ? again : `preflight ${inputs['mode'] ?? ''} (with the same flags)`,
        flags: ['state', 'state-dir'].flatMap((name) => inputs[name] === undefined ? [] : [`--${name}`, inputs[name]]),
    };
}
function refuse(err, { problems, command }) {
    for (const problem of problems)
        err.write(`preflight: ${toSafe(problem)}\n`);
    const help = command === undefined ? 'preflight help' : `preflight help ${command}`;
    const usage = command === undefined ? 'preflight COMMAND' : renderUsage(command);
    err.write(`Usage: ${usage} [FLAGS]; more by: ${help}\n`);
    return EXIT_CODES.usage.code;
}
/** What was typed, or a bug's text, may hold a secret of the environment. */
function toSafe(text) {
    return (0,neutralise/* neutralise */.$)((0,redactor/* createRedactor */.l)({ known: (0,session/* findSecrets */.dL)(process.env, []) }).redact(text));
}


/***/ })

};
