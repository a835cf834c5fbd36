export const id = 418;
export const ids = [418];
export const modules = {

/***/ 6418:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createDiagnosis: () => (/* binding */ createDiagnosis)
});

// EXTERNAL MODULE: external "node:path/posix"
var posix_ = __webpack_require__(3916);
// EXTERNAL MODULE: ./src/state/record.ts
var record = __webpack_require__(388);
// EXTERNAL MODULE: ./src/inputs/duration.ts
var duration = __webpack_require__(1601);
;// CONCATENATED MODULE: ./src/failure/category-advice.ts
/** What each category means, in the words of a colleague on call. */
const CATEGORY_ADVICE = {
    'transient:network': {
        meaning: 'A remote side could not be reached. The same command may succeed soon.',
        lookAt: ['If it lasts: name, address and port, then the firewall and the proxy between.'],
        commands: ['getent hosts {host}', 'nc -vz -w 5 {host} {port}'],
    },
    'transient:timeout': {
        meaning: 'A remote side did not answer in time. The same command may succeed soon.',
        lookAt: ['If it lasts: the load of the remote side, and the limit that the command sets.'],
        commands: ['getent hosts {host}', 'nc -vz -w 5 {host} {port}'],
    },
    'transient:rate-limit': {
        meaning: 'A remote side limits how often it may be asked. It answers again after a while.',
        lookAt: ['If it comes back: a log-in raises most limits, a mirror or cache avoids them.'],
        commands: [],
    },
    'transient:lock': {
        meaning: 'Somebody else holds a lock that the step needs. It is usually released soon.',
        lookAt: ['If it lasts: find the holder. Remove a lock only when its holder is certainly gone.'],
        commands: ['fuser -v {path}'],
    },
    'transient:service': {
        meaning: 'A remote service is temporarily not available. The same command may succeed soon.',
        lookAt: ['If it lasts: the status page of the service.'],
        commands: [],
    },
    'transient:conflict': {
        meaning: 'Two changes met and this one was turned away as a whole. Repeating it is safe.',
        lookAt: ['If it comes back: find out who else changes the same thing.'],
        commands: [],
    },
    'recoverable:permission': {
        meaning: 'The step may not do what it tries to do. It works once the right is given.',
        lookAt: ['Which user runs the step, and who owns the path.'],
        commands: ['id', 'ls -ld {path}', 'namei -l {path}'],
    },
    'recoverable:resource': {
        meaning: 'Disk, memory or a quota is used up. It works once there is room again.',
        lookAt: ['What grew: logs, old releases, images, or a process.'],
        commands: ['df -h', 'df -i', 'free -h', 'docker system df'],
    },
    'recoverable:dependency': {
        meaning: 'Something that the step needs is not there. It works once that is installed or published.',
        lookAt: ['The exact name and version, and the step that should have made it.'],
        commands: ['command -v {command}', 'ls -ld {path}'],
    },
    'recoverable:configuration': {
        meaning: 'A setting, file or call is wrong. It works once that is corrected; repeating changes nothing.',
        lookAt: ['The named file and line, and the environment of the step.'],
        commands: ['ls -l {path}'],
    },
    'recoverable:credentials': {
        meaning: 'The other side does not accept who we say we are. It works once the credentials are right.',
        lookAt: ['Whether the secret is set in this environment, current, and meant for this host.'],
        commands: [],
    },
    'recoverable:port': {
        meaning: 'A port that the step needs is in use. It works once the other process is gone.',
        lookAt: ['Which process listens there; often the previous release.'],
        commands: ["ss -ltnp 'sport = :{port}'"],
    },
    'critical:migration': {
        meaning: 'A database migration failed or stopped half-way. The schema may be between two versions.',
        lookAt: ['The state of the schema, before anything is run again. Have the backup at hand.'],
        commands: [],
    },
    'critical:health': {
        meaning: 'The release is in place, but the service does not answer as it should.',
        lookAt: ['The log of the service since the roll-out.'],
        commands: ["ss -ltnp 'sport = :{port}'", 'docker ps -a', 'journalctl -n 50 --no-pager'],
    },
    'critical:data': {
        meaning: 'Data is damaged, or not what it should be. Nothing should be built on it.',
        lookAt: ['Where the data came from, and whether an earlier copy is good.'],
        commands: ['ls -l {path}', 'dmesg -T | tail -n 20'],
    },
    'critical:service': {
        meaning: 'A service did not start, or is not running.',
        lookAt: ['The log of the service: its last lines before it ended.'],
        commands: [
            'systemctl status {unit}',
            'journalctl -u {unit} -n 50 --no-pager',
            'systemctl --failed',
        ],
    },
    'critical:verification': {
        meaning: 'A test or a check of the result says no.',
        lookAt: ['What was expected and what was found; then what changed since it last passed.'],
        commands: [],
    },
    'critical:build': {
        meaning: 'The code or bundle does not build.',
        lookAt: ['The first error in the output; later ones often follow from it.'],
        commands: [],
    },
    'critical:timeout': {
        meaning: 'The step ran longer than its timeout and was ended. What it did until then stays done.',
        lookAt: ['What it waited for. Raise timeout only if the work is known to need longer.'],
        commands: ['ps -eo pid,etime,args --sort=-etime | head -n 20'],
    },
    'critical:crash': {
        meaning: 'A program crashed in the middle of its work.',
        lookAt: ['What changed in it: version, library, data. A core dump, if one was kept.'],
        commands: ['coredumpctl list', 'dmesg -T | tail -n 20'],
    },
    'fatal:signal': {
        meaning: 'The command was ended from outside: cancelled, or killed by somebody or something.',
        lookAt: ['Who did it: the kernel log, a reboot, another job. Then how far the step had come.'],
        commands: ['dmesg -T | tail -n 30', 'last -x -n 5', 'free -h'],
    },
    'fatal:in-doubt': {
        meaning: 'Nobody knows whether the step took effect, and it is not safe to repeat.',
        lookAt: [
            'The target itself. Then say what you found: mode: mark-done if it took effect, mode: forget if not.',
        ],
        commands: [],
    },
    'fatal:state': {
        meaning: 'The stored state cannot be trusted or written, so going on would be guessing.',
        lookAt: ['The file that is named, and the disk and rights of the state directory.'],
        commands: ['ls -la {path}', 'df -h'],
    },
    'unknown:exit': {
        meaning: 'The command failed, and no rule knows this failure.',
        lookAt: [
            'The last lines of the output.',
            "To decide it next time: a rule in the plan, such as classify: [{ match: 'text of the error', as: 'transient:service' }].",
            'Or let the script say it: echo "category=transient:service" >> "$PREFLIGHT_RESULT".',
        ],
        commands: [],
    },
};

;// CONCATENATED MODULE: ./src/failure/advice.ts

const MAX_FACT_CHARS = 200;
const MAX_COMMANDS = 6;
const PLAIN = /^[\w@%+=:,./-]{1,200}$/u;
/** What to say about a failure of this category. */
function toAdvice(category, source) {
    const general = CATEGORY_ADVICE[category];
    const facts = { ...factsInLine(source.line), ...source.facts };
    const commands = [...(source.run ?? []), ...general.commands]
        .map((template) => fillIn(template, facts))
        .filter((command) => command !== undefined);
    return {
        meaning: general.meaning,
        lookAt: source.fix === undefined ? general.lookAt : [source.fix, ...general.lookAt],
        commands: [...new Set(commands)].slice(0, MAX_COMMANDS),
    };
}
/** Fills `{name}` in; undefined when a name is unknown or not fit to stand in a command. */
function fillIn(template, facts) {
    const names = [...template.matchAll(/\{([a-z]{2,12})\}/gu)].map((match) => match[1] ?? '');
    const quoted = new Map(names.map((name) => [name, quoteFact(name, facts[name] ?? '')]));
    if ([...quoted.values()].includes(undefined))
        return undefined;
    return template.replace(/\{([a-z]{2,12})\}/gu, (_, name) => quoted.get(name) ?? '');
}
/**
 * Quotes what came out of a process for a shell. What could be taken for an option, has control
 * characters, or is too long to be a name, is not used at all.
 */
function quoteFact(name, value) {
    if (value === '' || value.length > MAX_FACT_CHARS || value.startsWith('-'))
        return undefined;
    // eslint-disable-next-line no-control-regex -- these must not reach a terminal
    if (/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/u.test(value))
        return undefined;
    if (name === 'port')
        return /^\d{1,5}$/u.test(value) ? value : undefined;
    if (name === 'host')
        return /^\[?[\w.:-]{1,200}\]?$/u.test(value) ? value.replace(/[[\]]/gu, '') : undefined;
    return PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw `'\''`)}'`;
}
function factsInLine(line) {
    const path = /(?:^|[\s'"‘`(:=])(\/[\w.@%+=,/-]{2,200})(?=$|[\s'"’`):;,])/u.exec(line)?.[1];
    const url = /\bhttps?:\/\/[\w.:/-]{3,200}/u.exec(line)?.[0];
    const [, host, port] = /\b((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}|\d{1,3}(?:\.\d{1,3}){3}|localhost)(?::(\d{2,5}))?\b/iu.exec(line) ?? [];
    return {
        ...(path === undefined ? {} : { path: path.replace(/\.$/u, '') }),
        ...(url === undefined ? {} : { url }),
        ...(host === undefined ? {} : { host }),
        ...(port === undefined ? {} : { port }),
    };
}

// EXTERNAL MODULE: ./src/failure/category.ts
var failure_category = __webpack_require__(2720);
;// CONCATENATED MODULE: ./src/failure/literals.ts
/**
 * Which texts a regular expression cannot match without: `/\b(?:too many|no) locks\b/i` needs " locks".
 * Looking for such a text is far cheaper than trying the expression, so it decides what is tried at all.
 */
const SHORTEST = 3;
const MOST_ALTERNATIVES = 60;
/** Reads the source of an expression that compiles; what it does not understand, it says nothing about. */
function neededLiterals(source) {
    return readAlternatives({ source, at: 0 });
}
function readAlternatives(cursor) {
    const all = [];
    let known = true;
    for (;;) {
        const needed = bestOf(readSequence(cursor));
        if (needed === undefined)
            known = false;
        else
            all.push(...needed);
        if (cursor.source[cursor.at] !== '|')
            break;
        cursor.at++;
    }
    return known && all.length <= MOST_ALTERNATIVES ? all : undefined;
}
function readSequence(cursor) {
    const items = [];
    while (cursor.at < cursor.source.length) {
        const next = cursor.source[cursor.at];
        if (next === '|' || next === ')')
            break;
        const item = readItem(cursor);
        const repeat = readRepeat(cursor);
        if (repeat === 'may-be-absent')
            items.push({ needed: undefined });
        else if (repeat === 'repeated' && 'char' in item)
            items.push(item, { needed: undefined });
        else
            items.push(item);
    }
    return items;
}
function readItem(cursor) {
    const char = cursor.source[cursor.at++] ?? '';
    if (char === '(')
        return { needed: readGroup(cursor) };
    if (char === '[')
        return skipClass(cursor);
    if (char === '\\')
        return readEscape(cursor);
    if (char === '.' || char === '^' || char === '$')
        return { needed: undefined };
    return { char };
}
function readGroup(cursor) {
    const opening = cursor.source[cursor.at] === '?'
        ? /^\?(?::|<(?![=!])[^>]*>|<?[=!])/u.exec(cursor.source.slice(cursor.at, cursor.at + 40))
        : null;
    const looksAround = opening !== null && /[=!]$/u.test(opening[0]);
    if (opening !== null)
        cursor.at += opening[0].length;
    const needed = readAlternatives(cursor);
    cursor.at++;
    return looksAround ? undefined : needed;
}
function skipClass(cursor) {
    while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ']') {
        cursor.at += cursor.source[cursor.at] === '\\' ? 2 : 1;
    }
    cursor.at++;
    return { needed: undefined };
}
/** `\.` is a full stop; `\d`, `\b` and the like are nothing to look for. */
function readEscape(cursor) {
    const char = cursor.source[cursor.at++] ?? '';
    return /[A-Za-z0-9]/u.test(char) ? { needed: undefined } : { char };
}
function readRepeat(cursor) {
    if (!'*+?{'.includes(cursor.source[cursor.at] ?? ' '))
        return 'once';
    const found = /^(?:([*?])|\+|\{(\d+)(?:,\d*)?\})\??/u.exec(cursor.source.slice(cursor.at, cursor.at + 16));
    if (found === null)
        return 'once';
    cursor.at += found[0].length;
    return found[1] !== undefined || found[2] === '0' ? 'may-be-absent' : 'repeated';
}
/** Of all that a sequence needs, what is rarest: the longest, when it has no alternatives. */
function bestOf(items) {
    const candidates = [];
    let run = '';
    for (const item of [...items, { needed: undefined }]) {
        if ('char' in item) {
            run += item.char.toLowerCase();
            continue;
        }
        if (run.length >= SHORTEST)
            candidates.push([run]);
        run = '';
        if (item.needed !== undefined)
            candidates.push(item.needed);
    }
    return candidates.reduce((best, candidate) => best === undefined || rarity(candidate) > rarity(best) ? candidate : best, undefined);
}
function rarity(literals) {
    return Math.min(...literals.map((literal) => literal.length)) - literals.length / 20;
}

;// CONCATENATED MODULE: ./src/failure/rule-index.ts

/**
 * Makes the index: texts that the rules need, by their first three characters. It is made when a
 * failure is to be judged, not when the action starts.
 */
function rule_index_toRuleIndex(tables) {
    const entries = new Map();
    const always = [];
    let order = 0;
    for (const table of tables) {
        for (const rule of table.rules) {
            const indexed = { rule, table, order: order++ };
            const needed = rule.lines.map((pattern) => neededLiterals(pattern.source));
            if (needed.some((literals) => literals === undefined))
                always.push(indexed);
            else
                addEntries(entries, indexed, new Set(needed.flatMap((literals) => literals ?? [])));
        }
    }
    return { candidates: (line) => findCandidates(entries, always, line.toLowerCase()) };
}
function addEntries(entries, rule, literals) {
    for (const literal of literals) {
        const key = keyAt(literal, 0);
        const bucket = entries.get(key);
        if (bucket === undefined)
            entries.set(key, [{ literal, rule }]);
        else
            bucket.push({ literal, rule });
    }
}
function findCandidates(entries, always, line) {
    const found = new Set(always);
    const seen = new Set();
    for (let at = 0; at + 2 < line.length; at++) {
        const key = keyAt(line, at);
        if (seen.has(key))
            continue;
        const bucket = entries.get(key);
        if (bucket === undefined)
            continue;
        seen.add(key);
        for (const { literal, rule } of bucket) {
            if (!found.has(rule) && line.includes(literal, at))
                found.add(rule);
        }
    }
    return [...found].sort((left, right) => left.order - right.order);
}
function keyAt(text, at) {
    return ((text.charCodeAt(at) * 65_536 + text.charCodeAt(at + 1)) * 65_536 + text.charCodeAt(at + 2));
}

;// CONCATENATED MODULE: ./src/failure/surroundings.ts
const MAX_COMMAND_CHARS = 16 * 1024;
const MIGRATION = /\b(?:migrat\w{0,10}|flyway|liquibase|alembic|db:(?:migrate|schema|setup|seed|rollback)|dbmate|goose|sqitch|knex|phinx|schema:(?:update|apply)|database update|schema-apply|migrate-\w+)\b|\batlas\b.{0,40}\bapply\b|(?:^|[\s/'"=])\d{3,14}_\w{1,80}\.sql\b/iu;
/** A script fed to a client without one transaction around it stops half-way. */
const FEEDS_SQL = /\bpsql\b[^\n]{0,400}(?:\s-f|--file|<)|\b(?:mysql|mariadb|sqlite3)\b[^\n]{0,400}<|\bpg_restore\b|\bsqlcmd\b[^\n]{0,200}-i/u;
const ONE_TRANSACTION = /\bpsql\b[^\n]{0,400}(?:\s-1\b|--single-transaction)/u;
const HEALTH = /\b(?:health|healthz|healthcheck|health[_-]check|check[_-]health|readyz?|readiness|livez|liveness|heartbeat|smoke|wait[_-]for(?:[_-]it)?|wait-on|dockerize|pg_isready|is-up|verify[_-]deploy\w*|post[_-]deploy\w*|preflight-db|is-active|_status|uptime-check)\b|\/(?:up|ping|status|version|alive)\b(?=["'\s?]|$)/iu;
const URL_HOSTS = /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s/@'"]{1,200}@)?(\[[0-9a-f:.]{2,45}\]|[\w.-]{1,253})/giu;
const LOCAL_HOST = /^(?:localhost(?:\.localdomain)?|[\w-]{1,60}\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0|\[::\]|ip6-localhost)$/iu;
const LOCAL_WORD = /(?:^|[\s"'`(@/=[])(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0)(?=[\s"'`),:;/\]]|$)/iu;
/** A name or address of a far side, as messages print it. */
const REMOTE_NAME = /\b(?:[a-z0-9-]{1,63}\.){1,8}(?:com|net|org|io|dev|internal|local|de|eu|cloud|app|co|gov|edu|uk|fr|ai|sh|lan|corp|test|example)\b|\b(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b/iu;
/** Reads the command (the whole script, or the command that the trap named). */
function toSurroundings(command) {
    const text = command.slice(-MAX_COMMAND_CHARS);
    const hosts = [...text.matchAll(URL_HOSTS)].map((match) => match[1] ?? '');
    const feeds = FEEDS_SQL.test(text) && !ONE_TRANSACTION.test(text);
    const dashH = /\s(?:-h|--host[ =]|-H) ?(\S{1,253})/u.exec(text)?.[1];
    if (dashH !== undefined)
        hosts.push(dashH);
    return {
        command: text,
        migrating: feeds || (MIGRATION.test(text) && !ONE_TRANSACTION.test(text)),
        checksHealth: HEALTH.test(text),
        onlyLocal: hosts.length > 0 ? hosts.every(isLocalHost) : LOCAL_WORD.test(text),
    };
}
function isLocalHost(host) {
    return LOCAL_HOST.test(host.replace(/:\d{1,5}$/u, ''));
}
/** Whether a line speaks of this host, or, where it names nobody, the command does. */
function speaksOfOwnService(line, host, around) {
    if (host !== undefined && host !== '' && isLocalHost(host))
        return true;
    if (LOCAL_WORD.test(line))
        return true;
    const remote = host !== undefined && host !== '' ? host : REMOTE_NAME.exec(line)?.[0];
    if (remote === undefined)
        return around.checksHealth || around.onlyLocal;
    return around.checksHealth && around.command.includes(remote);
}

;// CONCATENATED MODULE: ./src/failure/decide.ts
/**
 * Which line of the output is the cause, and which rule says so.
 *
 * 1. Lines are read from the last to the first, so that the last cause wins; noise and wrappers are
 *    passed over (`output.ts`).
 * 2. Strength before position: a decisive line anywhere outweighs a cause, a cause a symptom, a symptom
 *    a mere word. On one line of one strength the order of the tables decides.
 * 3. A transient finding must stand up, because calling something transient that is not is the worst
 *    mistake: no sign of success may follow it (then it was overcome), no other cause (then that is
 *    the last one), and no error that no rule can explain by more than a word (then that is the
 *    cause, and we do not know it).
 * 4. Where only announced retries are left, the last of them may be the cause: some tools print nothing
 *    else. Where only warnings are left, they may be, unless they are transient.
 */



const SUCCESS = /\b(?:succeeded|successful(?:ly)?|success|connected|reconnected|recovered|completed|finished|downloaded|up to date|healthy|is ready|all done|done\.?$)\b/iu;
const DENIED = /\b(?:not|never|no|un\w{2,20}|fail\w{0,10}|errors?|cannot|can't|couldn't|could|wait\w{0,4}|before|with exit status [1-9]|[1-9]\d{0,3} (?:errors?|failed))\b/iu;
const ERRORISH = /^(?:\S{1,60}:? )?(?:error|fatal|panic|exception|abort(?:ed|ing)?|critical|failure)\b[:!]|^E: |^(?:[\w.]{1,80}\.)?\w{0,60}(?:Error|Exception)\b ?:|\bTraceback \(most recent call last\)/iu;
/** Decides on the cause; undefined: in doubt. */
function decideCause(lines, tables, around) {
    const inSight = toSight(around.command, lines);
    const index = rule_index_toRuleIndex(tables);
    const judged = lines.map((line) => ({ line, matches: matchesOf(line.text, index, inSight) }));
    return decideAmong(judged, around);
}
/** All rules that hold for a line of this output, in table order; for the test that lists overlaps. */
function rulesFor(line, lines, tables, command) {
    const inSight = toSight(command, lines);
    return matchesOf(line, toRuleIndex(tables), inSight).map((found) => found.rule);
}
function decideAmong(lines, around) {
    const judge = (role, strength, mayBeTransient) => {
        for (let at = lines.length - 1; at >= 0; at--) {
            const judged = lines[at];
            const found = judged?.matches.find(({ rule }) => strengthOf(rule) === strength);
            if (judged === undefined || found === undefined || judged.line.role !== role)
                continue;
            const { line } = judged;
            const category = toCategory(found, line.text, around);
            const finding = { ...found, category, line: line.text };
            if ((0,failure_category/* familyOf */.Ap)(category) !== 'transient')
                return finding;
            if (mayBeTransient && standsUp(lines, at, around))
                return finding;
        }
        return undefined;
    };
    for (const [role, strength, mayBeTransient] of ROUNDS) {
        const finding = judge(role, strength, mayBeTransient);
        if (finding !== undefined)
            return finding;
    }
    return undefined;
}
/** What is asked for, in turn: the lines of this role, for rules of this strength. */
const ROUNDS = [
    ['plain', 'decisive', true],
    ['plain', 'cause', true],
    ['plain', 'symptom', true],
    ['plain', 'weak', false],
    ['retry', 'decisive', true],
    ['retry', 'cause', true],
    ['wrapper', 'decisive', false],
    ['wrapper', 'cause', false],
    ['wrapper', 'symptom', false],
    ['noise', 'decisive', false],
    ['noise', 'cause', false],
];
function strengthOf(rule) {
    return rule.strength ?? 'cause';
}
/** Whether a rule may be used at all: its tool is in sight, and its conditions hold. Asked lazily. */
function toSight(command, lines) {
    const output = lines.map((line) => line.text).join('\n');
    const text = `${command}\n${output}`;
    const tools = new Map();
    const isToolSeen = (table) => {
        const known = tools.get(table);
        if (known !== undefined)
            return known;
        const seen = table.seen?.test(text) ?? true;
        tools.set(table, seen);
        return seen;
    };
    return ({ rule, table }) => isToolSeen(table) &&
        (rule.command?.test(command) ?? true) &&
        !(rule.unlessCommand?.test(command) ?? false) &&
        (rule.also?.test(output) ?? true);
}
function matchesOf(line, index, inSight) {
    const matches = [];
    for (const indexed of index.candidates(line)) {
        const facts = match(indexed.rule, line);
        if (facts !== undefined && inSight(indexed))
            matches.push({ rule: indexed.rule, facts });
    }
    return matches;
}
/** The named groups when the rule holds for the line: those of the first pattern that holds. */
function match(rule, line) {
    for (const pattern of rule.lines) {
        const found = pattern.exec(line);
        if (found === null)
            continue;
        const groups = Object.entries(found.groups ?? {});
        return Object.fromEntries(groups.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    }
    return undefined;
}
function toCategory({ rule, facts }, line, around) {
    if (rule.migrating !== undefined && around.migrating)
        return rule.migrating;
    if (rule.own !== undefined && speaksOfOwnService(line, facts['host'], around))
        return rule.own;
    return rule.category;
}
/** Rule 3 of the header: nothing after a transient finding speaks against it. */
function standsUp(lines, at, around) {
    return lines.slice(at + 1).every((judged) => {
        const { text } = judged.line;
        const overcome = SUCCESS.test(text) && !DENIED.test(text);
        const unexplained = ERRORISH.test(text) && !judged.matches.some(isMoreThanWord);
        const speaksAgainst = overcome || unexplained || isAnotherCause(judged, around);
        return !speaksAgainst || judged.line.role !== 'plain';
    });
}
/**
 * Whether a line names a cause of its own that is not transient. Critical symptoms (a build or a
 * roll-out that stopped) may follow from something transient; a wrong setting does not.
 */
function isAnotherCause({ line, matches }, around) {
    const first = matches.find(isMoreThanWord);
    if (first === undefined)
        return false;
    const family = (0,failure_category/* familyOf */.Ap)(toCategory(first, line.text, around));
    if (family === 'transient')
        return false;
    return strengthOf(first.rule) !== 'symptom' || family === 'recoverable';
}
function isMoreThanWord({ rule }) {
    return strengthOf(rule) !== 'weak';
}

;// CONCATENATED MODULE: ./src/failure/declared.ts


const MAX_LINES = 50;
const SHOWN_CHARS = 80;
/** Lines `category=family:kind` and `retry-after=30s`; the last of each counts, others are left alone. */
function parseDeclared(content) {
    let category;
    let retryAfterMs;
    const notes = [];
    for (const line of content.slice(0, 8192).split(/\r?\n/u).slice(0, MAX_LINES)) {
        const [, key, value] = /^\s*(category|retry-after)\s*=\s*(.*?)\s*$/u.exec(line) ?? [];
        if (key === undefined || value === undefined)
            continue;
        if (key === 'category') {
            const parsed = (0,failure_category/* parseCategory */.sF)(value);
            if (parsed === undefined)
                notes.push(`"${value.slice(0, SHOWN_CHARS)}" in $PREFLIGHT_RESULT is not a category`);
            else
                category = parsed;
        }
        else {
            const parsed = (0,duration/* parseDuration */.E9)(value);
            if (parsed.ok)
                retryAfterMs = parsed.value;
            else
                notes.push(`retry-after in $PREFLIGHT_RESULT ${parsed.error}`);
        }
    }
    return {
        ...(category === undefined ? {} : { category }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        notes,
    };
}

;// CONCATENATED MODULE: ./src/failure/exit-codes.ts

const RETRY_FIX = 'A far side could not be reached or did not answer. If it goes on, check its address and that it runs.';
/**
 * 6, 7, 28, 35, 52 and 56 are curl's own. With curl in sight they mean the network, or the own service
 * where that was asked. Without it, a quiet script that ends with one of them most often passes on the
 * code of a `curl -s`; any sign of another reason leaves the failure unknown, because a wrong retry
 * costs more than a missed one.
 */
const EXIT_RULES = [
    {
        id: 'exit-curl-timeout',
        codes: [28],
        seen: /\bcurl\b/u,
        category: 'transient:timeout',
        own: 'critical:health',
        onlyWhenQuiet: true,
        fix: RETRY_FIX,
    },
    {
        id: 'exit-network',
        codes: [6, 7, 28, 35, 52, 56],
        category: 'transient:network',
        own: 'critical:health',
        onlyWhenQuiet: true,
        fix: RETRY_FIX,
    },
    {
        id: 'exit-curl-answer',
        codes: [22],
        seen: /\bcurl\b[^\n]{0,400}\b(?:localhost|127\.|health|ready|smoke)/u,
        category: 'critical:health',
        fix: 'The own service answers with an error.',
    },
    {
        id: 'exit-rsync-network',
        codes: [10, 12, 30, 35],
        seen: /\brsync\b/u,
        category: 'transient:network',
        onlyWhenQuiet: true,
        fix: RETRY_FIX,
    },
    {
        id: 'exit-rsync-vanished',
        codes: [24],
        seen: /\brsync\b/u,
        category: 'transient:conflict',
        fix: 'Files changed while they were copied.',
    },
    {
        id: 'exit-not-executable',
        codes: [126],
        category: 'recoverable:permission',
        fix: 'The command was found and could not be executed: look at its mode (chmod +x) and at the mount (noexec).',
    },
    {
        id: 'exit-not-found',
        codes: [127],
        category: 'recoverable:dependency',
        fix: 'A command was not found. Check the PATH of the step, and that the program is installed on this host.',
    },
    {
        id: 'exit-is-active',
        codes: [3],
        seen: /\b(?:systemctl|service)\b[^\n]{0,120}\b(?:is-active|status)\b/u,
        outweighsTransient: true,
        category: 'critical:service',
        fix: 'The service does not run. Its log says why.',
    },
    {
        id: 'exit-pg-isready',
        codes: [1, 2],
        seen: /\bpg_isready\b/u,
        outweighsTransient: true,
        category: 'critical:health',
        fix: 'The database server does not accept connections.',
    },
    {
        id: 'exit-cpu-time',
        codes: [152, 153],
        category: 'recoverable:resource',
        fix: 'A limit of CPU time or file size ended the command (ulimit). Raise the limit; a repeat fails in the same way.',
    },
    {
        id: 'exit-comparison',
        codes: [1],
        lastCommand: /^(?:! ?)?(?:diff|cmp|jq -e) /u,
        outweighsTransient: true,
        category: 'critical:verification',
        fix: 'The comparison at the end of the script came out wrong. Look at the two sides of it.',
    },
    {
        id: 'exit-timeout-health',
        codes: [124],
        seen: /\btimeout\b[^\n]{0,400}\b(?:health\w{0,6}|ready\w{0,2}|localhost|127\.0\.0\.1|until|wait\w{0,20}|rollout|nc -z)/u,
        outweighsTransient: true,
        category: 'critical:health',
        fix: 'The time for the service to come up ran out.',
    },
    {
        id: 'exit-timeout-download',
        codes: [124],
        seen: /\btimeout\b[^\n]{0,120}\b(?:curl|wget|git (?:clone|fetch|pull)|docker(?: compose)? pull|rsync|scp|ssh|npm (?:ci|install)|pip3? install|apt-get|aws s3)\b/u,
        category: 'transient:timeout',
        onlyWhenQuiet: true,
        fix: 'A download took longer than the script allows.',
    },
    {
        id: 'exit-timeout',
        codes: [124],
        seen: /\btimeout\b/u,
        category: 'critical:timeout',
        fix: 'The script ended its own command by timeout. Find out what it waited for before you raise the limit.',
    },
];
const TROUBLE = /\b(?:error|fail\w{0,6}|fatal|exception|denied|invalid|panic|cannot|can't|unable|abort\w{0,3}|refus\w{0,3}|corrupt\w{0,3}|mismatch|not found|traceback|missing|critical|illegal|forbidden)\b/iu;
/** The first entry that holds for the code; undefined: the code says nothing. */
function decideByExitCode(code, lines, around) {
    const text = `${around.command}\n${lines.map((line) => line.text).join('\n')}`;
    const quiet = !lines.some((line) => line.role !== 'retry' && TROUBLE.test(line.text));
    const last = around.command
        .trimEnd()
        .split(/\n|&&|;|\|\|/u)
        .at(-1)
        ?.trim() ?? '';
    for (const rule of EXIT_RULES) {
        if (!rule.codes.includes(code))
            continue;
        if (rule.seen !== undefined && !rule.seen.test(text))
            continue;
        if (rule.lastCommand !== undefined && !rule.lastCommand.test(last))
            continue;
        if (rule.onlyWhenQuiet === true && !quiet)
            continue;
        const own = rule.own !== undefined && speaksOfOwnService('', undefined, around);
        return { rule, category: own ? (rule.own ?? rule.category) : rule.category };
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/failure/output.ts
/** Bounds that keep classification linear on hostile output. */
const MAX_CHARS = 64 * 1024;
const output_MAX_LINES = 800;
const MAX_LINE_CHARS = 2000;
/** What is kept of the end of a line that is too long: a JSON message often has its cause there. */
const LONG_LINE_END_CHARS = 500;
const ANSI = 
// eslint-disable-next-line no-control-regex -- terminal sequences are what is removed here
/\u001B(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\u0007\u001B]{0,200}(?:\u0007|\u001B\\)|[@-Z\\-_])/gu;
// eslint-disable-next-line no-control-regex -- likewise
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F]/gu;
/** Time stamps, and the prefixes of build logs, compose, terraform and the runner. */
const PREFIX = /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]{0,10}(?:Z|[+-]\d\d:?\d\d)? {1,3}|#\d{1,4} (?:\d{1,6}\.\d{1,3} )?|\d{1,5}\.\d{3} (?=\S)|[\w.-]{1,60}-\d{1,3} {1,12}\| |[│╷╵] ?|##\[error\]|::error[^:]{0,200}::){1,3}/u;
const RETRY = /\bretry(?:ing)? (?:in|after) \d|\bretrying\b|\bwill (?:be )?(?:automatically )?(?:re-?tr(?:y|ied)|try again)\b|\btrying again\b|\btries remaining\b|\b(?:retr(?:y|ies)|attempts?) (?:left|remaining)\b|\bbacking off\b|\bback-?off\b.{0,20}\d|\breconnecting\b|\bRetry\(total=|\bsleeping \d+|\bretry (?:#|number )?\d+(?: ?(?:of|\/) ?\d+)?\b|\bnext (?:try|attempt) in\b/iu;
const ATTEMPT = /\b(?:attempt|try|retry|tries) #?(\d{1,4}) ?(?:of|\/|out of) ?(\d{1,4})\b|\((\d{1,4})\/(\d{1,4})\)/iu;
const GAVE_UP = /\b(?:exhausted|giving up|gave up|no more (?:retries|attempts)|max(?:imum)?\b.{0,30}\b(?:retries|attempts|retry|exceeded)|(?:after|failed) \d+ (?:retries|attempts|tries|times)|aborting|CrashLoopBackOff|ImagePullBackOff|BackoffLimitExceeded)\b/iu;
const WARNING = /^(?:\S{1,30} )?(?:\[?warn(?:ing)?s?\]?\b(?!.{0,10}:? some files)|\[(?:info|debug|notice|note|warn|warning)\])|^(?:W|N|I): |^(?:hint|note|info|debug|notice|help|tip|suggestion|deprecated|DeprecationWarning)\b ?:|^\(node:\d+\)|\blevel=(?:warn|warning|info|debug)\b|^\S{0,40}: warning: |: warning: |^\S{0,40} ?\[warn(?:ing)?\]|^(?:INFO|DEBUG|WARN)\b|^\[[^\]]{1,40}\] (?:WARN|INFO|DEBUG)|^npm (?:WARN|warn|notice|http)\b|^warning /iu;
const TRUE_WARNINGS = /^rsync warning|REMOTE HOST IDENTIFICATION|UNPROTECTED PRIVATE KEY|^\s*(?:info|debug)\S{0,3}\s.{0,40}\berror\b/iu;
const PASSED = /^\s*(?:✓|✔|√|☑|PASS\b|PASSED\b|ok \d+\b|--- PASS|\[ *(?:OK|PASS(?:ED)?) *\]|test \S{1,200} \.\.\. ok$)|\bPASSED(?: +\[ *\d+%\])?$|^\s*(?:0 (?:failed|failing|errors?|failures?)\b)/u;
const SOURCE = /^\s*(?:>{1,3}\s{0,3})?\d{1,6} ?[|│]|^\s*[|│]|^[\s^~|=.·-]{1,300}$|^\+{1,4} \S|^\s{0,4}(?:\/\/|\/\*|<!--)/u;
const FRAME = /^\s{1,20}at (?:async |new )?\S|^\s{0,20}File "[^"]{1,400}", line \d|^\s{1,20}from \S{1,400}:\d+:in |^goroutine \d|^created by |^\s{1,20}\.\.\. \d+ more$|^\s{0,20}#\d{1,3}:? .{0,200}\(\)|^\s{2,20}(?:errno|code|syscall|address|port|path|dest|spawnargs|requireStack|hostname): \S/u;
const WRAPPER = /^make(?:\[\d+\])?: \*\*\* .{0,200}(?:Error \d+|Waiting for unfinished jobs)|\bELIFECYCLE\b|\bexit code:? \d+$|\bexit(?:ed)?(?: with)? (?:status|code):? ?\d+\.?$|^npm (?:ERR!|error) (?:A complete log|errno|path|command|Lifecycle|syscall|at |signal|weird)|^Process completed with exit code|^error Command failed with exit code|^info Visit |\bFailed at the \S{1,80} script|^script returned exit code|^tar: (?:Exiting with failure|Error is not recoverable|Child returned status)|^(?:ERROR: )?failed to solve: process|^See (?:'|https?:)|\breturned non-zero exit status \d+|^fatal: Could not read from remote repository|^Tasks?: TOP|^\(See full trace|^rsync error: error starting client-server protocol|^PLAY RECAP|\bunreachable=\d+ +failed=\d+|^E: Unable to fetch some archives|^A complete log of this run|^error: (?:failed to push some refs|metadata-generation-failed|process didn't exit)|\bCommand failed\b.{0,10}$|^Error: Process completed|^\S{1,80} exited \(\d+\)$/iu;
/** Splits raw output into lines with their roles; only the end of long output is looked at. */
function toLines(tail) {
    const raw = tail
        .slice(-MAX_CHARS)
        .replace(ANSI, '')
        .split(/\r\n|[\n\r\u0085\u2028\u2029]/u);
    const texts = raw
        .filter((text) => text.trim() !== '')
        .slice(-output_MAX_LINES)
        .map(toText);
    return texts.map((text, index) => ({
        text: text.trim(),
        get role() {
            return toRole(texts, index);
        },
    }));
}
function toText(raw) {
    const text = raw.replace(CONTROL, '').trimEnd().replace(PREFIX, '');
    if (text.length <= MAX_LINE_CHARS)
        return text;
    const start = text.slice(0, MAX_LINE_CHARS - LONG_LINE_END_CHARS);
    return `${start} … ${text.slice(-LONG_LINE_END_CHARS)}`;
}
function toRole(texts, index) {
    const text = texts[index] ?? '';
    if (isExcerpt(texts, index))
        return 'noise';
    if (announcesRetry(text) || announcesRetryOf(text, texts[index + 1]))
        return 'retry';
    if (WARNING.test(text) && !TRUE_WARNINGS.test(text))
        return 'noise';
    return WRAPPER.test(text.trim()) ? 'wrapper' : 'plain';
}
/** Source, stack frames and passing tests quote words that happened to nobody. */
function isExcerpt(texts, index) {
    const text = texts[index] ?? '';
    if (SOURCE.test(text) || FRAME.test(text) || PASSED.test(text))
        return true;
    const next = texts[index + 1];
    if (next !== undefined && /^\s*[\^~]{1,200}\s*$/u.test(next) && !/^\S{1,200}: /u.test(text))
        return true;
    const previous = texts[index - 1];
    return (previous !== undefined &&
        /^\s{1,20}File "[^"]{1,400}", line \d/u.test(previous) &&
        /^\s{4}/u.test(text));
}
/** An error right before the announcement that it is tried again is not the end of it. */
function announcesRetryOf(text, next) {
    if (next === undefined || !announcesRetry(next) || GAVE_UP.test(text))
        return false;
    return !/^\s/u.test(text);
}
function announcesRetry(text) {
    if (GAVE_UP.test(text))
        return false;
    const attempt = ATTEMPT.exec(text);
    if (attempt !== null) {
        const now = Number(attempt[1] ?? attempt[3]);
        const all = Number(attempt[2] ?? attempt[4]);
        if (now < all)
            return /\b(?:attempt|try|retry|tries)\b/iu.test(text);
        return false;
    }
    return RETRY.test(text);
}

// EXTERNAL MODULE: ./src/plan/match-cost.ts
var match_cost = __webpack_require__(1298);
// EXTERNAL MODULE: ./src/result.ts
var result = __webpack_require__(1666);
;// CONCATENATED MODULE: ./src/failure/own-rules.ts




const MAX_PATTERN_CHARS = 1000;
const MAX_MATCHED_LINES = 500;
const MAX_MATCHED_LINE_CHARS = 2000;
/** A pattern with several open repeats may take a power of the line's length: by their number, it sees less of it. */
const MOST_CHARS = [MAX_MATCHED_LINE_CHARS, MAX_MATCHED_LINE_CHARS, 300, 100];
const FEWEST_CHARS = 50;
/**
 * Makes the expression of a rule, unless it could run for ever: a repeat inside a repeat, `(a+)+`, takes
 * exponential time on a line made for it, and no bound on the line helps. The error is a sentence.
 */
function parsePattern(source) {
    if (source.length > MAX_PATTERN_CHARS) {
        return (0,result/* failure */.V2)(`is longer than ${MAX_PATTERN_CHARS} characters`);
    }
    if (hasNestedRepeat(source)) {
        return (0,result/* failure */.V2)('repeats a group that itself repeats, which can take for ever: write it without the inner repeat');
    }
    try {
        return (0,result/* success */.kX)(new RegExp(source, 'u'));
    }
    catch {
        try {
            return (0,result/* success */.kX)(new RegExp(source));
        }
        catch (error) {
            if (error instanceof SyntaxError)
                return (0,result/* failure */.V2)(`is not a regular expression: ${error.message}`);
            throw error;
        }
    }
}
/** The first rule of the plan all of whose conditions hold. */
function decideByOwnRules(rules, exit, lines) {
    const notes = [];
    for (const [index, rule] of rules.entries()) {
        if (rule.exitCode === undefined && rule.signal === undefined && rule.match === undefined)
            continue;
        if (rule.exitCode !== undefined && rule.exitCode !== (0,record/* toExitCode */.t4)(exit))
            continue;
        if (rule.signal !== undefined && !diedOf(exit, rule.signal))
            continue;
        if (rule.match === undefined)
            return { verdict: { position: index + 1, rule }, notes };
        const pattern = parsePattern(rule.match);
        if (!pattern.ok) {
            notes.push(`rule ${index + 1} of classify was left out: match ${pattern.error}`);
            continue;
        }
        const line = findLine(pattern.value, lines);
        if (line !== undefined)
            return { verdict: { position: index + 1, rule, line }, notes };
    }
    return { verdict: undefined, notes };
}
function findLine(pattern, lines) {
    const most = MOST_CHARS[(0,match_cost/* countChoices */.A)(pattern.source).open] ?? FEWEST_CHARS;
    return lines
        .slice(-MAX_MATCHED_LINES)
        .reverse()
        .find((line) => pattern.test(line.slice(0, most)));
}
/** `SIGTERM` and `TERM` are the same; a shell that reports 128+n reports a signal. */
function diedOf(exit, signal) {
    const name = signal.toUpperCase().startsWith('SIG')
        ? signal.toUpperCase()
        : `SIG${signal.toUpperCase()}`;
    if (exit.kind === 'signalled')
        return exit.signal === name;
    const number = record/* SIGNAL_NUMBERS */.CO[name];
    return number !== undefined && exit.code === 128 + number;
}
/** One pass over the pattern, with the groups that are open: does a repeated one hold a repeat? */
function hasNestedRepeat(source) {
    const open = [{ repeats: false }];
    for (let at = 0; at < source.length; at++) {
        const char = source[at];
        if (char === '\\')
            at++;
        else if (char === '[')
            at = endOfClass(source, at);
        else if (char === '(')
            open.push({ repeats: false });
        else if (char === ')') {
            const closed = open.pop() ?? { repeats: false };
            const around = open.at(-1) ?? { repeats: false };
            if (open.length === 0)
                open.push(around);
            const repeated = isRepeat(source, at + 1);
            if (repeated && closed.repeats)
                return true;
            if (repeated || closed.repeats)
                around.repeats = true;
        }
        else if (isRepeat(source, at)) {
            const around = open.at(-1);
            if (around !== undefined)
                around.repeats = true;
        }
    }
    return false;
}
/** A repeat without a small upper bound. */
function isRepeat(source, at) {
    const char = source[at];
    if (char === '*' || char === '+')
        return true;
    const bounds = /^\{\d*,(\d*)\}/u.exec(source.slice(at, at + 12));
    return bounds !== null && (bounds[1] === '' || Number(bounds[1]) > 10);
}
function endOfClass(source, start) {
    for (let at = start + 1; at < source.length; at++) {
        if (source[at] === '\\')
            at++;
        else if (source[at] === ']')
            return at;
    }
    return source.length;
}

;// CONCATENATED MODULE: ./src/failure/retry-after.ts
const UNITS = [
    [/^(?:ms|milli)/iu, 1],
    [/^h/iu, 3_600_000],
    [/^m/iu, 60_000],
    [/^s?/iu, 1000],
];
const AMOUNT = /(\d{1,7}(?:\.\d{1,3})?) ?(milliseconds?|ms|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)?\b/u;
const SAID = [
    /\bretry[-_ ]?after["']?\s{0,2}[:=]\s{0,2}["']?(.{1,40})/iu,
    /\b(?:retry|try again|please wait|wait|available again|resets?) (?:again )?(?:in|after|for)(?: about| approximately| ~)? ?(.{1,40})/iu,
    /\bx-rate-?limit-reset-after["']?\s{0,2}[:=]\s{0,2}["']?(.{1,40})/iu,
    /\bratelimit-reset["']?\s{0,2}[:=]\s{0,2}["']?(\d{1,5})\b/iu,
];
const HTTP_DATE = /\w{3}, \d{2} \w{3} \d{4} \d\d:\d\d:\d\d GMT/u;
/** Longer than a day is not meant as a wait. */
const LONGEST_MS = 86_400_000;
/** How long the far side asked to wait; its last word counts. Dates count from its own `Date` header. */
function parseRetryAfter(lines) {
    for (let index = lines.length - 1; index >= 0; index--) {
        const text = lines[index]?.text ?? '';
        if (!/retry|again|wait|reset/iu.test(text))
            continue;
        const waitMs = fromSentence(text) ?? fromDates(text, lines) ?? fromResetTime(text, lines);
        if (waitMs !== undefined && waitMs > 0 && waitMs <= LONGEST_MS)
            return waitMs;
    }
    return undefined;
}
function fromSentence(text) {
    for (const said of SAID) {
        const rest = said.exec(text)?.[1];
        if (rest === undefined)
            continue;
        const ms = toMs(rest);
        if (ms !== undefined)
            return ms;
    }
    return undefined;
}
/** Sums parts such as `1h2m3s`, `12 seconds`, `30`; only what stands at the start counts. */
function toMs(text) {
    let rest = text.trimStart();
    let total;
    for (let part = 0; part < 4; part++) {
        const found = new RegExp(`^${AMOUNT.source.replace(/\\b$/u, '(?![A-Za-z0-9])')}`, 'u').exec(rest) ??
            /^(\d{1,7}(?:\.\d{1,3})?)(h|m|s)(?=\d)/u.exec(rest);
        if (found === null)
            break;
        const unit = found[2] ?? '';
        if (unit === '' && total !== undefined)
            break;
        const scale = UNITS.find(([pattern]) => pattern.test(unit))?.[1] ?? 1000;
        total = (total ?? 0) + Math.round(Number(found[1]) * scale);
        rest = rest.slice(found[0].length).replace(/^(?:,| and)? ?/u, '');
        if (unit === '')
            break;
    }
    return total;
}
function fromDates(text, lines) {
    if (!/retry-after/iu.test(text))
        return undefined;
    const until = HTTP_DATE.exec(text)?.[0];
    return until === undefined ? undefined : sinceServerDate(Date.parse(until), lines);
}
function fromResetTime(text, lines) {
    const epoch = /\bx-ratelimit-reset["']?\s{0,2}[:=]\s{0,2}["']?(\d{10})\b/iu.exec(text)?.[1];
    return epoch === undefined ? undefined : sinceServerDate(Number(epoch) * 1000, lines);
}
function sinceServerDate(untilMs, lines) {
    const header = lines
        .map((line) => /(?:^|[<\s])date: (.{1,60})/iu.exec(line.text)?.[1])
        .find((date) => date !== undefined);
    const nowMs = Date.parse(HTTP_DATE.exec(header ?? '')?.[0] ?? '');
    const waitMs = untilMs - nowMs;
    return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined;
}

;// CONCATENATED MODULE: ./src/failure/rules/builds.ts
const COMPILE = 'The code does not build. Mend the first error; the later ones often follow from it.';
/** Compilers, linkers and bundlers, and the build tools around them. */
const BUILDS = {
    tool: 'compilers and bundlers',
    rules: [
        {
            id: 'build-killed',
            category: 'fatal:signal',
            strength: 'decisive',
            lines: [
                /\(signal: 9, SIGKILL: kill\)/,
                /\bfatal error: Killed signal terminated program \w+/,
                /Killed signal terminated program cc1/,
                /signal: killed$/,
                /Gradle build daemon disappeared unexpectedly/,
                /The build failed because the process exited too early/,
            ],
            fix: 'A compiler was killed, most often because memory ran out. Look into the kernel log, then build with fewer jobs or on a larger host.',
            run: ['dmesg -T | grep -i -E "killed process|out of memory" | tail', 'free -h'],
        },
        {
            id: 'build-cc',
            category: 'critical:build',
            strength: 'decisive',
            lines: [
                /^[^\s:][^:]{0,200}:\d+(?::\d+)?: (?:fatal )?error: /,
                /\bundefined reference to\b/,
                /^(?:\S{0,100}\/)?ld(?:\.\w+)?: (?:cannot find|.{0,200}undefined)/,
                /\bcollect2: error: ld returned/,
                /\blinker command failed with exit code/,
                /\bUndefined symbols for architecture\b/,
            ],
            fix: COMPILE,
        },
        {
            id: 'build-rust',
            category: 'critical:build',
            strength: 'decisive',
            lines: [/^error\[E\d{4}\]:/, /^error: linking with `[^`]{1,80}` failed/],
            fix: COMPILE,
        },
        {
            id: 'build-rust-stopped',
            category: 'critical:build',
            strength: 'symptom',
            lines: [
                /^error: could not compile `/,
                /^error: aborting due to (?:\d+ )?previous error/,
                /^error: failed to run custom build command for/,
            ],
            fix: COMPILE,
        },
        {
            id: 'build-go',
            category: 'critical:build',
            strength: 'decisive',
            lines: [
                /^(?:\.{0,2}\/)?[\w./-]{1,200}\.go:\d+:\d+: (?!.{0,300}(?:cannot find (?:package|module)|no required module provides|dial tcp|Get "https?:|reading https?:|unrecognized import path))/,
                /^FAIL\s\S{1,200} \[(?:build|setup) failed\]/,
                /^imports \S{1,200}: import cycle not allowed/,
            ],
            fix: COMPILE,
        },
        {
            id: 'build-typescript',
            category: 'critical:build',
            strength: 'decisive',
            lines: [
                /\berror TS\d{4,5}: /,
                /^Found [1-9]\d* errors? in .{1,100}\.tsx?:\d+/,
                /^Type error: /,
            ],
            fix: COMPILE,
        },
        {
            id: 'build-bundler',
            category: 'critical:build',
            lines: [
                /\bModule not found: Error: Can't resolve\b/,
                /\bModule (?:build failed|parse failed)\b/,
                /^Failed to compile\.?$/,
                /^\s*✘ \[ERROR\]/,
                /\bRollup failed to resolve import\b/,
                /\bRollupError\b|\[vite\]?:? .{0,80}error|\[vite:[\w-]+\]/i,
                /\bwebpack .{0,40}compiled with [1-9]\d* errors?/,
                /^ERROR in \.?\//,
                /\bBuild failed with [1-9]\d* errors?/,
                /> Build failed because of webpack errors/,
                /^error during build:/,
                /\bTransform failed with \d+ errors?/,
                /^Error occurred prerendering page/,
                /\bExport encountered errors on following paths/,
                /SassError|Sass::SyntaxError|\bPostCSS\b.{0,80}(?:error|unknown)/i,
            ],
            fix: COMPILE,
        },
        {
            id: 'build-java',
            category: 'critical:build',
            strength: 'decisive',
            lines: [
                /\bCOMPILATION ERROR\b/,
                /\bCompilation failure\b/,
                /\bCompilation failed; see the compiler/,
                /^\S{1,200}\.(?:java|kt|scala):\[?\d+[:,\d\]]{0,12} (?:error|e):/,
                /^e: (?:file:\/\/)?\S{1,200}\.kts?:/,
            ],
            fix: COMPILE,
        },
        {
            id: 'build-dotnet',
            category: 'critical:build',
            strength: 'decisive',
            lines: [/\berror (?:CS|FS|BC|MSB|NETSDK)\d{4}\b/, /^Build FAILED\.$/],
            fix: COMPILE,
        },
        {
            id: 'build-missing-tool',
            category: 'recoverable:dependency',
            strength: 'decisive',
            lines: [
                /^error: linker `(?<command>[^`]{1,80})` not found/,
                /^make(?:\[\d+\])?: (?<command>[\w./+-]{1,80}): No such file or directory/,
                /^cgo: C compiler "(?<command>[^"]{1,80})" not found/,
                /^configure: error: (?:no acceptable C compiler|.{0,100}(?:not found|is required|is missing))/,
                /\bCould NOT find (?<package>[\w-]{1,80})/,
                /^No package '(?<package>[^']{1,80})' found/,
                /error: command '(?<command>[\w.+-]{1,60})' failed: No such file/,
                /error: Microsoft Visual C\+\+ .{0,40}is required/,
                /^error: rustc [\d.]+ is not supported by the following/,
                /requires rustc [\d.]+ or newer/,
            ],
            fix: 'A tool or library that the build needs is not installed on this host. Install it, or build in an image that has it.',
            run: ['command -v {command}'],
        },
        {
            id: 'build-make-target',
            category: 'recoverable:configuration',
            lines: [
                /^make(?:\[\d+\])?: \*\*\* No rule to make target [`'](?<name>[^']{1,200})'/,
                /^make(?:\[\d+\])?: \*\*\* No targets specified and no makefile found/,
                /^Makefile:\d+: \*\*\* missing separator/,
                /\*\*\* missing separator\b/,
            ],
            fix: 'make does not know this target, or the Makefile cannot be read. Check the target name and the working directory.',
        },
        {
            id: 'build-cmake',
            category: 'critical:build',
            lines: [/^CMake Error\b/, /^ninja: build stopped: subcommand failed/],
            fix: COMPILE,
        },
        {
            id: 'build-failed',
            category: 'critical:build',
            strength: 'symptom',
            lines: [
                /^(?:\[ERROR\] )?BUILD (?:FAILED|FAILURE)\b/,
                /^FAILURE: Build failed with an exception/,
                /^Execution failed for task ':\S{0,80}compile/i,
                /\bbuild failed\b/i,
                /^error: subprocess-exited-with-error/,
                /\bFailed building wheel for (?<package>\S{1,80})/,
                /^× .{1,80} did not run successfully/,
                /ERROR: Failed to build installable wheels/,
                /\bnode-gyp\b.{0,20}\b(?:ERR|failed)/,
                /failed to solve: process ".{0,400}" did not complete successfully/,
                /^The command '.{1,400}' returned a non-zero code/,
                /^ERROR: Service '[^']{1,80}' failed to build/,
            ],
            fix: 'The build stopped. The reason stands further up: look for the first error in the output.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/cloud.ts
/** aws, gcloud, az, gh, and the APIs below them, which terraform reports as well. */
const CLOUD = {
    tool: 'aws, gcloud, az and gh',
    seen: /\b(?:aws|gcloud|gsutil|bq|az|azure|gh|github|eksctl|sam|cdk|terraform|tofu|pulumi|serverless|sls|arn:|googleapi|doctl|heroku|fly(?:ctl)?|vercel|netlify|wrangler|firebase|s3|ecs|lambda|amazonaws|vault)\b/i,
    rules: [
        {
            id: 'cloud-rate-limit',
            category: 'transient:rate-limit',
            lines: [
                /\b(?:API|secondary|request) rate limit\b.{0,60}\bexceeded\b|\bexceeded a secondary rate limit\b|\babuse detection mechanism\b/i,
                /\b(?:RequestLimitExceeded|ThrottlingException|ThrottledException|Throttling|TooManyRequestsException|TooManyRequests|SlowDown|RateLimitExceeded|rateLimitExceeded|userRateLimitExceeded|ProvisionedThroughputExceededException)\b|\bRate exceeded\b/,
                /\bquota\b.{0,80}\bexceeded\b.{0,200}\bper (?:minute|second|hour|day)\b|\bRESOURCE_EXHAUSTED\b.{0,200}\bper (?:minute|second)\b/i,
            ],
            fix: 'The provider limits how often its API is asked. Wait; if it comes back, run fewer jobs at once.',
            run: ['gh api rate_limit'],
        },
        {
            id: 'cloud-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\b(?:ExpiredToken(?:Exception)?|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure|InvalidSignatureException|IncompleteSignature|RequestExpired|RequestTimeTooSkewed|InvalidIdentityToken|MissingAuthenticationToken(?:Exception)?|ExpiredTokenException)\b/,
                /\bsecurity token included in the request is (?:expired|invalid)\b|\bUnable to locate credentials\b|\bconfig profile \(.{1,80}\) could not be found\b|\bSSO session .{0,80}(?:expired|invalid)|\bError (?:loading SSO Token|when retrieving (?:credentials|token))|\bPartial credentials found\b|\bCredentials could not be loaded\b|\bno identity-based credentials\b/i,
                /\bNot authorized to perform sts:AssumeRole/i,
                /\b(?:Please run 'az login'|AADSTS\d{4,7}|az login\b.{0,40}to setup account|Interactive authentication is needed|No subscription found|subscription .{0,60}doesn't exist in cloud|refresh token has expired)/i,
                /\b(?:You do not currently have an active account|There was a problem refreshing your current auth tokens|does not have any valid credentials|Reauthentication (?:failed|required)|gcloud auth login|application default credentials|invalid_grant|Could not load the default credentials)\b/i,
                /\b(?:gh auth login|Bad credentials|set the GH_TOKEN environment variable|GH_TOKEN|authentication token .{0,60}(?:invalid|missing))\b/,
                /\b(?:Not logged in|You are not (?:logged in|authenticated)|Authentication (?:required|failed|error)|not authenticated|Invalid (?:API )?(?:key|token|credentials)|Login required|no access token available|Unable to authenticate|401 Unauthorized|Unauthenticated|UNAUTHENTICATED)\b/i,
                /\bpermission denied\b.{0,40}\bCode: 403\b|\binvalid (?:role or secret|token)\b/i,
            ],
            fix: 'The provider does not know who we are: no credentials in this step, or expired ones. Log in again in a step with checkpoint: false.',
            run: ['aws sts get-caller-identity', 'gcloud auth list', 'az account show', 'gh auth status'],
        },
        {
            id: 'cloud-quota',
            category: 'recoverable:resource',
            lines: [
                /\b(?:ServiceQuotaExceededException|LimitExceeded(?:Exception|Fault)?|\w{1,40}LimitExceeded|QuotaExceeded(?:Error|Exception)?|\w{1,40}QuotaExceeded(?:Fault)?|InsufficientInstanceCapacity|InsufficientCapacity\w*|ZONE_RESOURCE_POOL_EXHAUSTED|SkuNotAvailable|OverconstrainedAllocationRequest|StorageFull|AllocationFailed)\b(?<!RequestLimitExceeded|RateLimitExceeded|userRateLimitExceeded)/,
                /\bQuota '[^']{1,120}' exceeded\b|\bquota (?:limit )?(?:has been |was )?exceeded\b(?!.{0,200}\bper (?:minute|second))|\bexceed(?:ed|s|ing) .{0,60}\bquota\b|\bexceeds? (?:the )?(?:approved|maximum|account) .{0,40}(?:quota|limit)\b|\bwould exceed .{0,60}limit\b/i,
                /\bunable to place a task because no container instance met all of its requirements\b|\bRESOURCE:(?:CPU|MEMORY)\b/,
            ],
            fix: 'A quota or the capacity of the account is used up. Ask for more, or free something.',
        },
        {
            id: 'cloud-in-progress',
            category: 'transient:lock',
            lines: [
                /\bis in (?:CREATE|UPDATE|DELETE|ROLLBACK|UPDATE_ROLLBACK|UPDATE_COMPLETE_CLEANUP|REVIEW|IMPORT)(?:_CLEANUP)?_IN_PROGRESS state and can not be updated\b/,
                /\bAnotherOperationInProgress\b|\bAnother (?:operation|deployment|update|request) .{0,80}(?:in progress|is (?:already )?running|ongoing)/i,
                /\boperation .{0,120} is (?:already |currently )?in progress\b|\bOperationInProgress\b|\bdeployment is currently in progress\b|\bconcurrent update operation\b/i,
                /\bstack .{0,80}is being (?:updated|modified)\b|\b\w+InProgressException\b/,
            ],
            fix: 'The provider works on another change of the same thing. Wait for it.',
        },
        {
            id: 'cloud-conflict',
            category: 'transient:conflict',
            lines: [
                /\b(?:ConcurrentModificationException|ConcurrentUpdateException|OptimisticLock\w*|ResourceConflictException|OperationAborted|OperationConflictException|PreconditionFailed|PriorRequestNotComplete|TransactionCanceledException|TransactionConflictException)\b/,
                /\bThe operation cannot be performed at this time\b|\bA conflicting conditional operation is currently in progress\b/i,
                /\bthere were concurrent policy changes\b|\betag .{0,60}(?:mismatch|does not match|conflict)/i,
                /\bcode = Aborted\b|\bstatus: ABORTED\b|\b409:? .{0,40}concurrent/i,
            ],
            fix: 'Two changes met. Repeating usually helps; if it goes on, find out who else deploys.',
        },
        {
            id: 'cloud-permission',
            category: 'recoverable:permission',
            lines: [
                /\bAccessDenied(?:Exception|Fault)?\b|\bUnauthorizedOperation\b|\bUnauthorizedException\b|\b(?:is|are) not authorized to perform\b|\bAuthorizationFailed\b|\bLinkedAuthorizationFailed\b|\bAuthorizationError(?:Exception)?\b|\bexplicit deny\b/,
                /\bPERMISSION_DENIED\b|\bdoes not have (?:permission|authorization|\S{1,80} (?:access|permission))\b|\bPermission '[^']{1,120}' denied\b|\bcaller does not have permission\b|\bRequired '[^']{1,120}' permission\b|\bIAM_PERMISSION_DENIED\b/,
                /\bResource not accessible by (?:integration|personal access token)\b|\bMust have admin rights\b|\bHTTP 403\b|\bInsufficient (?:privileges|permissions?|scopes?)\b|\bmissing required scopes\b|\bneeds the "?[\w:]{1,40}"? scope\b|\bSAML enforcement\b/i,
            ],
            fix: 'The account is known and may not do this. Give its role the named action, and nothing more.',
            run: ['aws sts get-caller-identity', 'gh auth status'],
        },
        {
            id: 'cloud-wait',
            category: 'critical:health',
            strength: 'decisive',
            lines: [
                /\bWaiter \S{1,80} failed: (?:Max attempts exceeded|Waiter encountered a terminal failure)/,
                /\bis not ready and cannot serve traffic\b|\bfailed to start and (?:then )?listen on the port\b/,
                /\btarget(?:s| group)? .{0,80}(?:unhealthy|health checks? failed)|\bfailed (?:ELB|container|load balancer) health checks?\b|\bUnhealthyHost|\bhealth checks? (?:are |is |has |have )?(?:failed|failing)\b/i,
                /\bdeployment circuit breaker\b|\btasks? failed to start\b|\bEssential container in task exited\b|\bservice .{0,60}did not (?:stabilize|reach a steady state)|\bResourceNotReady: (?:exceeded wait attempts|failed waiting)/i,
                /\bECS Deployment .{0,60}failed|\bDeployment (?:d-\w+ )?(?:failed|was rolled back|has been stopped)\b|\bToo many individual instances failed deployment\b|\bThe overall deployment failed\b/i,
                /\bsmoke checks? failed\b|\bfailed to (?:become|get) healthy\b|\bmachine .{0,60}(?:not healthy|failed to reach desired|exited with non-zero)|\bRelease command failed\b|\bAt least one of the containers? .{0,60}(?:crashed|failed)/i,
                /\bContainer called exit\b|\bsite (?:failed to start|unavailable)\b|\bDeployment Failed\b.{0,120}(?:warm ?up|start)/i,
            ],
            fix: 'The provider took the release, but it does not become healthy. Its events and the log of the new instances say why.',
        },
        {
            id: 'cloud-stack-failed',
            category: 'critical:service',
            lines: [
                /\bFailed to create\/update the stack\b|\bFailed to create the changeset\b.{0,200}(?<!No updates)\bFAILED\b|\b(?:CREATE|UPDATE)_FAILED\b|\bUPDATE_ROLLBACK_(?:COMPLETE|FAILED)\b(?!.{0,40}can not be updated)|\bThe following resource\(s\) failed to (?:create|update)\b/,
                /\bDeploymentFailed\b|\bAt least one resource deployment operation failed\b/,
            ],
            fix: 'The stack was rolled back or stands half-way. The first failed resource in its events is the cause.',
            run: ['aws cloudformation describe-stack-events --stack-name {name}'],
        },
        {
            id: 'cloud-service',
            category: 'transient:service',
            lines: [
                /\b(?:ServiceUnavailable(?:Exception)?|ServiceException|InternalServerError(?:Exception)?|InternalFailure|InternalServiceError|InternalError|ServiceFailure\w*|SERVICE_UNAVAILABLE|ServerTimeout\w*)\b/,
                /\bHTTP 50[0234]\b|\bstatus: UNAVAILABLE\b|\bWe encountered an internal error\. Please try again\b|\bbackendError\b|\bSomething went wrong while executing your query\b/i,
                /\bAn internal error (?:has )?occurred\b.{0,60}(?:try again|retry)/i,
            ],
            fix: 'The provider has trouble. If it goes on, look at its status page.',
        },
        {
            id: 'cloud-endpoint',
            category: 'transient:network',
            lines: [
                /\bCould not connect to the endpoint URL: "https?:\/\/(?<host>[\w.-]{1,253})/,
                /\bConnection was closed before we received a valid response from endpoint URL\b/,
                /\berror connecting to (?<host>[\w.-]{1,253})\b/i,
            ],
            own: 'critical:health',
            fix: 'The endpoint of the provider cannot be reached. If it goes on, check region, network and proxy.',
            run: ['getent hosts {host}'],
        },
        {
            id: 'cloud-not-found',
            category: 'recoverable:dependency',
            lines: [
                /\b(?:\w{1,40}NotFound(?:Exception|Fault|Error)?|NoSuch(?:Bucket|Key|Entity|Upload|HostedZone|\w{1,30})|ResourceGroupNotFound|\w{1,40}DoesNotExist|NotFoundException)\b/,
                /\bNOT_FOUND\b|\bHTTP 404\b|\b(?:An error occurred \(404\))|\bCould not resolve to (?:a|an) \w+/,
                /\b(?:stack|function|cluster|service|bucket|image|secret|parameter|role|topic|queue|repository|release|workflow|project|app|application|environment|resource|module|tag|version|model) .{0,120}\b(?:does not exist|was not found|not found|cannot be found|could not be found)\b/i,
                /\b(?:no (?:release|workflow|artifact|run|asset)s? (?:found|matches?)|release not found|could not find any (?:workflows?|artifacts?))\b/i,
                /\bThe user-provided path (?<path>\S{1,300}) does not exist\b/,
            ],
            fix: 'What the call names is not there. Check name, region, account and the step that should have made it.',
        },
        {
            id: 'cloud-request',
            category: 'recoverable:configuration',
            lines: [
                /\b(?:Validation(?:Exception|Error)|InvalidParameter\w*|InvalidInput\w*|InvalidRequest\w*|InvalidArgument\w*|MalformedPolicyDocument|ParamValidation|Parameter validation failed|ClientException|InvalidTemplate\w*|MissingParameter|UnsupportedOperation|BadRequest(?:Exception)?|InvalidTaskDefinition\w*)\b/,
                /\bINVALID_ARGUMENT\b|\bFAILED_PRECONDITION\b|\bHTTP 422\b|\bValidation Failed\b|\balready_exists\b|\bAlreadyExists(?:Exception)?\b|\b\w{1,40}AlreadyExists(?:Exception)?\b|\bALREADY_EXISTS\b/,
                /\bROLLBACK_COMPLETE state and can not be updated\b|\bNo updates are to be performed\b|\bDELETE_FAILED state and can not be updated\b/,
                /\b(?:You must specify a region|Unknown options:|argument .{0,60}(?:Invalid choice|is required)|the following arguments are required|Invalid choice|unrecognized arguments?|Invalid template|is not a recognized (?:command|flag)|\S{1,40} is misspelled|unknown flag)/i,
                /\bThe required property \[\w+\] is not currently set\b|\bAPI \[[\w.]+\] not enabled\b|\bSERVICE_DISABLED\b|\bhas not been used in project\b|\bexpected one argument\b/i,
            ],
            fix: 'The provider does not accept the request as it is. Check the names and values of the call.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/docker.ts
const DOCKER = {
    tool: 'docker and compose',
    seen: /\b(?:docker|compose|podman|buildx|buildkit|buildah|skopeo|dockerfile|containerd?|registry|OCI|manifest|swarm|kamal)\b/i,
    rules: [
        {
            id: 'docker-compose-missing',
            category: 'recoverable:dependency',
            strength: 'decisive',
            command: /\bdocker (?:compose|buildx)\b/,
            lines: [
                /\bunknown shorthand flag: '[dfp]' in -[dfp]/,
                /'(?:compose|buildx)' is not a docker command/,
                /\bdocker: unknown command: docker (?:compose|buildx)/,
            ],
            fix: 'This docker has no compose (or buildx) plugin. Install docker-compose-plugin (or docker-buildx-plugin) on this host.',
            run: ['docker info --format "{{json .ClientInfo.Plugins}}"'],
        },
        {
            id: 'docker-daemon-denied',
            category: 'recoverable:permission',
            strength: 'decisive',
            lines: [
                /permission denied while trying to connect to the [Dd]ocker/,
                /dial unix (?<path>\S{1,200}\.sock): connect: permission denied/,
                /PermissionError.{0,60}docker|Error while fetching server API version: .{0,80}Permission denied/,
            ],
            fix: 'This account may not use the docker socket. Add it to the group docker (that is as good as root) and start the runner anew, or use rootless docker.',
            run: ['ls -l /var/run/docker.sock', 'id'],
        },
        {
            id: 'docker-daemon-remote',
            category: 'transient:network',
            strength: 'decisive',
            lines: [
                /Cannot connect to the Docker daemon at (?:tcp|ssh|https?):\/\/(?!localhost|127\.|\[::1\])(?<host>[\w.-]{1,253})/,
                /error during connect: .{0,200}(?:tcp|ssh|https?):\/\/(?!localhost|127\.|%2F)(?<host>[\w.-]{1,253})/,
            ],
            fix: 'The docker daemon of another host could not be reached. If it goes on, check DOCKER_HOST and that host.',
        },
        {
            id: 'docker-daemon-down',
            category: 'critical:service',
            strength: 'decisive',
            lines: [
                /Cannot connect to the Docker daemon\b/,
                /Is the docker daemon running\?/,
                /failed to connect to the docker API\b/,
                /error during connect: /,
                /Error while fetching server API version: /,
                /dial unix \S{1,200}(?:docker|containerd|podman|buildkitd)\S{0,40}\.sock: connect: (?:no such file|connection refused)/,
                /Couldn't connect to Docker daemon\b/,
                /unable to connect to Podman socket\b/i,
            ],
            fix: 'The docker daemon of this host does not answer: it is stopped or it crashed. Start it and look at why it went.',
            run: ['systemctl status docker', 'journalctl -u docker -n 50'],
        },
        {
            id: 'docker-rate-limit',
            category: 'transient:rate-limit',
            strength: 'decisive',
            lines: [
                /\btoomanyrequests\b|\brate limit exceeded\b/i,
                /\breached your (?:unauthenticated )?pull rate limit\b/i,
            ],
            fix: 'The registry limits pulls. Log in (the limit is higher), use a mirror, or wait.',
        },
        {
            id: 'docker-token-expired',
            category: 'recoverable:credentials',
            strength: 'decisive',
            lines: [
                /\bauthorization token has expired\b|\bToken has expired\b|\bdenied: .{0,60}\b(?:expired|revoked)\b/i,
            ],
            fix: 'The log-in to the registry has expired. Log in again in a step with checkpoint: false, right before the pull.',
            run: ['docker login {host}'],
        },
        {
            id: 'docker-name-taken',
            category: 'recoverable:configuration',
            lines: [
                /Conflict\. The container name "\/?(?<name>[\w.-]{1,128})" is already in use/,
                /\bnetwork with name (?<name>\S{1,128}) already exists\b/,
                /\bthe container name "(?<name>[^"]{1,128})" is already in use\b/,
            ],
            fix: 'A container of this name is left over. Remove or rename it, or let compose replace it.',
            run: ['docker ps -a --filter name={name}', 'docker rm -f {name}'],
        },
        {
            id: 'docker-port',
            category: 'recoverable:port',
            lines: [
                /\bBind for [\d.[\]:]{1,50}:(?<port>\d{1,5}) failed: port is already allocated\b/,
                /\blisten (?:tcp[46]?|udp[46]?) \S{0,60}:(?<port>\d{1,5}): bind: address already in use\b/,
                /\bfailed to bind (?:host )?port (?:for )?\S{0,60}:(?<port>\d{1,5})\b/,
                /\bPorts are not available\b.{0,80}:(?<port>\d{1,5})\b/i,
                /\bport is already allocated\b/,
                /\bhost-mode port already in use\b/i,
            ],
            fix: 'Another container or process listens on the port. Find it; if it is the old release, stop that first.',
            run: ["ss -ltnp 'sport = :{port}'", 'docker ps --filter publish={port}'],
        },
        {
            id: 'docker-migration',
            category: 'critical:migration',
            strength: 'decisive',
            lines: [
                /service "(?<name>[^"]{0,60}(?:migrat|flyway|liquibase|schema|alembic|db-?(?:init|setup|update))[^"]{0,60})" didn't complete successfully/i,
                /dependency failed to start: container \S{0,80}migrat\S{0,80} exited/i,
            ],
            fix: 'The container that migrates the database failed. Read its log and the state of the schema before anything runs again.',
            run: ['docker compose logs --no-color {name}'],
        },
        {
            id: 'docker-unhealthy',
            category: 'critical:health',
            strength: 'decisive',
            lines: [
                /\bcontainer (?<name>\S{1,128}) is unhealthy\b/,
                /\bcontainer for service "(?<name>[^"]{1,80})" (?:is unhealthy|has no healthcheck)/,
                /\bdependency failed to start\b/,
                /\bservice "(?<name>[^"]{1,80})" is unhealthy\b/,
                /\bis restarting, wait until the container is running\b/,
                /\bupdate paused due to failure or early termination of task\b|\brollback completed\b.{0,20}$|\bservice update paused\b/i,
                /\btarget failed to become healthy\b|\bcontainer not (?:healthy|ready)\b|\bfailed to become healthy within\b/i,
                /\bapplication not ready after\b/i,
            ],
            fix: 'The new container runs but is not healthy. Its log and its health check say why.',
            run: [
                'docker ps -a',
                'docker logs --tail 100 {name}',
                'docker inspect --format "{{json .State.Health}}" {name}',
            ],
        },
        {
            id: 'docker-not-running',
            category: 'critical:service',
            lines: [/\bContainer (?<name>\S{1,128}) is not running\b/i],
            fix: 'The container has ended. Its log says why.',
            run: ['docker ps -a', 'docker logs --tail 100 {name}'],
        },
        {
            id: 'docker-exited',
            category: 'critical:service',
            lines: [
                /\bservice "(?<name>[^"]{1,80})" didn't complete successfully: exit [1-9]\d*/,
                /\bcontainer (?<name>\S{1,128}) exited \([1-9]\d*\)/,
                /\b(?<name>\S{1,128}) exited with code [1-9]\d*$/,
                /\btask: non-zero exit \(\d+\)/,
            ],
            strength: 'symptom',
            fix: 'A container ended as soon as it started. Its log says why.',
            run: ['docker ps -a', 'docker logs --tail 100 {name}'],
        },
        {
            id: 'docker-compose-file',
            category: 'recoverable:configuration',
            strength: 'decisive',
            lines: [
                /^yaml: (?:line \d+|unmarshal errors?|mapping|did not)/,
                /\byaml: (?:line \d+: |unmarshal error|invalid)/,
                /\b(?:services|networks|volumes|configs|secrets)\.\S{1,120}:? .{0,80}(?:Additional propert|must be|is not allowed|invalid|contains|required|unsupported)/,
                /\b(?:services|networks|volumes|configs|secrets|x-\w+)\.?\S{0,120} [Aa]dditional propert(?:y|ies) /,
                /\bvalidating \S{1,200}: /,
                /\b(?:undefined|refers to undefined) (?:volume|network|config|secret|service)\b|\bdepends on undefined service\b/,
                /\binvalid interpolation format\b|\binvalid (?:compose project|project name|spec|hostPort|containerPort|proto)\b|\binvalid template\b/i,
                /\brequired variable (?<variable>\w{1,80}) is missing a value\b/,
                /\benv file (?<path>\S{1,300}) not found\b/,
                /\bCouldn't find env file: (?<path>\S{1,300})/,
                /\bno configuration file provided\b|\bThe Compose file '?\S{0,200} is invalid\b|\bUnsupported (?:Compose file|config option)/i,
                /\bhas neither an image nor a build context specified\b|\bdepends on service '[^']{1,80}' which is undefined\b|\bMissing mandatory value for\b|\bempty compose file\b|\bno such service: (?<name>\S{1,80})|\bno service selected\b/,
                /\bCan't find a suitable configuration file\b/,
            ],
            fix: 'The compose file or its environment is wrong; nothing was started. Check it, with the same environment.',
            run: ['docker compose config --quiet'],
        },
        {
            id: 'docker-registry-trouble',
            category: 'transient:service',
            lines: [
                /\breceived unexpected HTTP status: 5\d\d\b/,
                /\bunexpected status(?: code)?(?: from \w+ request)?(?: to)?\b.{0,300}\b5\d\d\b/,
                /\b(?:failed to do request|httpReadSeeker: failed open|error pinging docker registry|failed to copy|failed to fetch (?:anonymous|oauth) token|error parsing HTTP 5\d\d response body)\b(?!.{0,400}(?:40[134]|not found|denied|unauthorized|x509|no such host|localhost|127\.0\.0\.1))/i,
                /\bReceived unexpected HTTP status\b/,
                /\bregistry .{0,60}(?:unavailable|maintenance|internal server error)/i,
                /\bblob upload (?:unknown|invalid)\b|\bunknown blob\b/,
            ],
            fix: 'The registry has trouble. If it goes on, look at its status page.',
        },
        {
            id: 'docker-image-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bmanifest for (?<image>\S{1,300}) not found\b/,
                /\bmanifest unknown\b|\bmanifest .{0,80}not found\b|\bname unknown\b|\brepository name not known to registry\b/i,
                /\b(?:failed to resolve (?:reference|source metadata for)|pull access denied for) "?(?<image>[^\s",:]{1,200}(?::[\w.-]+)?)"?.{0,300}(?:not found|does not exist)/,
                /\bNo such image: (?<image>\S{1,300})/,
                /\bUnable to find image '(?<image>[^']{1,300})' locally.{0,20}not found/,
                /\bno matching manifest for \S{1,60} in the manifest list\b|\bno match for platform in manifest\b|\bdoes not match the specified platform\b|\bimage operating system .{0,40}cannot be used\b/,
                /\b(?<image>[\w./-]{1,200}:[\w.-]{1,128}): not found$/,
                /\b(?:reading|initializing) manifest\b.{0,200}\bunknown\b/,
            ],
            fix: 'The registry has no such image, tag or platform. Check that the build pushed it, and the name.',
            run: ['docker manifest inspect {image}'],
        },
        {
            id: 'docker-login',
            category: 'recoverable:credentials',
            lines: [
                /\bunauthorized: (?!.{0,200}(?:timeout|connection refused))/,
                /\b(?:no basic auth credentials|authentication required|incorrect username or password|requested access to the resource is denied|pull access denied)|(?<!permission )\bdenied: /,
                /\berror (?:getting|storing) credentials\b|\bCannot perform an interactive login from a non TTY\b|\bMust provide --username\b|\bPassword required\b/i,
                /\bfailed to authorize\b(?!.{0,300}(?:timeout|timed out|refused|EOF|reset|50\d|no such host))/,
                /\binsufficient_scope\b|\binvalid_token\b|\bauthorization failed\b|\bfailed to fetch (?:oauth|anonymous) token:.{0,300}40[13]/,
            ],
            fix: 'The registry does not accept the log-in, or the account may not use this image. Log in again in a step with checkpoint: false.',
            run: ['docker login {host}'],
        },
        {
            id: 'docker-not-found',
            category: 'recoverable:dependency',
            lines: [
                /\b(?:network|volume|container|service|secret|config|context) "?(?<name>[\w.-]{1,128})"? (?:declared as external, but could not be found|not found)\b/,
                /\bNo such (?:container|service|network|volume|secret|config|object|plugin)\b:? ?(?<name>\S{0,128})/i,
                /\bexec: "(?<command>[^"]{1,200})": (?:executable file not found|stat .{0,200}no such file)/,
                /\bstarting container process caused: exec: .{0,200}no such file or directory/,
                /\bexec (?<path>\S{1,200}): (?:no such file or directory|exec format error)/,
                /\bfailed to compute cache key: .{0,200}not found\b|\bCOPY failed: (?:file not found|stat)|\bfailed to calculate checksum of ref\b.{0,200}not found/,
                /\bfailed to read dockerfile: open (?<path>\S{1,200}): no such file|\bunable to prepare context: (?:path|unable)\b|\bCannot locate specified Dockerfile\b/i,
                /\bbind source path does not exist: (?<path>\S{1,300})|\binvalid mount config for type "bind"/,
                /\bplugin .{0,60}not found\b/,
            ],
            fix: 'Something that docker was to use is not there: a network, volume, container, file or program. Check the name, and what makes it.',
            run: ['docker ps -a', 'docker network ls', 'docker volume ls'],
        },
        {
            id: 'docker-exec-denied',
            category: 'recoverable:permission',
            lines: [
                /\bexec: "(?<command>[^"]{1,200})": permission denied\b/,
                /\bstarting container process caused: .{0,200}permission denied\b/,
            ],
            fix: 'The program in the image may not be executed. Set its mode in the image (chmod +x).',
        },
        {
            id: 'docker-address-pool',
            category: 'recoverable:resource',
            lines: [
                /\bnon-overlapping IPv4 address pool\b|\ball predefined address pools have been fully subnetted\b|\bPool overlaps with other one\b/,
            ],
            fix: 'docker has no free network range. Remove unused networks.',
            run: ['docker network ls', 'docker network prune'],
        },
        {
            id: 'docker-out-of-sequence',
            category: 'transient:conflict',
            lines: [/\bupdate out of sequence\b/],
            fix: 'Somebody else updated the service at the same moment.',
        },
        {
            id: 'docker-tests-in-build',
            category: 'critical:verification',
            lines: [/did not complete successfully: exit code: \d+.{0,5}$/],
            command: /--target[ =](?:test|tests|verify|lint)\b/,
            strength: 'symptom',
            fix: 'The test stage of the image failed. Its output stands above.',
        },
        {
            id: 'docker-usage',
            category: 'recoverable:configuration',
            lines: [
                /\bdid not resolve to an alias\b|\binvalid reference format\b|\binvalid (?:volume specification|mount config|containerPort|publish|environment variable|tag|mode)\b|\bbad format for path\b/i,
                /\bunknown (?:flag|shorthand flag|command|docker command)\b|\brequires (?:at least|exactly) \d+ argument/i,
                /\bdockerfile parse error\b|\bunknown instruction\b|\bDockerfile cannot be empty\b|\btarget stage "?[\w-]{1,80}"? could not be found\b/i,
                /\bAre you trying to mount a directory onto a file\b|\bnot a directory: unknown\b|\bMounts denied\b/,
                /\bThis node is not a swarm manager\b|\bcould not select device driver\b|\bclient version \S{1,20} is too (?:new|old)\b/,
                /\bunknown or invalid runtime name\b|\bfailed to parse .{0,60}\bstage name\b|\bvariable (?:is )?not set\b.{0,40}\brequired\b/,
                /\bServer gave HTTP response to HTTPS client\b/i,
                /\bbase name \(\S{0,80}\) should not be blank\b/,
                /\bcannot (?:join network|use .{0,40}together)|\bconflicting options\b|\bmust (?:be used with|specify)/i,
            ],
            fix: 'docker does not accept the call or the file as it is. Check names, flags and the Dockerfile.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/files.ts
/** What the operating system says about files, disks, ports and rights. */
const FILES = {
    tool: 'files and operating system',
    rules: [
        {
            id: 'os-watchers',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /System limit for number of file watchers reached/,
                /inotify (?:watch|instances?) limit/i,
            ],
            fix: 'The limit of inotify watches is used up. Raise fs.inotify.max_user_watches.',
            run: ['sysctl fs.inotify.max_user_watches fs.inotify.max_user_instances'],
        },
        {
            id: 'os-disk-full',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /[‘'"](?<path>[^‘’'"]{1,300})[’'"]?: No space left on device/i,
                /\bNo space left on device\b/i,
                /\bENOSPC\b/,
                /\bdisk (?:is )?full\b|\bDisk full\b|\b(?:database or )?disk is full\b/i,
                /\b(?:not enough|insufficient) (?:free )?(?:disk )?space\b/i,
                /\byou don't have enough free space\b/i,
                /\bmore space needed than available\b/i,
                /\bUsage: .{0,20}100%/,
                /\bThere is not enough space on the disk\b/i,
            ],
            fix: 'A disk is full, or has no inodes left. Free space where the path lies; old releases, logs and images are the usual places.',
            run: ['df -h', 'df -i', 'docker system df'],
        },
        {
            id: 'os-disk-quota',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /\bDisk quota exceeded\b/i,
                /\bEDQUOT\b/,
                /\bFile size limit exceeded\b|\bFile too large\b|\bEFBIG\b/,
            ],
            fix: 'The account has used up its share of the disk, or a file its size limit.',
            run: ['quota -s', 'df -h'],
        },
        {
            id: 'os-open-files',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [/\btoo many open files\b/i, /\b(?:EMFILE|ENFILE)\b/],
            fix: 'A process reached its limit of open files. Raise it (ulimit -n, LimitNOFILE), or open fewer at once.',
            run: ['ulimit -n', 'cat /proc/sys/fs/file-nr'],
        },
        {
            id: 'os-port',
            category: 'recoverable:port',
            lines: [
                /\bEADDRINUSE\b.{0,80}?:(?<port>\d{1,5})\b/,
                /\bbind\(\) to (?:[\w.:[\]-]{1,80}:)(?<port>\d{1,5}) failed/,
                /:(?<port>\d{1,5})\)?:? (?:bind: |failed: )?.{0,60}\baddress already in use\b/i,
                /\bport (?<port>\d{1,5}) (?:was |is )?already (?:in use|allocated|used)/i,
                /\baddress already in use\b|\bEADDRINUSE\b|\bAddrInUse\b|\bOnly one usage of each socket address\b/i,
                /\b(?:something|another process|process \d+) is already (?:running|listening) on port (?<port>\d{1,5})/i,
                /\bport (?<port>\d{1,5}) is (?:not available|occupied|taken|being used)/i,
                /\b(?:cannot|could not|unable to|failed to) bind (?:to |TCP |host |socket)?.{0,40}\bport:? (?<port>\d{1,5})\b/i,
            ],
            fix: 'Another process listens on the port. Find it; if it is the old release, stop that first.',
            run: ["ss -ltnp 'sport = :{port}'"],
        },
        {
            id: 'os-read-only',
            category: 'recoverable:permission',
            lines: [
                /[‘'"](?<path>\/[^‘’'"]{0,300})[’'"]?: Read-only file system/i,
                /\bRead-only file system\b/i,
                /\bEROFS\b/,
            ],
            fix: 'The file system is mounted read-only: on purpose, or because the kernel found errors on it. The kernel log tells which.',
            run: ['findmnt -T {path}', 'dmesg -T | tail -n 20'],
        },
        {
            id: 'os-sudo',
            category: 'recoverable:permission',
            lines: [
                /^sudo: (?:a (?:password|terminal) is required|no tty present|sorry, you must have|\d+ incorrect password|unable to (?:stat|open)|The "no new privileges" flag|\S{1,80} must be (?:owned by|setuid))/,
                /\bis not in the sudoers file\b|\bSorry, user \S{1,60} is not allowed to execute\b|\bmay not run sudo\b/i,
                /\b(?:are you root|must be (?:run as |superuser|root)|requires? (?:root|superuser|administrator)|run (?:this )?(?:as|with) (?:root|sudo)|need to be root|you must be root|This command has to be run (?:with|under) )/i,
                /^su: (?:Authentication failure|must be run from a terminal)|^doas: /,
            ],
            fix: 'The step needs rights that this account does not have, and nobody is there to type a password. Allow exactly this command in sudoers with NOPASSWD.',
            run: ['id', 'sudo -n -l'],
        },
        {
            id: 'os-permission',
            category: 'recoverable:permission',
            lines: [
                /\b(?:EACCES|EPERM)\b.{0,80}?[‘'"](?<path>[^‘’'"]{1,300})[’'"]/,
                /[‘'"](?<path>[^‘’'"]{1,300})[’'"]?:? (?:Permission denied|Operation not permitted)\b/i,
                /^\S{1,60}: (?:.{0,40}: )?(?<path>\/[^:\s]{1,300}): (?:Permission denied|Operation not permitted)$/i,
                /\bPermissionError: \[Errno 1?3?\] .{0,60}: '(?<path>[^']{1,300})'/,
                /\bopen (?<path>\/[^:\s]{1,300}): permission denied/,
                /\b(?:Permission denied|Operation not permitted)\b/i,
                /\b(?:EACCES|EPERM)\b/,
                /\bAccess is denied\b|\bAccessDeniedException\b.{0,10}\//,
                /\bexternally-managed-environment\b/,
            ],
            fix: 'This account may not do that. Look at owner and mode of the path, and at who runs the step.',
            run: ['ls -ld {path}', 'namei -l {path}', 'id'],
        },
        {
            id: 'os-io-error',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\bInput\/output error\b/i,
                /\bEIO\b[:,]/,
                /\bStructure needs cleaning\b|\bBad message\b$/,
                /\bStale (?:NFS )?file handle\b/,
            ],
            fix: 'The disk or network file system under this path gives errors. Stop writing to it and look into the kernel log.',
            run: ['dmesg -T | tail -n 30', 'findmnt'],
        },
        {
            id: 'data-archive',
            category: 'critical:data',
            lines: [
                /\bnot in gzip format\b|\bFile format not recognized\b/i,
                /\bgzip: .{1,120}: (?:unexpected end of file|invalid compressed data|not in gzip format|decompression OK, trailing garbage)/,
                /\bUnexpected EOF in archive\b|\bThis does not look like a tar archive\b/i,
                /\bEnd-of-central-directory signature not found\b|\b(?:bad|invalid) zip ?file\b|\bBadZipFile\b|\bcannot find zipfile directory\b|\bbad CRC\b|\binvalid zip\b/i,
                /\b(?:crc|data integrity|checksum) error\b/i,
                /\bCompressed data is corrupt\b|\bunexpected end of (?:input|archive|compressed)\b|\bFile is corrupt|Data Error|zstd: .{0,120}(?:premature|unsupported format|corrupt)/i,
                /\b(?:xz|bzip2|lzma): .{1,200}: (?:File format|Unexpected end|Compressed data|.{0,20}not a bzip2)/i,
                /\binflate: data stream error\b|\bzlib\.error\b|\bincorrect header check\b|\bEOFError: Compressed file ended/,
                /\binvalid tar header\b|\bSkipping to next header\b|\barchive\/tar: invalid/i,
            ],
            fix: 'The archive is cut off, damaged, or something else (often a saved error page). Fetch it anew and compare its checksum.',
            run: ['ls -l {path}', 'file {path}'],
        },
        {
            id: 'data-checksum',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /^(?!arn:)(?<path>\S{1,300}): FAILED(?: open or read)?$/,
                /\bcomputed checksums? did NOT match\b/,
                /\b(?:checksum|digest|hash|sha(?:1|256|512)(?:sum)?|md5(?:sum)?|integrity(?: check| checksum)?|signature)s?\b.{0,60}\b(?:mismatch(?:es)?|mismatched|do(?:es)? ?n[o']t match|did not match|verification failed|failed|invalid|differs?)\b/i,
                /\bBAD signature\b/,
                /\bverification failed for digest\b|\bunexpected (?:checksum|digest|hash)\b/i,
            ],
            fix: 'What arrived is not what was expected. Do not use it: find out whether the file or the expectation is wrong.',
            run: ['sha256sum {path}'],
        },
        {
            id: 'data-corrupt',
            category: 'critical:data',
            lines: [
                /\b(?:is|are|appears? to be|seems? to be|has been|got) (?:corrupt(?:ed)?|damaged|malformed)\b/i,
                /\bcorrupt(?:ed|ion)\b.{0,60}\b(?:detected|found|index|table|page|block|file|data|record|archive)\b/i,
                /\b(?:data|index|file|page|table|database|block|archive|header)\b.{0,40}\bcorrupt(?:ed|ion)\b/i,
                /\bno valid OpenPGP data found\b/,
            ],
            fix: 'Stored data is damaged. Stop, keep a copy as it is, and restore from a backup rather than repeat.',
        },
        {
            id: 'os-busy',
            category: 'recoverable:configuration',
            lines: [
                /\bText file busy\b|\bETXTBSY\b/,
                /\bDevice or resource busy\b|\btarget is busy\b|\bEBUSY\b/,
            ],
            fix: 'Something still uses the file or mount. Find the process, stop it, then go on.',
            run: ['fuser -vm {path}', 'lsof +D {path}'],
        },
        {
            id: 'lock-held',
            category: 'transient:lock',
            lines: [
                /\b(?:could not|couldn't|cannot|can't|unable to|failed to) (?:acquire|obtain|get|take|grab) .{0,60}\b(?:lock|lease|mutex)\b/i,
                /\block(?:file)?\b.{0,120}\b(?:is |already )?(?:held|owned|taken|in use) by\b/i,
                /\b(?:is|currently|already) locked(?: by\b|\.?$)/i,
                /\b(?:another|other|a) (?:\w+[ -]){0,3}(?:instance|process|deployment|deploy|migration|operation|run|job|apply|update|release|backup)(?: of \S{1,60})? (?:is |appears to be |seems to be )?(?:already |currently )?(?:running|in progress|active|underway|using)\b/i,
                /\b(?:deployment|deploy|migration|operation|update|upgrade|backup|build)(?: is)? already (?:running|in progress|underway)\b/i,
                /\block(?:file)? .{0,120}\b(?:already )?exists\b|\block already in place\b|\block found\b/i,
                /\bflock: .{0,80}(?:Resource temporarily unavailable|timeout)/i,
                /\btimed? ?out waiting for .{0,60}\block\b|\block (?:wait |acquisition )?timed? ?out\b/i,
                /\bBlockingIOError\b|\bresource (?:is )?locked\b/i,
            ],
            fix: 'Somebody else holds the lock. Wait for them; only when nobody is left, remove a lock that a crash left behind.',
        },
        {
            id: 'tar-changed',
            category: 'transient:conflict',
            lines: [
                /: (?<path>\S{1,300}): file changed as we read it$|: File removed before we read it$/,
            ],
            fix: 'A file changed while it was packed. Pack from a directory, or a snapshot, that nobody writes to.',
        },
        {
            id: 'os-cpu-time',
            category: 'recoverable:resource',
            lines: [/\bCPU time limit exceeded\b|\bSIGXCPU\b|\bSIGXFSZ\b/i],
            fix: 'The process used up the time or size that a limit allows it. Raise the limit; a repeat fails in the same way.',
            run: ['ulimit -a'],
        },
        {
            id: 'os-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bENOENT\b.{0,80}?'(?<path>[^']{1,300})'/,
                /[‘'"](?<path>[^‘’'"]{1,300})[’'"]?: (?:Cannot (?:open|stat): )?No such file or directory/i,
                /^\S{1,60}: (?:.{0,60}: )?(?<path>[^:\s]{1,300}): (?:Cannot (?:open|stat): )?No such file or directory/i,
                /\b(?:open|stat|lstat|chdir|read) (?<path>[^:\s]{1,300}): no such file or directory/,
                /\bNo such file or directory\b/i,
                /\bENOENT\b|\bFileNotFound(?:Error|Exception)\b|\bNoSuchFileException\b/,
                /\blinked file (?<path>\S{1,300}) does not exist/,
            ],
            fix: 'A file or directory is not there. Check the path and the working directory, and what should have made it.',
            run: ['ls -ld {path}', 'pwd'],
        },
        {
            id: 'os-kind',
            category: 'recoverable:configuration',
            lines: [
                /\b(?:ENOTDIR|EISDIR|ENOTEMPTY|EEXIST)\b/,
                /: (?:Not a directory|Is a directory|Directory not empty|File exists|Invalid cross-device link|File name too long|Too many levels of symbolic links)$/i,
                /\bargument list too long\b/i,
            ],
            fix: 'The path exists and is of another kind than the step expects. Look at it before you remove anything.',
            run: ['ls -ld {path}'],
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/git.ts
const GIT = {
    tool: 'git',
    seen: /\bgit\b|\bfatal: |\bremote: |\blfs\b|FETCH_HEAD|\bgh\b/i,
    rules: [
        {
            id: 'git-lock',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [
                /Unable to create '(?<path>[^']{1,300}\.lock)': File exists/,
                /^Another git process seems to be running/,
                /\bcannot lock ref '[^']{1,200}': Unable to create\b/,
                /\bcould not lock config file (?<path>\S{1,300}): File exists/,
            ],
            fix: 'Another git process works in this checkout. If none is left, a crash left the lock file: remove it.',
            run: ['ls -l {path}', 'pgrep -a git'],
        },
        {
            id: 'git-ref-race',
            category: 'transient:conflict',
            lines: [
                /\bcannot lock ref '[^']{1,200}': (?:is at \w+ but expected|reference already exists)/,
                /\(cannot lock ref\)|\bfailed to update ref\b|\bincorrect old value provided\b/,
            ],
            fix: 'Somebody else moved the same ref at the same moment.',
        },
        {
            id: 'git-push-race',
            category: 'transient:conflict',
            command: /\bgit\b[^\n]{0,80}\b(?:clone|fetch|pull|rebase)\b/,
            lines: [/\[(?:remote )?rejected\].{0,200}\((?:fetch first|non-fast-forward)\)/],
            fix: 'Somebody else pushed in between. Fetch, rebase and push again.',
        },
        {
            id: 'git-push-behind',
            category: 'recoverable:configuration',
            lines: [
                /\[(?:remote )?rejected\].{0,200}\((?:fetch first|non-fast-forward|stale info|already exists|would clobber existing tag)\)/,
                /\bUpdates were rejected because\b/,
                /\btag '[^']{1,200}' already exists\b|\ba branch named '[^']{1,200}' already exists\b/,
            ],
            fix: 'The remote has commits that this push would undo, or the name is taken. The step must fetch and rebase before it pushes.',
            run: ['git fetch && git log --oneline HEAD..@{upstream}'],
        },
        {
            id: 'git-push-refused',
            category: 'recoverable:permission',
            lines: [
                /\b(?:protected branch hook declined|pre-receive hook declined|GH00[0-9]:|hook declined|branch is protected|You are not allowed to push|deploy key .{0,40}read[- ]only|The key you are authenticating with has been marked as read only)/i,
                /\brefusing to allow .{0,80} to create or update workflow/,
                /\bPermission to \S{1,200} denied to\b/,
            ],
            fix: 'The remote does not let this account push there. Look at its branch rules and at the rights of the token or key.',
        },
        {
            id: 'git-ownership',
            category: 'recoverable:permission',
            lines: [/detected dubious ownership in repository at '(?<path>[^']{1,300})'/],
            fix: 'The checkout belongs to another user. Give it to the user of the runner, or name it in safe.directory.',
            run: ['ls -ld {path}', 'git config --global --add safe.directory {path}'],
        },
        {
            id: 'git-conflict',
            category: 'recoverable:configuration',
            lines: [
                /^CONFLICT \(/,
                /\bAutomatic merge failed; fix conflicts\b/,
                /\berror: could not apply \w+/,
                /\b(?:local changes|untracked working tree files).{0,80}would be overwritten by\b/,
                /\bNeed to specify how to reconcile divergent branches\b|\bNot possible to fast-forward\b|\brefusing to merge unrelated histories\b|\bhave divergent branches\b/,
                /\bYou have unstaged changes\b|\bcannot (?:pull with rebase|rebase)\b|\bpatch does not apply\b|\bPulling is not possible because you have unmerged files/,
                /\bPlease tell me who you are\b|\bunable to auto-detect email address\b|\bempty ident name\b/,
            ],
            fix: 'git needs a decision of a person, or a clean checkout. Deploy from a fresh checkout rather than pulling into a changed one.',
            run: ['git status'],
        },
        {
            id: 'git-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\bAuthentication failed for '/,
                /\bcould not read (?:Username|Password) for '/,
                /\bInvalid username or (?:password|token)\b|\bSupport for password authentication was removed\b|\bterminal prompts disabled\b/,
                /\bremote: (?:HTTP Basic: Access denied|Invalid credentials|Bad credentials)/,
                /\bunable to access '[^']{1,300}': The requested URL returned error: 40[13]/,
                /\bWrite access to repository not granted\b/,
            ],
            fix: 'The remote does not accept the credentials. Check that the token or key is set in this step, and not expired.',
            run: ['git remote -v'],
        },
        {
            id: 'git-repository-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bremote: Repository not found\b|\brepository '[^']{1,300}' not found\b/,
                /'(?<path>[^']{1,300})' does not appear to be a git repository\b/,
                /\brepository '(?<path>[^']{1,300})' does not exist\b/,
                /\bThe project you were looking for could not be found\b/,
            ],
            fix: 'There is no such repository, or this account may not see it. Check the address and the rights.',
            run: ['git remote -v'],
        },
        {
            id: 'git-revision-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bcouldn't find remote ref (?<name>\S{1,200})/,
                /\bRemote branch (?<name>\S{1,200}) not found in upstream\b/,
                /\bpathspec '(?<name>[^']{1,200})' did not match any file/,
                /\b(?:unknown revision or path|bad revision|not a valid object name|not a commit|reference is not a tree|invalid reference|ambiguous argument|not our ref|No tags can describe|No names found, cannot describe|Needed a single revision|upload-pack: not our ref|did not contain)\b/,
                /\bsrc refspec (?<name>\S{1,200}) does not match any/,
            ],
            fix: 'The branch, tag or commit is not there. In a shallow checkout, fetch more (fetch-depth: 0).',
            run: ['git ls-remote origin'],
        },
        {
            id: 'git-not-a-repository',
            category: 'recoverable:configuration',
            lines: [
                /\bnot a git repository\b|\bthis operation must be run in a work tree\b|\bnot in a git directory\b/i,
                /\bdestination path '(?<path>[^']{1,300})' already exists and is not an empty directory\b/,
            ],
            fix: 'The step runs in a directory that is not the checkout it expects. Check working-directory and actions/checkout.',
            run: ['git rev-parse --show-toplevel', 'ls -la'],
        },
        {
            id: 'git-corrupt',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\b(?:loose )?object \w{6,64} .{0,200}is corrupt\b|\bobject file \S{1,200} is empty\b|\bbad object \w+/,
                /\bunable to read (?:tree|sha1 file)\b|\bmissing (?:blob|tree|commit) \w{7}|\bindex file (?:smaller|corrupt)|\bbad index file sha1|\bbad (?:index )?signature 0x/,
                /\bpackfile \S{1,300} (?:cannot be (?:accessed|mapped)|is corrupt|does not match index)|\bsha1 mismatch\b|\bcorrupt (?:loose object|patch)\b/,
                /\bunable to unpack \w{7,64} header\b|\bdid not send all necessary objects\b/,
            ],
            fix: 'The repository on this host is damaged. Move it away and clone anew; do not deploy from it.',
            run: ['git fsck --full'],
        },
        {
            id: 'git-lfs-quota',
            category: 'recoverable:resource',
            lines: [
                /\bover its data quota\b|\bexceeded .{0,60}LFS (?:budget|quota|bandwidth)/i,
                /\bexceeds GitHub's file size limit\b|\bRPC failed; HTTP 413/,
            ],
            fix: 'The quota of large files is used up, or a file is too large.',
        },
        {
            id: 'git-lfs-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bgit-lfs: (?:command )?not found\b|'lfs' is not a git command|\bObject does not exist on the server\b/,
            ],
            fix: 'git-lfs is not installed here, or the object was never pushed.',
            run: ['git lfs version'],
        },
        {
            id: 'git-service',
            category: 'transient:service',
            lines: [
                /\bunable to access '[^']{1,300}': .{0,60}returned error: (?:500|503)\b/,
                /^remote: (?:Service Unavailable|Internal Server Error|GitLab is not responding|GitHub .{0,40}unavailable)/i,
                /\bremote: fatal error in commit_refs\b/,
            ],
            fix: 'The git server has trouble. If it goes on, look at its status page.',
        },
        {
            id: 'git-transport',
            category: 'transient:network',
            lines: [
                /\bRPC failed; (?:curl \d+|HTTP 5\d\d|result=)/,
                /\bfetch-pack: (?:unexpected disconnect|invalid index-pack)|\bearly EOF\b|\bindex-pack failed\b/,
                /\bunable to access '[^']{1,300}': .{0,120}(?:Could not resolve|Failed to connect|timed out|reset|returned error: 5\d\d|SSL_ERROR|GnuTLS|Empty reply|Couldn't connect)/,
                /\bexpected (?:flush after ref listing|'packfile')/,
                /\bunable to connect to (?<host>[\w.-]{1,253}):?$/,
            ],
            fix: 'The transfer from the remote broke off.',
        },
        {
            id: 'git-hung-up',
            category: 'transient:network',
            strength: 'symptom',
            lines: [/\bthe remote end hung up (?:unexpectedly|upon initial contact)\b/i],
            fix: 'The remote closed the connection without saying why. If it goes on, check address, rights, and the log of the remote.',
            run: ['git ls-remote origin'],
        },
        {
            id: 'git-remote-unreadable',
            category: 'recoverable:credentials',
            strength: 'weak',
            lines: [/\bCould not read from remote repository\b/],
            fix: 'The remote could not be read: the key or the address is wrong.',
            run: ['git remote -v', 'ssh -T git@{host}'],
        },
        {
            id: 'git-usage',
            category: 'recoverable:configuration',
            strength: 'symptom',
            lines: [
                /^fatal: (?:unrecognized argument|ambiguous argument|invalid refspec|bad config|bad numeric|No (?:configured push destination|such remote|remote repository specified|url found for submodule))/,
                /^error: unknown (?:option|switch) `/,
                /\bNo such remote\b|\bhas no upstream branch\b|\bno submodule mapping found\b/,
            ],
            fix: 'git does not understand the call, or its configuration lacks something.',
            run: ['git config --list --show-origin'],
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/http.ts
/** Answers over HTTP, whatever client printed them. */
const HTTP = {
    tool: 'curl, wget and HTTP answers',
    rules: [
        {
            id: 'http-rate-limit',
            category: 'transient:rate-limit',
            lines: [
                /\b(?:error|status|code|HTTP|response|returned|ERROR)\S{0,8}:? ?\(?429\b/i,
                /\b429:? (?:Too Many Requests|Client Error)/i,
                /\btoo ?many ?requests\b(?!.{0,40}\b(?:for|to) (?:the )?disk)/i,
                /\brate[- ]?limit(?:ed|ing)\b|\brate[- ]?limits?\b.{0,60}\b(?:exceeded|reached|hit|exhausted|error)\b/i,
                /\b(?:exceeded|reached|hit|over) .{0,60}\brate[- ]?limits?\b/i,
                /\brate exceeded\b|\brequests? (?:was|were|has been|have been)? ?throttled\b|\bThrottl(?:ing|ed)(?:Exception|Error)?\b/i,
                /\b(?:RequestLimitExceeded|SlowDown|TooManyRequestsException|ProvisionedThroughputExceeded\w*|RateLimitExceeded|userRateLimitExceeded)\b/,
                /\bquota exceeded\b.{0,200}\b(?:per (?:minute|second|hour|day)|requests)\b/i,
            ],
            fix: 'The far side limits how often it is asked. Wait for the time it names; fewer parallel jobs or an authenticated client raise the limit.',
        },
        {
            id: 'http-unauthorized',
            category: 'recoverable:credentials',
            own: 'critical:health',
            lines: [
                /\bThe requested URL returned error: 401\b/,
                /\b(?:HTTP(?:\/[\d.]+)?|status(?: ?code)?|code|response|error)\S{0,3} ?(?:of )?\(?401\b/i,
                /\b401:? (?:Unauthorized|Client Error|Authorization Required|Bad credentials)/i,
                /\bcurl: \(67\)/,
                /\bUsername\/Password Authentication Failed\b/i,
            ],
            fix: 'The far side does not accept who we say we are. Check that the secret is set, current, and meant for this host.',
        },
        {
            id: 'http-forbidden',
            category: 'recoverable:permission',
            own: 'critical:health',
            lines: [
                /\bThe requested URL returned error: 403\b/,
                /\b(?:HTTP(?:\/[\d.]+)?|status(?: ?code)?|code|response|error)\S{0,3} ?(?:of )?\(?403\b/i,
                /\b403:? (?:Forbidden|Client Error|Access)/i,
            ],
            fix: 'We are known and not allowed to do this. Give the account the right, or use another one.',
        },
        {
            id: 'http-not-found',
            category: 'recoverable:dependency',
            own: 'critical:health',
            lines: [
                /\bThe requested URL returned error: (?:404|410)\b/,
                /\b(?:HTTP(?:\/[\d.]+)?|status(?: ?code)?|code|response|error)\S{0,3} ?(?:of )?\(?(?:404|410)\b/i,
                /\b(?:404|410):? (?:Not Found|Gone|Client Error)/i,
                /\bcurl: \((?:37|78)\)/,
            ],
            fix: 'What was asked for is not there. Check the address and the version in it, and that it was published.',
            run: ['curl -sSIL {url}'],
        },
        {
            id: 'http-gateway',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bThe requested URL returned error: (?:502|504|52[0-4])\b/,
                /\b(?:HTTP(?:\/[\d.]+)?|status(?: ?code)?|code|response|got|returned|server error|error)\S{0,3} ?(?:of )?\(?(?:502|504)\b/i,
                /\b(?:502|504):? (?:Bad Gateway|Gateway Time-?out|Server Error|Proxy Error)/i,
                /\bBad Gateway\b|\bGateway Time-?out\b/i,
            ],
            fix: 'A gateway on the way could not reach the service behind it. If it goes on, the service is down.',
        },
        {
            id: 'http-unavailable',
            category: 'transient:service',
            own: 'critical:health',
            lines: [
                /\bThe requested URL returned error: 503\b/,
                /\b(?:HTTP(?:\/[\d.]+)?|status(?: ?code)?|code|response|got|returned|server error|error)\S{0,3} ?(?:of )?\(?503\b/i,
                /\b503:? (?:Service|Server Error|Backend)/i,
                /\b(?:service|server|backend|api|registry|endpoint)(?: is)?(?: currently| temporarily)? ?unavailable\b/i,
                /\btemporarily (?:unavailable|overloaded|out of service)\b/i,
                /\b(?:server|service|system) is (?:too )?(?:busy|overloaded|under maintenance)\b|\bunder maintenance\b|\bmaintenance mode\b/i,
                /\bcode = Unavailable\b|\bserver is currently unable to handle the request\b/i,
                /\bServiceUnavailable(?:Exception|Error)?\b|\bno healthy upstream\b|\bOverloadedError\b/,
            ],
            fix: 'The service says that it is not available right now. If it goes on, look at its status page.',
        },
        {
            id: 'http-server-error',
            category: 'transient:service',
            own: 'critical:health',
            unlessCommand: /(?:-X|--request)[ =]?(?:POST|PUT|PATCH|DELETE)|--data|\s-d\s|--json|--form|\s-F\s|--post/,
            lines: [/\bThe requested URL returned error: 50[01]\b/, /\bERROR 500: Internal Server Error/],
            fix: 'The server failed while it answered. If it goes on, its own log has the reason.',
        },
        {
            id: 'http-bad-request',
            category: 'recoverable:configuration',
            own: 'critical:health',
            lines: [
                /\bThe requested URL returned error: 4(?!01|03|04|08|10|29)\d\d\b/,
                /\b(?:400:? Bad Request|405:? Method Not Allowed|413:? (?:Request Entity|Payload) Too Large|415:? Unsupported Media|422:? Unprocessable)/i,
                /\bHTTP(?:\/[\d.]+)? (?:400|405|413|415|422)\b/,
                /\bcurl: \((?:1|2|3|4|27|43|47|48)\)/,
                /\bMaximum \(\d+\) redirects followed\b/,
            ],
            fix: 'The far side does not accept the request as it is. Check address, method and body.',
        },
        {
            id: 'http-write',
            category: 'recoverable:resource',
            strength: 'symptom',
            lines: [/\bcurl: \(23\)/],
            fix: 'curl could not write what it received: a full disk, a missing directory, or no right to write.',
            run: ['df -h .'],
        },
        {
            id: 'http-local-file',
            category: 'recoverable:dependency',
            strength: 'symptom',
            lines: [/\bcurl: \(26\)/],
            fix: 'curl could not read the file that it was to send.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/kubernetes.ts
const KUBERNETES = {
    tool: 'kubectl and helm',
    seen: /\b(?:kubectl|helm|helmfile|kustomize|oc|kube\w*|deployments?\.apps|Error from server|UPGRADE FAILED|INSTALLATION FAILED|etcdserver|argocd|skaffold)\b/i,
    rules: [
        {
            id: 'kube-config',
            category: 'recoverable:configuration',
            strength: 'decisive',
            lines: [
                /\b(?:localhost|127\.0\.0\.1|\[::1\]):8080\b.{0,120}\brefused\b/,
                /\bno configuration has been provided\b|\binvalid configuration: /,
                /\bcurrent-context (?:is not set|must exist)|\bcontext "?[^"\s]{1,128}"? does not exist\b|\bno context exists with the name\b|\bcontext was not found for specified context\b/,
                /\bstat \S{0,200}kube(?:config|\/config): no such file\b|\berror loading config file\b/,
            ],
            fix: 'No kubeconfig, or the wrong one: kubectl falls back to localhost:8080. Set KUBECONFIG in this step.',
            run: ['kubectl config view --minify', 'echo "$KUBECONFIG"'],
        },
        {
            id: 'kube-quota',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /\bexceeded quota: (?<name>[\w.-]{1,80})/,
                /\bInsufficient (?:cpu|memory|ephemeral-storage|pods)\b|\bFailedScheduling\b|\bnodes are available: .{0,200}(?:Insufficient|Too many pods)/,
                /\bmvcc: database space exceeded\b/,
                /\bEvicted\b.{0,80}\blow on resource\b/,
            ],
            fix: 'The namespace or the cluster has no room left. Raise the quota, scale something down, or add nodes.',
            run: [
                'kubectl describe quota',
                'kubectl top nodes',
                'kubectl get events --sort-by=.lastTimestamp | tail -n 20',
            ],
        },
        {
            id: 'helm-busy',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [/\banother operation \(install\/upgrade\/rollback\) is in progress\b/],
            fix: 'Another helm run holds the release. If none is left, a cancelled one left it pending: roll that revision back.',
            run: ['helm list --pending', 'helm history {name}'],
        },
        {
            id: 'helm-migration-hook',
            category: 'critical:migration',
            strength: 'decisive',
            lines: [
                /\b(?:pre|post)-(?:install|upgrade)\b.{0,200}\bmigrat/i,
                /\bjobs?(?:\.batch)?[ /"]{1,3}\S{0,60}migrat\S{0,60}.{0,80}(?:failed|BackoffLimitExceeded|DeadlineExceeded)/i,
                /\b(?:BackoffLimitExceeded|timed out waiting for the condition)\b.{0,80}migrat/i,
            ],
            fix: 'The job that migrates the database failed. Read its log and the state of the schema first.',
            run: ['kubectl get jobs', 'kubectl logs job/{name}'],
        },
        {
            id: 'kube-rollout',
            category: 'critical:health',
            strength: 'decisive',
            lines: [
                /\btimed out waiting for the condition\b/,
                /\bexceeded its progress deadline\b/,
                /\b(?:UPGRADE|INSTALLATION|ROLLBACK) FAILED: .{0,300}(?:context deadline exceeded|not ready|would exceed context deadline|timed out waiting)/,
                /\brelease \S{1,80} failed, and has been (?:rolled back|uninstalled) due to (?:atomic|rollback-on-failure|cleanup)/,
                /^Error: (?:release .{0,80}: )?context deadline exceeded$/,
                /\bresource not ready, name: (?<name>\S{1,80})|\bCrashLoopBackOff\b|\bRunContainerError\b/,
                /\b(?:Readiness|Liveness|Startup) probe failed\b/,
                /\b(?:pre|post)-(?:install|upgrade|delete) hooks? failed\b|\bBackoffLimitExceeded\b/,
                /\bHealth(?:Status)?: ?(?:Degraded|Missing)\b|\bapplication .{0,80}(?:health|sync) .{0,40}timed? ?out/i,
                /\brollout\b.{0,80}\b(?:failed|timed out|not (?:finish|complete))/i,
            ],
            fix: 'The cluster took the change, but the new pods do not become ready. Look at the pods and their events.',
            run: [
                'kubectl get pods',
                'kubectl get events --sort-by=.lastTimestamp | tail -n 20',
                'kubectl logs deploy/{name} --tail=100',
            ],
        },
        {
            id: 'kube-image',
            category: 'recoverable:dependency',
            lines: [/\b(?:ImagePullBackOff|ErrImagePull|ErrImageNeverPull)\b/],
            fix: 'The cluster cannot pull the image: wrong tag, or no pull secret.',
            run: ['kubectl describe pods | grep -A 5 Events:'],
        },
        {
            id: 'kube-conflict',
            category: 'transient:conflict',
            lines: [
                /\bOperation cannot be fulfilled on\b/,
                /\bthe object has been modified; please apply your changes to the latest version\b/,
            ],
            fix: 'Somebody else changed the object at the same moment.',
        },
        {
            id: 'kube-service',
            category: 'transient:service',
            lines: [
                /\betcdserver: (?:request timed out|leader changed|no leader|too many requests)/,
                /\bError from server \((?:ServiceUnavailable|Timeout|ServerTimeout)\)/,
                /\bthe server (?:is currently unable to handle the request|was unable to return a response|could not find the requested resource.{0,20}retry)/,
                /\bfailed calling webhook\b.{0,300}\b(?:connection refused|timeout|deadline exceeded|no endpoints available|EOF|unavailable)/,
                /\bapiserver not ready\b|\bthe object provided is unrecognized.{0,20}retry/,
                /\bKubernetes cluster unreachable: the server has asked|\bhttp2: (?:client connection lost|server sent GOAWAY)/,
                /\bError from server: (?:rpc error: code = (?:Unavailable|DeadlineExceeded)|error dialing backend)/,
            ],
            fix: 'The API server of the cluster is overloaded or changing its leader. If it goes on, look at the control plane.',
            run: ['kubectl get --raw=/readyz?verbose'],
        },
        {
            id: 'kube-throttled',
            category: 'transient:rate-limit',
            lines: [
                /\bError from server \(TooManyRequests\)/,
                /\bclient rate limiter Wait returned an error\b/,
            ],
            fix: 'The API server asks to slow down.',
        },
        {
            id: 'kube-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\b(?:You must be logged in to the server|the server has asked for the client to provide credentials|Error from server \(Unauthorized\))/,
                /\bgetting credentials: |\bexec plugin: |\bx509: certificate has expired\b|\btoken (?:is|has) expired\b|\bUnable to connect to the server: getting credentials\b/i,
                /\bno Auth Provider found\b/,
            ],
            fix: 'The cluster does not accept our credentials: expired, or for another cluster. Fetch a new kubeconfig or token.',
            run: ['kubectl config view --minify', 'kubectl auth whoami'],
        },
        {
            id: 'kube-forbidden',
            category: 'recoverable:permission',
            lines: [
                /\bError from server \(Forbidden\)/,
                /\bis forbidden: User\b|\bcannot (?:get|list|watch|create|patch|update|delete) resource\b/,
                /\bis forbidden: .{0,200}(?:violates PodSecurity|not allowed|unable to validate)/,
                /\badmission webhook .{1,120} denied the request\b/,
            ],
            fix: 'The account may not do this in the cluster, or a policy forbids it. Give it the role, or mend the object.',
            run: ['kubectl auth can-i --list'],
        },
        {
            id: 'kube-unreachable',
            category: 'transient:network',
            lines: [
                /\bThe connection to the server (?<host>[\w.-]{1,253}):?(?<port>\d{0,5}) was refused\b/,
                /\bUnable to connect to the server: (?!.{0,200}(?:x509|certificate|credentials))/,
                /\bKubernetes cluster unreachable: (?!.{0,200}(?:x509|certificate|credentials|invalid configuration))/,
                /\blost connection to pod\b|\berror dialing backend\b|\bunable to upgrade connection\b/,
            ],
            fix: 'The API server cannot be reached from here. If it goes on, check address, VPN and firewall.',
            run: ['kubectl cluster-info'],
        },
        {
            id: 'kube-missing-kind',
            category: 'recoverable:dependency',
            lines: [
                /\bno matches for kind\b|\bensure CRDs are installed first\b|\bthe server doesn't have a resource type\b|\bcould not find the requested resource\b/,
                /\bError from server \(NotFound\)|\bnamespaces? "?(?<name>[\w.-]{1,80})"? not found\b/,
                /\b(?:deployments|services|secrets|configmaps|pods|jobs|statefulsets|ingresses)(?:\.\w{1,40}){0,4} "(?<name>[\w.-]{1,128})" not found\b/,
                /\b(?:chart|repo|release)\b.{0,120}\bnot found\b|\bno chart (?:version|name) found\b|\bfailed to download "|\bpath "[^"]{1,200}" not found\b|\bimproper constraint\b|\bno repositories (?:found|to show|configured)\b/,
                /\bfound in Chart\.yaml, but missing in charts\/ directory\b|\bthe path "(?<path>[^"]{1,300})" does not exist\b/,
                /\bno objects passed to apply\b|\bno resources found\b/i,
            ],
            fix: 'An object, kind or chart is not there. Check name, namespace and what has to be installed first.',
            run: ['kubectl get ns', 'helm list -A', 'helm repo update'],
        },
        {
            id: 'helm-state',
            category: 'recoverable:configuration',
            lines: [
                /\bcannot be imported into the current release\b|\binvalid ownership metadata\b|\bhas no deployed releases\b|\bcannot re-use a name that is still in use\b/,
                /\bApply failed with \d+ conflicts?\b|\bError from server \(AlreadyExists\)|\bfield is immutable\b/,
                /\bPlease use --force-conflicts\b|\brelease: not found\b/,
            ],
            fix: 'What is in the cluster and what is to be installed do not fit: another owner, an immutable field, a name in use. A person has to decide.',
            run: ['helm list -A --all', 'kubectl diff -f .'],
        },
        {
            id: 'kube-manifest',
            category: 'recoverable:configuration',
            lines: [
                /\berror (?:parsing|validating|converting YAML)\b|\bYAML parse error\b|\bunable to build kubernetes objects\b|\bstrict decoding error\b|\bunknown field\b|\bUnsupported value\b|\berror unmarshaling JSON\b/,
                /\bis invalid: |\bInvalid value: |\bRequired value\b|\bError from server \((?:BadRequest|Invalid)\)|\bunable to (?:recognize|decode)\b|\bCreateContainerConfigError\b|\bInvalidImageName\b/,
                /\bvalues don't meet the specifications of the schema\b|\btemplate: \S{1,200}:\d+:|\bexecution error at \(|\bnil pointer evaluating\b|\bfunction "\w+" not defined\b|\bparse error at \(/,
                /\berror: (?:unknown (?:flag|command|shorthand)|must specify|you must (?:specify|provide)|resource mapping|accumulating resources)/,
                /\bChart\.yaml file is missing\b|\bvalidation: chart\.metadata/,
            ],
            fix: 'A manifest, chart or value is not valid; the cluster took nothing of it. Render it and check it first.',
            run: ['helm template . --debug', 'kubectl apply --dry-run=server -f .'],
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/languages.ts
/** Go, Rust, Java, .NET, Ruby and PHP: their package managers and run times. */
const LANGUAGES = {
    tool: 'go, rust, java, ruby, php and .net',
    seen: /\b(?:go|cargo|rustc|rustup|crates?|mvn\w*|maven|gradlew?|java|javac|sbt|bundle|bundler|gem|ruby|rails|rake|php|composer|dotnet|nuget|Exception|mix|spring)\b/i,
    rules: [
        {
            id: 'go-checksum',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\bverifying \S{1,200}: checksum mismatch\b|\bSECURITY ERROR\b|\bchecksum database disagrees\b/,
            ],
            fix: 'A module is not the one in go.sum. Do not override it before you know why.',
        },
        {
            id: 'go-module-missing',
            category: 'recoverable:dependency',
            strength: 'decisive',
            lines: [
                /\bno required module provides package (?<package>[^\s;:]{1,200})|\bmissing go\.sum entry\b|\bcannot find (?:module|package)\b|\bpackage \S{1,200} is not in (?:GOROOT|std)\b|\bunknown revision\b|\bno matching versions for query\b/,
                /\bgo\.mod requires go >= [\d.]+|\bgo\.mod file not found\b|\brequires go >= [\d.]+|\btoolchain not available\b|\binvalid go version\b|\bupdates to go\.mod needed\b|\binconsistent vendoring\b/,
            ],
            fix: 'A module is missing or needs a newer go. Run go mod tidy and commit, or install that version.',
            run: ['go version', 'go mod verify'],
        },
        {
            id: 'cargo-missing',
            category: 'recoverable:dependency',
            strength: 'decisive',
            lines: [
                /\bno matching package (?:named|found)\b|\bfailed to select a version for\b|\bcouldn't find `?Cargo\.toml|\bcould not find `Cargo\.toml`|\btoolchain '[^']{1,80}' is not installed\b|\btarget may not be installed\b|\bno such (?:sub)?command: `/,
                /\bno override and no default toolchain set\b|\bcan't find crate for `(?<package>[^`]{1,80})`/,
            ],
            fix: 'A crate, version or toolchain is not there.',
            run: ['cargo --version', 'rustup show'],
        },
        {
            id: 'cargo-lock-file',
            category: 'recoverable:configuration',
            lines: [
                /\block file .{0,200}needs to be updated but --(?:locked|frozen)\b|\bfailed to parse (?:manifest|lock file) at\b/,
            ],
            fix: 'Cargo.lock or Cargo.toml is not up to date or not valid.',
        },
        {
            id: 'java-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bClassNotFoundException\b|\bNoClassDefFoundError\b|\bUnsupportedClassVersionError\b|\bUnable to access jarfile (?<path>\S{1,300})|\bCould not find or load main class\b|\bNoSuchMethodError\b/,
                /\bCould not find artifact (?<package>\S{1,200})|\bCould not find \S{1,200}:\S{1,200}:\S{1,80}\.|\bwas not found in https?:\/\/\S{1,200} during a previous attempt\b|\bPlugin \S{1,200} not found\b|\bPlugin \[id: .{1,120}\] was not found\b/,
                /\bJAVA_HOME is (?:not set|set to an invalid directory)\b|\bNo compiler is provided in this environment\b|\b(?:invalid (?:source|target) release|release version \d+ not supported|Unsupported class file major version)\b/,
            ],
            fix: 'A class, artifact or JDK is missing, or has another version.',
            run: ['java -version'],
        },
        {
            id: 'java-transfer',
            category: 'transient:network',
            lines: [
                /\bCould not (?:transfer (?:artifact|metadata)|GET|HEAD|resolve) .{1,400}(?:Connect(?:ion)? (?:to .{1,120} )?(?:timed out|refused|reset)|Read timed out|status code: 50[0234]|Received status code 50[0234]|Remote host (?:closed|terminated)|Connection reset|Temporary failure|UnknownHost|Network is unreachable)/,
            ],
            fix: 'The artifact repository could not be reached.',
        },
        {
            id: 'java-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\b(?:status code|Received status code|status):? ?(?:401|403)\b|\bReasonPhrase: ?(?:Unauthorized|Forbidden)\b|\bauthentication failed for \S{1,253}, status: 401/,
            ],
            fix: 'The artifact repository does not accept the credentials.',
        },
        {
            id: 'java-settings',
            category: 'recoverable:configuration',
            lines: [
                /\bCould not resolve placeholder '(?<variable>[^']{1,120})'|\bFailed to configure a DataSource\b|\bInvalidConfigurationPropert\w+|\bUnrecognized (?:VM )?option\b|\bNon-parseable POM\b|\bThe goal you specified requires a project to execute\b|\bConfigDataResourceNotFoundException\b|\bUnknown lifecycle phase\b|\bTask '[^']{1,120}' not found in\b/,
            ],
            fix: 'A property or option is missing or not valid.',
        },
        {
            id: 'java-start',
            category: 'critical:service',
            strength: 'symptom',
            lines: [
                /\bAPPLICATION FAILED TO START\b|\bApplication run failed\b|\bBeanCreationException\b|\bUnsatisfiedDependencyException\b/,
            ],
            fix: 'The application did not start. The last "Caused by" is the reason.',
        },
        {
            id: 'ruby-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bCould not find (?:gem )?'?(?<package>[\w.-]{1,80})(?:-[\d.]+)?'?.{0,80}\b(?:in (?:any of the sources|locally installed gems|rubygems|cached gems)|repository)|\bBundler::GemNotFound\b|\bBundler could not find compatible versions\b|\bCould not locate Gemfile\b|\bYour Ruby version is [\d.]+, but your Gemfile specified\b|\bGem::(?:MissingSpecError|LoadError|Ext::BuildError)\b/,
                /\bcannot load such file -- (?<package>\S{1,120})|\bversion solving has failed\b|\bBundler::(?:VersionConflict|RubyVersionMismatch|SolveFailure)\b|\bin `(?:prepare_dependencies|start_resolution|materialize)'/,
                /\bcan't find gem (?<package>\S{1,80})/,
                /\bCould not find '(?<package>[^']{1,80})' \(|\bbundler: command not found\b/,
            ],
            fix: 'A gem or ruby version is missing. Run bundle install in this checkout, with this ruby.',
            run: ['bundle check', 'ruby --version'],
        },
        {
            id: 'ruby-settings',
            category: 'recoverable:configuration',
            lines: [
                /^KeyError: key not found: "(?<variable>\w{1,80})"/,
                /\bkey not found: "(?<variable>[A-Z]\w{2,80})"/,
                /\bMissing `?secret_key_base|\bActiveSupport::MessageEncryptor::InvalidMessage\b|\bMissingKeyError\b|\bBundler::(?:Frozen|Production)Error\b|\bYour (?:bundle|lockfile) .{0,80}(?:frozen|doesn't)|\bThe gemspecs? .{0,60}changed\b/,
            ],
            fix: 'A setting, key or lock file is missing or does not fit.',
        },
        {
            id: 'composer-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bYour requirements could not be resolved to an installable set of packages\b|\bYour lock file does not contain a compatible set\b|\bCould not find (?:a matching version of )?package (?<package>[\w./-]{1,120})|\brequires php .{0,80}your php version\b/i,
                /\brequires ext-(?<package>\w{1,40})|\bClass "[^"]{1,200}" not found\b|\bundefined function\b|\bFailed opening required '(?<path>[^']{1,300})'|\bcould not find driver\b/i,
                /\bComposer could not find a composer\.json\b|\bUnable to find package\b|\bNU1101\b|\bNU1102\b|\bA compatible \.NET SDK was not found\b|\bYou must install (?:or update )?\.NET\b|\bThe framework '[^']{1,80}', version\b/,
            ],
            fix: 'A package, extension or run time is missing or has another version.',
            run: ['php -v', 'php -m'],
        },
        {
            id: 'composer-network',
            category: 'transient:network',
            lines: [
                /\bfile could not be downloaded: (?:failed to open stream|.{0,120}(?:HTTP\/[\d.]+ 50[0234]|timed out|SSL))|\bcurl error (?:6|7|28|35|52|56|92) while downloading\b|\bNU1301\b|\bUnable to load the service index\b|\bGem::RemoteFetcher::FetchError\b|\bCould not (?:fetch specs from|reach host)\b|\bNet::(?:Open|Read)Timeout\b|\bBundler::HTTPError\b/,
            ],
            fix: 'The package index could not be reached.',
        },
        {
            id: 'php-fatal',
            category: 'critical:build',
            lines: [/\bPHP Parse error: |^Parse error: |\bsyntax error, unexpected\b/],
            fix: 'The code cannot be parsed by this version.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/memory.ts
/** Memory and crashes, as processes and the shell report them. */
const MEMORY = {
    tool: 'memory and crashes',
    rules: [
        {
            id: 'memory-node-heap',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /JavaScript heap out of memory/,
                /FATAL ERROR: .{0,80}Allocation failed/,
                /ERR_WORKER_OUT_OF_MEMORY/,
            ],
            fix: 'Node reached its heap limit. Raise it with NODE_OPTIONS=--max-old-space-size=<MiB> if the host has the memory, or give the step less to do at once.',
            run: ['free -h'],
        },
        {
            id: 'memory-jvm',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /java\.lang\.OutOfMemoryError/,
                /insufficient memory for the Java Runtime/,
                /\bCould not reserve enough space for (?:\d+KB )?object heap/,
                /GC overhead limit exceeded/,
            ],
            fix: 'The Java heap or the host ran out of memory. Compare -Xmx with what is free.',
            run: ['free -h'],
        },
        {
            id: 'memory-killed-proven',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /\bOOMKilled\b(?!["']?\s?[:=] ?"?false)/,
                /\boom-kill(?:er)?\b/i,
                /\bOut of memory: Kill(?:ed)? process\b/i,
                /\bMemory cgroup out of memory\b/i,
                /\bContainer .{0,80}\bOOM/,
                /OutOfMemoryError: Container killed due to memory usage/,
            ],
            fix: 'The kernel killed the process for lack of memory. Raise the memory limit of the container or service, or free memory on the host.',
            run: ['free -h', 'docker stats --no-stream'],
        },
        {
            id: 'memory-exhausted',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /^(?:\w{1,60}\.){0,6}MemoryError\b/,
                /\bstd::bad_alloc\b/,
                /\bvirtual memory exhausted\b/i,
                /^fatal error: runtime: out of memory/,
                /\bruntime: cannot allocate memory\b/,
                /\bmemory allocation of \d+ bytes failed/,
                /Allowed memory size of \d+ bytes exhausted/,
                /NoMemoryError|failed to allocate memory/,
                /\bCannot allocate memory\b/i,
                /\bENOMEM\b/,
                /\bfork: retry: Resource temporarily unavailable/,
                /\bfork: Resource temporarily unavailable/,
                /\bCannot fork\b/,
                /pthread_create failed|unable to create (?:new )?native thread|failed to create new OS thread/,
                /\bout of memory\b/i,
            ],
            fix: 'A process was refused memory, or could not start another process. See what uses it, and what the limits are.',
            run: ['free -h', 'ulimit -a'],
        },
        {
            id: 'memory-killed',
            category: 'fatal:signal',
            lines: [
                /(?:^|: line \d+: +\d+ |\s)Killed(?: {2,}\S.{0,200})?$/,
                /\bexited with code 137\b|\bexit(?:ed)?(?: code| status)?[ :=(]{1,3}137\b/,
                /\b(?:signal: 9|signal 9|SIGKILL)\b/,
                /did not complete successfully: exit code: 137\b/,
            ],
            fix: 'Something killed the process with SIGKILL. Without a proof that memory ran out, find out who before you repeat it.',
            run: ['dmesg -T | tail -n 30', 'free -h'],
        },
        {
            id: 'memory-terminated',
            category: 'fatal:signal',
            lines: [
                /(?:: line \d+: +\d+ )(?:Terminated|Hangup)\b/,
                /^(?:Terminated|Hangup)$/,
                /\bexited with code 143\b|\bexit (?:code|status):? 143\b/,
                /\bterminated by signal (?:SIGTERM|SIGHUP|15|1)\b/,
                /received SIGINT, SIGTERM, or SIGHUP|received (?:SIGTERM|SIGINT|SIGHUP)/i,
                /^rsync error: received SIGINT/,
            ],
            fix: 'The process was asked to end from outside: a cancelled job, a reboot, a person.',
        },
        {
            id: 'crash-segfault',
            category: 'critical:crash',
            lines: [
                /\bSegmentation fault\b/i,
                /: line \d+: +\d+ (?:Aborted|Illegal instruction|Bus error|Floating point exception)\b/,
                /\bSIG(?:SEGV|ABRT|BUS|ILL|FPE)\b/,
                /\(core dumped\)/,
                /\bexited with code 13(?:9|4)\b|\bexit (?:code|status):? 13(?:9|4)\b/,
                /^\*\*\* .{0,60}(?:stack smashing detected|buffer overflow detected|double free|corrupted)/,
                /\b(?:free|malloc|munmap_chunk|realloc)\(\): (?:invalid|corrupted|double free)/,
                /^# A fatal error has been detected by the Java Runtime/,
                /\bBus error\b|\bIllegal instruction\b|\bTrace\/breakpoint trap\b/,
                /AddressSanitizer: |Assertion [`'].{1,200}' failed/,
            ],
            fix: 'A program crashed. This is a bug in it, or a binary for another CPU or library version: look at what changed, and keep the core dump.',
            run: ['coredumpctl list', 'dmesg -T | tail -n 20'],
        },
        {
            id: 'crash-panic',
            category: 'critical:crash',
            lines: [
                /^panic: (?!test timed out)/,
                /^thread '.{1,80}' (?:\(\d+\) )?panicked at/,
                /^fatal error: (?:all goroutines are asleep|concurrent map|unexpected signal|stack overflow)/,
                /^goroutine stack exceeds/,
                /^Fatal Python error: /,
                /\bstack level too deep\b|Maximum call stack size exceeded|java\.lang\.StackOverflowError|RecursionError/,
                /^!!!+ TERRAFORM CRASH/,
                /kernel panic/i,
            ],
            fix: 'A program gave up with an internal error. Read the message above the trace; repeating it rarely helps.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/migrations.ts
const LOOK = 'Look at which migrations the database has recorded and what the failed one already changed; mend that before anything runs again.';
/** Migration tools. What they refuse before they change anything is recoverable; what stopped half-way is not. */
const MIGRATIONS = {
    tool: 'migration tools',
    seen: /migrat|flyway|liquibase|alembic|prisma|knex|changelog|schema|goose|dbmate|sqitch|rails|rake|django|artisan|doctrine|typeorm|sequelize|atlas|evolutions|changeset/i,
    rules: [
        {
            id: 'migration-busy',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [
                /\bMigration table is already locked\b|\bMigrationLocked\b|\bCan't take lock to run migrations\b/,
                /\bAnother migration is already running\b|\bConcurrentMigrationError\b|\banother migration process is currently running\b/i,
                /\bCould not acquire (?:change log|changelog|database|migration|advisory) lock\b|\bcan't acquire (?:database )?lock\b|\btimeout: can't acquire\b|\bUnable to (?:acquire|obtain) .{0,60}\b(?:advisory|table|schema history|migration)\b.{0,40}\block\b|\bwaiting for changelog lock\b.{0,10}$|\bCurrently locked by\b/i,
                /\bTimed out trying to acquire a postgres advisory lock\b|\bfailed to acquire (?:advisory )?lock\b|\btry lock failed\b/i,
                /\bNumber of retries exceeded while attempting to acquire PostgreSQL advisory lock\b/,
            ],
            fix: 'Another migration runs, or a crash left its lock. When none is left, release the lock with the command of the tool.',
        },
        {
            id: 'migration-failed-before',
            category: 'critical:migration',
            strength: 'decisive',
            lines: [
                /\bP3009\b|\bmigrate found failed migrations\b/,
                /\bDirty database version (?<name>\d{1,20})\b/,
                /\bDetected failed (?:repeatable )?migration\b|\bcontains a failed (?:repeatable )?migration\b/i,
            ],
            fix: 'An earlier migration failed half-way and is recorded as such; nothing more was applied now. Clean up what it left, mark it as resolved, then go on.',
        },
        {
            id: 'migration-failed',
            category: 'critical:migration',
            strength: 'decisive',
            lines: [
                /\bP3018\b|\bA migration failed to apply\b|\bP3006\b/,
                /\bMigration (?:of schema .{1,80} )?(?:to version )?"?\S{1,200}"? failed\b(?!.{0,80}(?:connect|validat))|\bmigration file "?\S{1,200}"? failed\b|\bmigration failed with error\b/i,
                /\bMigration failed for change ?set\b|\bUnexpected error running Liquibase: .{0,80}Migration failed\b/i,
                /\bfailed to run SQL migration\b|\bmigration failed(?: in line \d+)?: |\bfailed to apply migration\b|\bFailed to execute script\b|\bScript \S{1,120}\.sql failed\b/i,
                /\bMigration \S{1,120} failed during (?:Execution|Pre-Checks)\b|\bThe migration .{1,120} (?:failed|threw)/i,
                /\b(?:MigrationError|FlywayMigrateException|FlywayMigrateSqlException|LiquibaseException|DataCorruption)\b.{0,10}$/,
            ],
            fix: LOOK,
        },
        {
            id: 'migration-rails',
            category: 'critical:migration',
            strength: 'symptom',
            lines: [/\bAn error has occurred, (?:this and )?all later migrations canceled\b/],
            fix: LOOK,
            run: ['bin/rails db:migrate:status'],
        },
        {
            id: 'migration-refused',
            category: 'recoverable:configuration',
            strength: 'decisive',
            lines: [
                /\bMigration checksum mismatch\b|\bMigrations have failed validation\b|\bValidate failed\b|\bDetected (?:resolved migration not applied|applied migration not resolved)|\bnot resolved locally\b|\bFound more than one migration with version\b/i,
                /\bFound non-empty schema\(s\)\b|\bP3005\b|\bThe database schema is not empty\b/,
                /\bchange ?sets check ?sums?\b|\bValidation Failed:|\bwas: \d+:\w+ but is now: \d+:\w+/i,
                /\bMultiple (?:head revisions|heads) are present\b|\bTarget database is not up to date\b|\bRevision \S{1,80} is present more than once\b/,
                /\bInconsistentMigrationHistory\b|\bConflicting migrations detected\b|\bmultiple leaf nodes\b/,
                /\bP10(?:12|13)\b|\bP3019\b|\bError validating datasource\b|\bEnvironment variable not found: (?<variable>\w{1,80})/,
                /\bPendingMigrationError\b|\bDuplicateMigration(?:Name|Version)Error\b|\bEnvironmentMismatchError\b|\bProtectedEnvironmentError\b/,
                /\bNot run migration \S{1,200} is preceding already run migration\b|\bmissing migrations? before current version\b|\bfound \d+ missing migrations\b/i,
                /\bThe migration directory is corrupt\b/,
                /\batlas\.sum\b|\bchecksum file (?:mismatch|not found)\b/i,
            ],
            fix: 'The tool refused before it changed anything: files and database tell different stories. Never edit a migration that is applied; add a new one.',
        },
        {
            id: 'migration-file-missing',
            category: 'recoverable:dependency',
            strength: 'decisive',
            lines: [
                /\bCan't locate revision identified by '(?<name>[^']{1,80})'/,
                /\bNodeNotFoundError\b|\bUnknownMigrationVersionError\b|\bNoSuchModuleError\b|\bno migration (?:files )?found\b|\bno migrations? found\b.{0,40}(?:error|directory)/i,
                /\bthe following files are missing\b|\bP3015\b|\bCould not find the migration file\b/,
                /\bNo script_location\b|\bNo config file '(?<path>[^']{1,300})' found\b/,
                /\bno (?:change|file does not exist)$|\bfile does not exist$/,
            ],
            fix: 'The database names a migration that this release does not have. Most often an older release is deployed over a newer schema.',
        },
        {
            id: 'migration-prisma-connect',
            category: 'transient:network',
            own: 'critical:health',
            lines: [/\bP1001\b|\bP1002\b|\bP1008\b/],
            fix: 'The database server cannot be reached. If it goes on, check that it runs, and the address.',
        },
        {
            id: 'migration-prisma-lost',
            category: 'critical:migration',
            lines: [/\bP1017\b/],
            fix: LOOK,
        },
        {
            id: 'migration-prisma-credentials',
            category: 'recoverable:credentials',
            lines: [/\bP1000\b|\bP1010\b/],
            fix: 'The database server does not let this user in. Check the URL in the environment of this step.',
        },
        {
            id: 'migration-prisma-database',
            category: 'recoverable:dependency',
            lines: [/\bP1003\b|\bNoDatabaseError\b/],
            fix: 'There is no such database on the server. Create it, or check the name.',
        },
        {
            id: 'migration-connect',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bUnable to obtain connection from database\b(?!.{0,400}(?:authentication|password|Access denied|does not exist|no pg_hba))/i,
                /\bActiveRecord::ConnectionNotEstablished\b|\bActiveRecord::DatabaseConnectionError\b|\bKnexTimeoutError\b|\bSequelizeConnection(?:Refused|TimedOut|HostNotFound|HostNotReachable)?Error\b/,
            ],
            fix: 'The database was not reached, so nothing changed. If it goes on, check that it runs, and the address.',
        },
        {
            id: 'migration-sql',
            category: 'critical:migration',
            command: /migrat|upgrade|flyway|liquibase|alembic|prisma|knex|goose|dbmate|sqitch|artisan|doctrine|typeorm|sequelize/i,
            lines: [
                /\b(?:sqlalchemy\.exc|django\.db\.utils|psycopg2?\.errors|ActiveRecord)(?:\.|::)(?:Integrity|Programming|Data|Internal|NotSupported|StatementInvalid|RecordNotUnique|NotNullViolation|InvalidForeignKey)\w*/,
                /\bSQL State\s{0,4}: (?!08)\w{5}|\bSQLSTATE\[(?!HY000\] \[|08)\w{5}\]/,
                /\bQueryFailedError\b|\bSequelizeDatabaseError\b|\bIrreversibleMigration\b|\bIrreversibleError\b|\bFieldDoesNotExist\b/,
            ],
            fix: LOOK,
        },
        {
            id: 'migration-stopped',
            category: 'critical:migration',
            strength: 'symptom',
            lines: [
                /\bError during migration (?:run|revert)\b|\bmigration (?:run )?(?:failed|aborted|stopped|error)\b|\bfailed (?:to run |running |to execute )?migrations?\b|\bmigrations? (?:could not|failed to)\b/i,
            ],
            fix: LOOK,
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/mysql.ts
const MYSQL = {
    tool: 'mysql and mariadb',
    seen: /\b(?:mysql\w*|mariadb\w*|ERROR \d{4} \(|SQLSTATE|pymysql|ER_[A-Z_]{3,}|InnoDB|PDOException|Mysql2)\b|ERROR \d{4}/i,
    rules: [
        {
            id: 'mysql-socket',
            category: 'critical:service',
            strength: 'decisive',
            lines: [
                /\bCan't connect to local (?:MySQL )?server through socket '(?<path>[^']{1,300})'/,
                /SQLSTATE\[HY000\] \[2002\] No such file or directory/,
            ],
            fix: 'The database server of this host does not run, or uses another socket.',
            run: ['systemctl status mariadb mysql', 'ls -l {path}'],
        },
        {
            id: 'mysql-deadlock',
            category: 'transient:conflict',
            strength: 'decisive',
            lines: [
                /\bDeadlock found when trying to get lock\b|\bER_LOCK_DEADLOCK\b|\b(?:ERROR )?1213 \(/,
            ],
            fix: 'Two transactions met; the server rolled this one back.',
        },
        {
            id: 'mysql-lock-timeout',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [
                /\bLock wait timeout exceeded\b|\bER_LOCK_WAIT_TIMEOUT\b|\bWaiting for table metadata lock\b/,
            ],
            fix: 'Another transaction holds the rows or the table. Find the long one.',
            run: ['mysql -e "show full processlist"'],
        },
        {
            id: 'mysql-connections',
            category: 'transient:service',
            strength: 'decisive',
            lines: [/\bToo many connections\b|\bER_CON_COUNT_ERROR\b|\bmax_user_connections\b/],
            fix: 'All connections of the server are in use. If it goes on, look for clients that do not let go.',
            run: ['mysql -e "show full processlist"'],
        },
        {
            id: 'mysql-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\bAccess denied for user '(?<name>[^']{0,80})'@/,
                /\bER_ACCESS_DENIED_ERROR\b|\bHost '[^']{1,253}' is not allowed to connect\b|\bAuthentication plugin '[^']{1,80}' cannot be loaded\b|\bER_NOT_SUPPORTED_AUTH_MODE\b/,
            ],
            fix: 'The server does not let this user in from this host. Check user, password and grants.',
        },
        {
            id: 'mysql-permission',
            category: 'recoverable:permission',
            migrating: 'critical:migration',
            lines: [
                /\b\w+ command denied to user\b|\bAccess denied; you need\b|\b(?:ERROR )?1(?:142|227|044)\b.{0,10}\(42000\)/,
            ],
            fix: 'The database user may not do this. Grant the right, or run it as another user.',
        },
        {
            id: 'mysql-constraint',
            category: 'critical:migration',
            strength: 'decisive',
            lines: [
                /\bDuplicate entry '.{0,200}' for key\b|\bCannot (?:add or update|delete or update) a (?:child|parent) row\b|\bforeign key constraint (?:fails|is incorrectly formed)\b|\bCheck constraint '.{1,120}' is violated\b|\bCONSTRAINT `[^`]{1,120}` failed\b|\bColumn '.{1,80}' cannot be null\b|\bIntegrity constraint violation\b/,
                /\b(?:Data truncat(?:ed|ion)|Data too long) for column\b|\bInvalid use of NULL value\b|\bCannot drop (?:index|column) '.{1,80}': needed in\b/,
            ],
            fix: 'The data does not fit the constraint. MySQL does not undo DDL: look at which statements took effect.',
        },
        {
            id: 'mysql-full',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /\bThe table '.{1,120}' is full\b|\b(?:Errcode|OS errno|errno): 28\b|\bER_DISK_FULL\b/,
            ],
            fix: 'The database server has no room left.',
            run: ['df -h'],
        },
        {
            id: 'mysql-corrupt',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\bis marked as crashed\b|\bIncorrect (?:key file|information in file)\b|\bInnoDB: .{0,80}(?:corrupt|page .{0,20}log sequence number)|\bTablespace is missing\b|\bER_NOT_KEYFILE\b/i,
            ],
            fix: 'A table is damaged. Stop writing, keep a copy, repair or restore.',
        },
        {
            id: 'mysql-lost',
            category: 'transient:network',
            own: 'critical:health',
            migrating: 'critical:migration',
            lines: [
                /\bLost connection to (?:MySQL |MariaDB )?server\b(?!.{0,40}(?:handshake|initial communication|authorization packet))|\b(?:MySQL |MariaDB )?server has gone away\b|\bPROTOCOL_CONNECTION_LOST\b/i,
            ],
            fix: 'The connection broke while the server worked. Find out whether the statement took effect.',
        },
        {
            id: 'mysql-unreachable',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bCan't connect to (?:MySQL |MariaDB )?server on '(?<host>[^':]{1,253})(?::(?<port>\d{1,5}))?'/,
                /\bUnknown (?:MySQL |MariaDB )?server host '(?<host>[^']{1,253})'/,
                /\bLost connection to (?:MySQL |MariaDB )?server at\b|\bCan't connect to (?:MySQL|MariaDB) server\b/,
                /SQLSTATE\[HY000\] \[200[2356]\]/,
            ],
            fix: 'The database server cannot be reached. If it goes on, check that it runs and listens, and the firewall.',
            run: ['nc -vz {host} {port}'],
        },
        {
            id: 'mysql-database-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bUnknown database '(?<name>[^']{1,80})'/,
                /\bUnknown (?:collation|character set|storage engine)\b/,
            ],
            fix: 'There is no such database on this server. Check the name and the host.',
            run: ['mysql -e "show databases"'],
        },
        {
            id: 'mysql-sql',
            category: 'recoverable:configuration',
            migrating: 'critical:migration',
            lines: [
                /\bERROR \d{4} \((?:42S0[12]|42S2[12]|42000|42S22|21S01|22\w{3})\)/,
                /\b(?:Table|Column|Key|Index|Unknown (?:column|table)|Duplicate (?:column name|key name)) ?'.{1,120}'(?: in '.{1,60}')?(?: (?:already exists|doesn't exist))?/,
                /\byou have an error in your SQL syntax\b|\bSQLSTATE\[42\w{3}\]|\bspecified key was too long\b|\brow size too large\b|\bInvalid default value for\b/i,
                /\brunning with the --(?:super-)?read-only option\b|\bmax_allowed_packet\b|\bHost '.{1,253}' is blocked\b/,
            ],
            fix: 'The statement does not fit the schema or the settings of the server. Compare which migrations the database has with those of this release.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/network.ts
/** A far side, whatever tool spoke to it. Tables of single tools come before this one. */
const NETWORK = {
    tool: 'network',
    rules: [
        {
            id: 'net-proxy',
            category: 'recoverable:configuration',
            lines: [
                /\b(?:Could not resolve|Unsupported) proxy\b/i,
                /\bproxyconnect tcp: .{0,80}(?:no such host|unsupported|malformed)/,
                /\b407 Proxy Authentication Required\b/i,
                /unsupported proxy scheme/i,
            ],
            fix: 'The proxy that the environment names cannot be used. Check http_proxy, https_proxy and no_proxy.',
            run: ['env | grep -i _proxy= | sed "s#//[^@]*@#//***@#"'],
        },
        {
            id: 'net-certificate',
            category: 'recoverable:configuration',
            lines: [
                /\bSSL certificate problem\b/i,
                /\bcertificate (?:has expired|is not yet valid|signed by unknown authority|verify failed|relies on legacy)/i,
                /\bCERTIFICATE_VERIFY_FAILED\b|\bCERT_(?:HAS_EXPIRED|UNTRUSTED)\b|\bUNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)\b|\b(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|ERR_TLS_CERT_ALTNAME_INVALID)\b/,
                /\bx509: (?!.{0,80}timeout)/,
                /\bself[- ]signed certificate\b/i,
                /\bunable to get (?:local )?issuer certificate\b/i,
                /\bcertificate subject name .{1,120} does not match\b|\bno alternative certificate subject name matches\b/i,
                /\bPKIX path (?:building|validation) failed\b/,
                /\bcertificate (?:verification|validation) failed|\bserver certificate verification failed|Certificate did not match|The certificate of .{1,80} is not trusted/i,
                /\bcurl: \((?:51|58|60|66|77|82|83|91)\)/,
            ],
            fix: 'A certificate is not trusted, expired, or made for another name. Check its dates and chain, the CA bundle, and the clock of this host.',
            run: ['openssl s_client -connect {host}:443 -servername {host} </dev/null', 'timedatectl'],
        },
        {
            id: 'net-tls-protocol',
            category: 'recoverable:configuration',
            lines: [
                /\bwrong version number\b|\bunsupported protocol\b|\balert protocol version\b|\bno protocols available\b|\bno shared cipher\b|\bunsafe legacy renegotiation\b|\bdh key too small\b|\bee key too small\b|\bfirst record does not look like a TLS handshake\b|\bServer gave HTTP response to HTTPS client\b/i,
                /\balert (?:bad certificate|certificate required|unknown ca|access denied|unrecognized name)\b|\bHandshakeException\b.{0,80}handshake_failure|\bpacket length too long\b/i,
            ],
            fix: 'The two sides speak different protocols: most often HTTPS to a port that serves HTTP, an old TLS version, or a missing client certificate.',
            run: ['openssl s_client -connect {host}:{port} </dev/null'],
        },
        {
            id: 'net-dns',
            category: 'transient:network',
            lines: [
                /\bcurl: \(6\)/,
                /\bCould not resolve host(?:name)?:? "?(?<host>[\w.-]{1,253})/i,
                /\bgetaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]{1,253})/,
                /\bENOTFOUND\b|\bEAI_AGAIN\b/,
                /\bTemporary failure (?:in name resolution|resolving '(?<host>[^']{1,253})')/i,
                /\bName or service not known\b|\bnodename nor servname provided\b|\bNo address associated with hostname\b/i,
                /\b(?:lookup )?(?<host>[\w.-]{1,253})(?: on \S{1,60})?: (?:no such host|server misbehaving|Try again)\b/,
                /\bno such host\b/i,
                /\bunable to resolve host(?: address)? [‘'`]?(?<host>[\w.-]{1,253})/i,
                /\bUnknownHostException:? ?(?<host>[\w.-]{0,253})/,
                /\bName(?:Resolution|ResolutionError)\b.{0,60}\bfailed\b|\bFailed to resolve '(?<host>[^']{1,253})'/i,
                /\b(?:could not|cannot|unable to|failed to) resolve (?:the )?(?:host|hostname|address|name|DNS)\b/i,
                /\bcould not translate host name "(?<host>[^"]{1,253})"/,
                /\bUnknown (?:MySQL|MariaDB)?\s?server host '(?<host>[^']{1,253})'/,
                /\bphp_network_getaddresses\b|\bNo such host is known\b|\bdns error: failed to lookup/i,
                /\b(?:DNS|name) (?:resolution|lookup) (?:failed|failure|error|timed out)\b/i,
                /communications error to \S{1,60}#53: timed out/,
                /\bSERVFAIL\b/,
            ],
            fix: 'A host name could not be resolved. If it goes on, check the name for a slip and the resolver of this host.',
            run: ['getent hosts {host}', 'cat /etc/resolv.conf'],
        },
        {
            id: 'net-refused',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bcurl: \(7\)/,
                /\b(?:connect )?ECONNREFUSED (?<host>\[?[\w.:-]{1,80}?\]?):(?<port>\d{1,5})\b/,
                /\bECONNREFUSED\b/,
                /\bFailed to connect to (?<host>\[?[\w.:-]{1,253}?\]?) port (?<port>\d{1,5})\b/,
                /\bconnect to (?:host |address )?(?<host>[\w.-]{1,253}) port (?<port>\d{1,5}):? (?:failed: )?Connection refused/i,
                /\bdial tcp (?<host>\[?[\w.:-]{1,253}?\]?):(?<port>\d{1,5}): (?:connect: )?connection refused/,
                /\bConnection to (?<host>[\w.-]{1,253}):(?<port>\d{1,5}) refused\b/i,
                /\bConnection refused\b/i,
                /\bConnectionRefusedError\b|\bactively refused it\b/,
                /\b(?:could not|couldn't|cannot|can't|unable to|failed to) (?:connect|establish (?:a )?connection|reach) (?:to )?(?:the )?(?:(?:remote |database |registry )?(?:server|host|endpoint|service)|https?:\/\/|remote)/i,
                /\bNewConnectionError\b|\bConnectionError\(/,
            ],
            fix: 'The far side refused the connection: nothing listens there, or a firewall says no. If it goes on, check host and port, and that the service runs.',
            run: ["ss -ltnp 'sport = :{port}'", 'nc -vz {host} {port}'],
        },
        {
            id: 'net-unreachable',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bNo route to host\b|\bNetwork is (?:unreachable|down)\b|\bHost is down\b/i,
                /\b(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)\b/,
            ],
            fix: 'There is no way to the far side at the moment. If it goes on, check the route, the VPN and the firewall.',
            run: ['ip route', 'ping -c 3 {host}'],
        },
        {
            id: 'net-timeout',
            category: 'transient:timeout',
            own: 'critical:health',
            lines: [
                /\bcurl: \(28\)|\bThe requested URL returned error: 408\b/,
                /\bdial tcp (?<host>\[?[\w.:-]{1,253}?\]?):(?<port>\d{1,5}): (?:connect: |i\/o )?(?:connection )?time(?:d )?out/,
                /\b(?:ETIMEDOUT|ESOCKETTIMEDOUT|ECONNABORTED|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|ERR_SOCKET_TIMEOUT)\b/,
                /\bi\/o timeout\b|\bTLS handshake timeout\b/,
                /\bClient\.Timeout (?:exceeded|or context cancellation)\b|\bdeadline exceeded while awaiting headers\b/i,
                /\b(?:Get|Post|Put|Head|Patch|Delete) "?https?:\/\/.{1,300}context deadline exceeded/,
                /\bConnection (?:attempt )?timed out\b|\bconnect timed out\b|\bconnection timeout\b/i,
                /\b(?:Connect|Read|ReadTimeout|ConnectTimeout|Http)(?:Timeout)?(?:Error|Exception)\b.{0,200}\btimed out\b/,
                /\bRead timed out\b|\bRead timeout\b|\bReadTimeout(?:Error)?\b|\bConnectTimeout(?:Error)?\b|\bSocketTimeoutException\b|\bHttpTimeoutException\b|\bConnectTimeoutException\b/i,
                /\b(?:network|socket|upstream|gateway|server|http|https) (?:request |response )?(?:operation )?(?:has )?timed out\b/i,
                /\bOperation timed out\b|\bTimeoutError\]?: The operation was aborted due to timeout/i,
                /\bOperation too slow\b|\bLess than \d+ bytes\/sec transferred\b/i,
                /\btimeout expired\b/,
                /\bsource: TimedOut\b|\bkind: TimedOut\b|\boperation timed out\b/,
            ],
            fix: 'The far side did not answer in time. If it goes on, check its load and the network between.',
            run: ['nc -vz -w 5 {host} {port}'],
        },
        {
            id: 'net-reset',
            category: 'transient:network',
            own: 'critical:health',
            migrating: 'critical:migration',
            lines: [
                /\bcurl: \((?:16|18|52|55|56|92|95)\)/,
                /\bconnection (?:was )?(?:forcibly )?(?:reset|aborted|dropped|lost)\b/i,
                /\bECONNRESET\b|\bsocket hang ?up\b|\bConnectionResetError\b|\bUND_ERR_SOCKET\b/i,
                /\bRemoteDisconnected\b|\bRemote end closed connection\b|\bServerDisconnectedError\b|\bChunkedEncodingError\b|\bIncompleteRead\b/,
                /\bEmpty reply from server\b|\bprematurely closed connection\b|\bpremature close\b|\bother side closed\b/i,
                /\bconnection (?:was )?closed (?:unexpectedly|by (?:the )?(?:peer|server|foreign host))/i,
                /\b(?:Get|Post|Put|Head|Patch|Delete) "?https?:\/\/.{1,300}: (?:unexpected )?EOF$/,
                /\b(?:read|write) tcp .{1,120}: (?:broken pipe|use of closed)/,
                /\btransfer closed with (?:outstanding|\d+ bytes) /i,
                /\bHTTP\/2 stream .{0,40} was not closed cleanly\b|\bGOAWAY\b|\bstream error: stream ID \d+/,
                /\bPremature end of (?:Content-Length|chunk)/,
            ],
            fix: 'The connection broke off. What was being sent may have arrived: if the step is not safe to repeat, look before you do.',
        },
        {
            id: 'net-tls',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bcurl: \(35\)/,
                /\b(?:TLS|SSL) (?:connection|handshake)\b.{0,80}\b(?:failed|failure|error|non-properly terminated|was terminated)\b/i,
                /\bSSL_ERROR_SYSCALL\b|\bSSL_connect\b.{0,80}(?:error|returned)|\bUNEXPECTED_EOF_WHILE_READING\b|\bunexpected eof while reading\b/i,
                /\bgnutls_handshake\(\) failed\b|\bSSLHandshakeException: Remote host (?:closed|terminated)/i,
                /\bremote error: tls: (?:internal error|handshake failure)/,
            ],
            fix: 'The TLS handshake broke off. If it goes on, a proxy or a protocol version stands between.',
            run: ['openssl s_client -connect {host}:443 </dev/null'],
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/node.ts
/** npm, yarn, pnpm, and node itself. */
const NODE = {
    tool: 'npm, yarn, pnpm and node',
    seen: /\b(?:npm|npx|yarn|pnpm|node|bun|corepack|ERR_PNPM|YN\d{4}|tsc|next|vite|jest|package\.json|lerna|nx|turbo)\b/i,
    rules: [
        {
            id: 'npm-integrity',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\bcode EINTEGRITY\b|\bEINTEGRITY\b|\bERR_PNPM_TARBALL_INTEGRITY\b|\bIntegrity check failed\b|\bYN0018\b|\bintegrity checksum failed\b/,
            ],
            fix: 'A package is not the one in the lock file. Do not override it: clean the cache once; if it stays, the registry serves something else.',
            run: ['npm cache verify'],
        },
        {
            id: 'npm-credentials',
            category: 'recoverable:credentials',
            strength: 'decisive',
            lines: [
                /\bcode (?:E401|ENEEDAUTH|EOTP|EAUTHUNKNOWN)\b|\bERR_PNPM_FETCH_401\b|\bYN0041\b|\b(?:YN0033|No authentication configured)\b|\bIncorrect or missing password\b|\bUnable to authenticate, (?:your|need)\b/,
            ],
            fix: 'The registry does not accept the token. Check that .npmrc reads it from the environment of this step.',
            run: ['npm config get registry', 'npm whoami'],
        },
        {
            id: 'npm-forbidden',
            category: 'recoverable:permission',
            strength: 'decisive',
            lines: [/\bcode E403\b|\bERR_PNPM_FETCH_403\b|\bcode (?:EACCES|EPERM|EROFS)\b/],
            fix: 'The registry or this host does not allow it: no right on the package or on the directory.',
            run: ['npm config get prefix cache', 'id'],
        },
        {
            id: 'npm-not-found',
            category: 'recoverable:dependency',
            strength: 'decisive',
            lines: [
                /\bcode (?:E404|ETARGET|ENOVERSIONS|EBADENGINE|EBADPLATFORM|ENOTSUP|ERESOLVE|EOVERRIDE|ENOENT)\b/,
                /\bERESOLVE (?:unable to resolve|could not resolve)\b|\bNo matching version found for (?<package>\S{1,120})/,
                /\bERR_PNPM_(?:FETCH_404|NO_MATCHING_VERSION\w*|NO_VERSIONS|PEER_DEP_ISSUES|UNSUPPORTED_ENGINE|WORKSPACE_PKG_NOT_FOUND|PACKAGE_NOT_FOUND\w*|SPEC_NOT_SUPPORTED\w*)\b/,
                /\bCouldn't find (?:any versions for|package) "(?<package>[^"]{1,120})"|\b(?:YN0035|YN0082|YN0009|YN0060)\b|\bThe engine "\w+" is incompatible with this module\b|\bFound incompatible module\b/,
            ],
            fix: 'A package or version is not there, or does not fit the others or this node. Check name, registry and versions.',
            run: ['npm view {package} versions', 'node --version'],
        },
        {
            id: 'npm-lock-file',
            category: 'recoverable:configuration',
            strength: 'decisive',
            lines: [
                /\bcode (?:EUSAGE|EJSONPARSE|EINVALIDPACKAGENAME|EINVALIDTAGNAME|ENOWORKSPACES|EUNSUPPORTEDPROTOCOL|EPUBLISHCONFLICT|EINVALIDCONFIG|ELSPROBLEMS|EPRIVATE)\b/,
                /\bcan only install (?:packages when|with an existing) |\bin sync\b.{0,60}\bpackage(?:-lock)?\.json\b/,
                /\bERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_\w+|NO_LOCKFILE|NO_PKG_MANIFEST|NO_IMPORTER_MANIFEST_FOUND|NO_SCRIPT|FROZEN_LOCKFILE\w*|BAD_PM_VERSION|JSON_PARSE|INVALID_\w+)\b/,
                /\bYour lockfile needs to be updated\b|\bYN0028\b|\bThe lockfile would have been (?:modified|created)\b|\bThis project is configured to use (?:yarn|pnpm|npm)\b|\bThis package doesn't seem to be present in your lockfile\b|\bUsage Error\b/,
                /\bMissing script: "(?<name>[^"]{1,80})"/,
                /\bCommand "(?<name>[^"]{1,80})" not found\b|\bUnknown Syntax Error: Command not found\b|\bYou cannot publish over the previously published versions\b/,
            ],
            fix: 'package.json, lock file and command do not fit together. Install locally, commit the lock file, and try again.',
        },
        {
            id: 'npm-rate-limit',
            category: 'transient:rate-limit',
            strength: 'decisive',
            lines: [/\bcode E429\b|\bERR_PNPM_FETCH_429\b/],
            fix: 'The registry limits requests. Wait, or use a mirror.',
        },
        {
            id: 'npm-service',
            category: 'transient:service',
            strength: 'decisive',
            lines: [/\bcode E5\d\d\b|\bERR_PNPM_FETCH_5\d\d\b|\bYN0035\b.{0,120}\b50\d\b/],
            own: 'critical:health',
            fix: 'The registry has trouble. If it goes on, look at its status page.',
        },
        {
            id: 'npm-network',
            category: 'transient:network',
            strength: 'decisive',
            own: 'critical:health',
            lines: [
                /\bcode (?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EPIPE|ERR_SOCKET_CLOSED|ECONNABORTED|EIDLETIMEOUT|ERR_STREAM_PREMATURE_CLOSE|FETCH_ERROR)\b$/,
                /\bERR_PNPM_META_FETCH_FAIL\b|\bERR_PNPM_FETCH_FAIL\w*\b|\bThere appears to be trouble with your network connection\b|\bInvalid response body while trying to fetch\b|\bnetwork This is a problem related to network connectivity\b/,
                /\brequest to (?:https?:\/\/)(?<host>[\w.-]{1,253})\S{0,200} failed, reason: (?!.{0,120}(?:certificate|self.signed|CERT))/,
                /\bAn unexpected error occurred: "https?:\/\/.{1,300}: (?:ESOCKETTIMEDOUT|connect E\w+|getaddrinfo|tunneling socket|ETIMEDOUT|read ECONNRESET|Request failed "5\d\d)/,
            ],
            fix: 'The registry could not be reached. If it goes on, check registry, network and proxy settings.',
            run: ['npm ping'],
        },
        {
            id: 'npm-timeout',
            category: 'transient:timeout',
            strength: 'decisive',
            own: 'critical:health',
            lines: [
                /\bcode (?:ETIMEDOUT|ERR_SOCKET_TIMEOUT|ESOCKETTIMEDOUT)\b/,
                /\bnpm (?:ERR!|error) .{0,80}\bSocket timeout\b/,
            ],
            fix: 'The registry did not answer in time.',
            run: ['npm ping'],
        },
        {
            id: 'node-module-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bCannot find (?:module|package) '(?<package>[^']{1,200})'(?!.{0,120}TS\d{4})/,
                /\b(?:ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED|ERR_DLOPEN_FAILED)\b/,
                /\bwas compiled against a different Node\.js version\b|\bInvalid ELF header\b|\bGLIBC(?:XX)?_[\d.]+' not found\b|\bYou are using Node(?:\.js)? v?[\d.]+/i,
                /\bCould not load the "sharp" module\b|\bnext: not found\b/,
            ],
            fix: 'A module is missing, or was built for another node. Install dependencies in this checkout, with this node.',
            run: ['npm ls {package}', 'node --version'],
        },
        {
            id: 'node-syntax',
            category: 'critical:build',
            lines: [
                /^SyntaxError: (?!.{0,120}\bJSON\b)/,
                /\bERR_REQUIRE_ESM\b|\bERR_UNKNOWN_FILE_EXTENSION\b|\bCannot use import statement outside a module\b/,
            ],
            fix: 'The code cannot be parsed by this node. Check the build output and the version of node.',
            run: ['node --version'],
        },
        {
            id: 'node-json',
            category: 'recoverable:configuration',
            lines: [
                /^SyntaxError: .{0,200}\bJSON\b/,
                /\bERR_OSSL_EVP_UNSUPPORTED\b|\bERR_INVALID_(?:URL|ARG_VALUE|ARG_TYPE)\b|\bbad option: --/,
                /\bUnexpected token .{0,40} in JSON\b/,
            ],
            fix: 'A setting or JSON file is not what node expects.',
        },
        {
            id: 'node-uncaught',
            category: 'critical:crash',
            strength: 'weak',
            lines: [
                /^(?:Uncaught )?(?:TypeError|ReferenceError|RangeError): (?!fetch failed)/,
                /\bUnhandledPromiseRejection\b|\bERR_UNHANDLED_REJECTION\b/,
            ],
            fix: 'The script ended with an error of its own. The first frame in the repository shows where.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/packages.ts
/** Package managers of the system: apt, dpkg, dnf, apk, snap. */
const PACKAGES = {
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

;// CONCATENATED MODULE: ./src/failure/rules/postgres.ts
const POSTGRES = {
    tool: 'postgresql',
    seen: /\b(?:psql|pg_\w+|postgres\w*|PG::|psycopg2?|pgbouncer|asyncpg|pq:|pgx|SQLSTATE|libpq|relation|createdb|vacuumdb|rails|rake|ActiveRecord|django|alembic|sqlalchemy|knex|prisma|typeorm|sequelize|flyway|liquibase|migrate)\b/i,
    rules: [
        {
            id: 'postgres-socket',
            category: 'critical:service',
            strength: 'decisive',
            lines: [
                /\bconnection to server on socket "(?<path>[^"]{1,300})" failed: (?!FATAL)/,
                /\bcould not connect to server: No such file or directory\b/,
                /\bIs the server running locally and accepting connections on (?:that socket|Unix domain socket)\b/,
            ],
            fix: 'The PostgreSQL server of this host does not run, or uses another socket.',
            run: ['pg_lsclusters', 'systemctl status postgresql'],
        },
        {
            id: 'postgres-starting',
            category: 'transient:service',
            strength: 'decisive',
            lines: [
                /\bthe database system is (?:starting up|shutting down|in recovery mode|not yet accepting connections|not accepting connections)\b/,
            ],
            fix: 'The server starts, stops or recovers at this moment. Wait for pg_isready before the step.',
            run: ['pg_isready -h {host}'],
        },
        {
            id: 'postgres-connections',
            category: 'transient:service',
            strength: 'decisive',
            lines: [
                /\btoo many clients already\b|\bremaining connection slots are reserved\b|\btoo many connections for (?:role|database)\b|\bno more connections allowed\b|\bquery_wait_timeout\b|\bserver login has been failing\b|\bMaxClientsInSessionMode\b|\btimeout exceeded when trying to connect\b/,
            ],
            fix: 'All connections of the server are in use. If it goes on, look for clients that do not let go.',
            run: ['psql -c "select state, count(*) from pg_stat_activity group by 1"'],
        },
        {
            id: 'postgres-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\bpassword authentication failed for user "(?<name>[^"]{1,80})"/,
                /\bno password supplied\b|\bno pg_hba\.conf entry for\b|\b(?:Peer|Ident|GSSAPI|SCRAM|certificate) authentication failed\b/,
                /\brole "(?<name>[^"]{1,80})" (?:does not exist|is not permitted to log in)\b/,
            ],
            fix: 'The server does not let this user in: wrong password or user, or pg_hba.conf has no line for this host.',
        },
        {
            id: 'postgres-deadlock',
            category: 'transient:conflict',
            strength: 'decisive',
            lines: [
                /\bdeadlock detected\b|\bDeadlockDetected\b|\b40P01\b/,
                /\bcould not serialize access\b|\bSerializationFailure\b|\b40001\b|\brestart transaction\b/,
                /\bcanceling statement due to conflict with recovery\b/,
            ],
            fix: 'Two transactions met; the server rolled this one back as a whole.',
        },
        {
            id: 'postgres-lock-timeout',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [
                /\bcanceling statement due to lock timeout\b|\bLockNotAvailable\b|\b55P03\b|\bcould not obtain lock on\b|\bLockWaitTimeout\b/,
            ],
            fix: 'Another transaction holds the table. Find the long one; run the change when less is going on.',
            run: [
                'psql -c "select pid, state, wait_event_type, left(query, 80) from pg_stat_activity where wait_event_type = \'Lock\'"',
            ],
        },
        {
            id: 'postgres-statement-timeout',
            category: 'critical:migration',
            lines: [
                /\bcanceling statement due to (?:statement timeout|user request)\b|\bQueryCanceled\b/,
            ],
            command: /migrat|upgrade|\.sql\b|flyway|alembic|prisma|knex|liquibase/i,
            strength: 'decisive',
            fix: 'A statement of the migration ran into its time limit and was rolled back. Split it, or raise statement_timeout for it.',
        },
        {
            id: 'postgres-constraint',
            category: 'critical:migration',
            strength: 'decisive',
            lines: [
                /\bviolates (?:unique|foreign key|check|not-null|exclusion|row-level) ?\w* ?constraint\b|\bviolates (?:not-null|check)\b/,
                /\bcontains null values\b|\bcould not create unique index\b|\bis violated by some row\b|\bduplicate key value\b/,
                /\b(?:NotNull|Unique|ForeignKey|Check|Exclusion|IntegrityConstraint)Violation\b/,
            ],
            fix: 'The data does not fit the constraint. Mend the data (or the migration) first; a repeat fails in the same way.',
        },
        {
            id: 'postgres-corrupt',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\binvalid page in block\b|\bcould not read block\b|\bcould not locate a valid checkpoint record\b|\bunexpected zeros in file\b|\bmissing chunk number\b/,
                /\binput file (?:does not appear to be a valid archive|is too short|appears to be a text format dump)|\bunsupported version \([\d.]+\) in file header\b|\bcould not read from input file: end of file\b|\bunexpected end of file\b.{0,40}\b(?:COPY|dump)/,
            ],
            fix: 'The database or the dump is damaged. Stop, keep a copy, and restore from a backup.',
        },
        {
            id: 'postgres-permission',
            category: 'recoverable:permission',
            migrating: 'critical:migration',
            lines: [
                /\bpermission denied (?:for|to) (?:table|schema|relation|sequence|database|function|view|column|language|create|set|type|materialized)\b/,
                /\bmust be (?:owner of|superuser|a member of)\b|\bInsufficientPrivilege\b/,
            ],
            fix: 'The database user may not do this. Grant the right, or run it as the owner.',
        },
        {
            id: 'postgres-database-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bdatabase "(?<name>[^"]{1,80})" does not exist\b/,
                /\bextension "(?<package>[^"]{1,80})" is not available\b|\bcould not open extension control file\b/,
                /\baborting because of server version mismatch\b|\bserver version mismatch\b/,
            ],
            fix: 'The database or an extension is not there, or the client is older than the server.',
            run: ['psql -l'],
        },
        {
            id: 'postgres-lost',
            category: 'transient:network',
            own: 'critical:health',
            migrating: 'critical:migration',
            lines: [
                /\bserver closed the connection unexpectedly\b|\bterminating connection due to (?:administrator command|unexpected postmaster exit|crash of another server process|idle-in-transaction timeout)\b|\bAdminShutdown\b|\bSSL connection has been closed unexpectedly\b|\bcould not receive data from server\b|\bconnection to server was lost\b/,
            ],
            fix: 'The connection broke while the server worked. Find out whether the statement took effect.',
        },
        {
            id: 'postgres-unreachable',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bconnection to server at "(?<host>[^"]{1,253})"(?: \([^)]{1,80}\))?, port (?<port>\d{1,5}) failed: (?!FATAL)/,
                /\bcould not connect to server: (?:Connection refused|Connection timed out|Host is unreachable|No route to host)/,
                /\bConnection to (?<host>[\w.-]{1,253}):(?<port>\d{1,5}) refused\b.{0,60}\bpostmaster\b/,
                /\bCan't reach database server at `?(?<host>[\w.-]{1,253})`?:?`?(?<port>\d{0,5})/,
            ],
            fix: 'The PostgreSQL server cannot be reached. If it goes on, check that it runs and listens, and the firewall.',
            run: ['pg_isready -h {host} -p {port}'],
        },
        {
            id: 'postgres-sql',
            category: 'recoverable:configuration',
            migrating: 'critical:migration',
            lines: [
                /\b(?:relation|column|table|type|function|schema|index|constraint|sequence|trigger|view|enum label|extension|policy|publication) "?[^"\s]{1,200}"?(?:\([^)]{0,80}\))?(?: of relation "[^"]{1,120}")? (?:already exists|does not exist)\b/,
                /\b(?:syntax error at or near|syntax error at end of input|cannot be cast automatically|cannot drop .{1,200} because other objects depend on it|current transaction is aborted|cannot alter type|invalid input syntax for|value too long for type|out of range for type|cannot run inside a transaction block|multiple primary keys|cannot execute \w+ in a read-only transaction|division by zero|deleted .{0,40}dependent)\b/i,
                /\b(?:Duplicate(?:Table|Column|Object|Schema|Function|Alias)|Undefined(?:Table|Column|Object|Function)|SyntaxError\) |DatatypeMismatch|FeatureNotSupported|DependentObjectsStillExist|InvalidTextRepresentation|StringDataRightTruncation|NumericValueOutOfRange|ActiveSqlTransaction|InFailedSqlTransaction|ReadOnlySqlTransaction)\b/,
            ],
            fix: 'The statement does not fit the schema as it is. Compare which migrations the database has with those of this release.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/python.ts
/** pip, poetry, uv, and python itself. */
const PYTHON = {
    tool: 'pip and python',
    seen: /\b(?:pip3?|pipx|python[\d.]*|poetry|uv|uvx|pdm|conda|pipenv|Traceback|pytest|django|manage\.py|celery|gunicorn|uvicorn|PEP 668|No matching distribution|ansible\S*|alembic|sqlalchemy|virtualenv|site-packages)\b/i,
    rules: [
        {
            id: 'pip-unreachable',
            category: 'transient:network',
            own: 'critical:health',
            strength: 'decisive',
            also: /after connection broken by|Connection to \S{1,253} timed out|Temporary failure in name resolution|NewConnectionError/,
            lines: [
                /\bNo matching distribution found for (?<package>\S{1,120})/,
                /\bCould not find a version that satisfies the requirement (?<package>\S{1,120})/,
                /\bCould not install packages due to an OSError: HTTPS?ConnectionPool\b/,
            ],
            fix: 'pip could not reach the index, and so says that there is no such package. If it goes on, check index and network.',
            run: ['pip config list', 'pip index versions {package}'],
        },
        {
            id: 'pip-hashes',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\bTHESE PACKAGES DO NOT MATCH THE HASHES\b|\bHash(?:es)? (?:mismatch|do not match)\b|\bExpected sha256 \w{20}/,
            ],
            fix: 'A package is not the one that the hashes name. Find out which of them is wrong before you change either.',
        },
        {
            id: 'pip-missing',
            category: 'recoverable:dependency',
            strength: 'decisive',
            lines: [
                /\bNo matching distribution found for (?<package>\S{1,120})/,
                /\bCould not find a version that satisfies the requirement (?<package>\S{1,120})/,
                /\bResolutionImpossible\b|\bconflicting dependencies\b|\brequires a different Python\b|\bNo solution found when resolving dependencies\b|\bSolverProblemError\b|\bbecause .{1,200} version solving failed\b|\bPackagesNotFoundError\b|\bUnsatisfiableError\b/i,
                /\bCould not open requirements file\b|\bNo such file or directory: '(?<path>[^']{0,200}requirements[^']{0,80})'/,
                /\bnot a supported wheel on this platform\b|\bRequires-Python\b.{0,60}$|\bversion solving failed\b|\bNo python at\b|\bNo interpreter found\b|\bensurepip is not available\b/i,
            ],
            fix: 'No package fits: wrong name or version, another python, or requirements that exclude each other.',
            run: ['pip index versions {package}', 'python3 --version'],
        },
        {
            id: 'pip-managed',
            category: 'recoverable:permission',
            strength: 'decisive',
            lines: [/\bexternally-managed-environment\b|\bThis environment is externally managed\b/],
            fix: 'The system python may not be changed by pip. Use a virtual environment or pipx.',
            run: ['python3 -m venv .venv'],
        },
        {
            id: 'pip-lock-file',
            category: 'recoverable:configuration',
            lines: [
                /\bpyproject\.toml changed significantly since poetry\.lock\b|\bpoetry\.lock (?:is not up to date|was last generated)\b|\bThe lockfile (?:at `[^`]{1,80}` )?needs to be updated\b|\bInvalid requirement\b|\bPoetry could not find a pyproject\.toml\b|\bHash is missing\b|\ball requirements to have their versions pinned\b/i,
            ],
            fix: 'The project file and the lock file do not fit together. Lock anew and commit it.',
        },
        {
            id: 'python-module-missing',
            category: 'recoverable:dependency',
            lines: [
                /\b(?:ModuleNotFoundError|ImportError): (?:No module named '?(?<package>[\w.]{1,120}))?/,
                /\bNo module named '?(?<package>[\w.]{1,120})/,
                /\bcannot open shared object file\b|\berror while loading shared libraries: (?<name>[^:]{1,120})/,
                /\bcan't open file '(?<path>[^']{1,300})'/,
            ],
            fix: 'A module or library is not installed for this interpreter. Install it, or use the right virtual environment.',
            run: ['python3 -c "import sys; print(sys.path)"', 'pip show {package}'],
        },
        {
            id: 'python-settings',
            category: 'recoverable:configuration',
            lines: [
                /\bImproperlyConfigured\b|\bUndefinedValueError\b|\bpydantic\S{0,40} ?ValidationError\b|\b\d+ validation errors? for \w+/,
                /^KeyError: '(?<variable>[A-Z][A-Z0-9_]{2,80})'/,
                /\byaml\.\w+\.\w+Error\b|\bconfigparser\.\w+Error\b|\btomllib\.TOMLDecodeError\b|\btoml\.decoder\b|\bcould not find expected ':'|\bmapping values are not allowed\b|\bfound character .{0,20} that cannot start any token\b|\bdid not find expected\b/,
                /\bCommandError: |\busage: .{0,200}$|\berror: (?:the following arguments are required|unrecognized arguments|argument \S{1,60}:)/,
                /\bjson\.decoder\.JSONDecodeError\b|\bUndefinedError\b|\bTemplate(?:Syntax|NotFound)\w*\b/,
            ],
            fix: 'A setting is missing or not valid. Compare the environment of this step with what the program expects.',
            run: ['env | cut -d= -f1 | sort'],
        },
        {
            id: 'python-syntax',
            category: 'critical:build',
            lines: [/^(?:\w{1,60}\.){0,6}(?:SyntaxError|IndentationError|TabError): /],
            fix: 'The python code cannot be parsed by this version.',
            run: ['python3 --version'],
        },
        {
            id: 'python-uncaught',
            category: 'critical:crash',
            strength: 'weak',
            lines: [
                /^(?:AttributeError|NameError|UnboundLocalError|IndexError|ZeroDivisionError|TypeError): /,
            ],
            fix: 'The script ended with an error of its own. The last frame in the repository shows where.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/services.ts
/** systemd and other supervisors, web servers, certificates, deploy tools, and waiting for health. */
const SERVICES = {
    tool: 'systemd, nginx, certbot, ansible and deploy tools',
    rules: [
        {
            id: 'deploy-lock',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [
                /\bDeploy lock (?:found|already in place)\b|\bKamal::Cli::LockError\b|\bDeploy(?:ment)? (?:is )?locked\b/i,
                /\bAnother instance of Certbot is already running\b/,
                /\bwaiting for lock on\b.{0,80}\btimed? ?out\b/i,
            ],
            fix: 'Another deployment is running. When none is left, a cancelled one left its lock: release it by hand.',
        },
        {
            id: 'systemd-no-systemd',
            category: 'recoverable:dependency',
            lines: [
                /\bSystem has not been booted with systemd\b|\bFailed to connect to (?:system )?(?:scope )?bus\b|\bHost is down\b.{0,20}systemd|\bFailed to get D-Bus connection\b|\$DBUS_SESSION_BUS_ADDRESS and \$XDG_RUNTIME_DIR not defined/,
            ],
            fix: 'There is no systemd to talk to: a container, or a user service without a session.',
            run: ['ps -p 1 -o comm=', 'loginctl enable-linger'],
        },
        {
            id: 'systemd-unit-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bUnit (?<unit>[\w.@:-]{1,120}) (?:could not be found|not found|not loaded)\b/i,
                /\bFailed to \w+ (?<unit>[\w.@:-]{1,120}): Unit .{0,120}not found\b|\bno such process\b|\bunrecognized service\b|\bFailed to enable unit: Unit file\b/i,
                /\[PM2\]\[ERROR\] (?:Process or Namespace|Script|File) /,
            ],
            fix: 'There is no such unit. Check the name, and run daemon-reload after the file is in place.',
            run: ['systemctl list-unit-files | grep -i {unit}', 'sudo systemctl daemon-reload'],
        },
        {
            id: 'systemd-denied',
            category: 'recoverable:permission',
            lines: [
                /\bInteractive authentication required\b|\bFailed to \w+ \S{1,120}: Access denied\b|\bpolkit\b.{0,80}\b(?:denied|not authorized)/i,
            ],
            fix: 'This account may not control the unit. Allow exactly this command in sudoers or polkit.',
            run: ['sudo -n -l'],
        },
        {
            id: 'systemd-masked',
            category: 'recoverable:configuration',
            lines: [
                /\bUnit (?<unit>[\w.@:-]{1,120}) is masked\b|\bhas a bad unit file setting\b|\bUnit configuration has fatal error\b|\bbad-setting\b/,
            ],
            fix: 'The unit is masked or its file is not valid.',
            run: ['systemd-analyze verify {unit}', 'systemctl cat {unit}'],
        },
        {
            id: 'systemd-start',
            category: 'critical:service',
            lines: [
                /\bJob for (?<unit>[\w.@:-]{1,120}) (?:failed|canceled)\b/,
                /\bFailed to start (?<unit>[\w.@:-]{1,120})/,
                /\b(?<unit>[\w.@:-]{1,120}\.service): (?:Failed with result|Main process exited|Start request repeated too quickly|Control process exited)/,
                /\bA dependency job for (?<unit>[\w.@:-]{1,120}) failed\b|\bstart-limit-hit\b|\bActive: failed\b/,
                /\bERROR \((?:spawn error|abnormal termination|already started)\)|\b(?:FATAL|BACKOFF) {1,12}Exited too quickly\b|\[PM2\].{0,40}(?:errored|too many unstable restarts)/,
                /\b(?:service|daemon|server|process|app|worker) (?:\S{1,60} )?(?:failed|could not|was unable|refused) to start\b|\bfailed to (?:start|restart|reload) (?:the )?(?:service|daemon|server|application)\b/i,
            ],
            fix: 'The service did not start. Its log says why.',
            run: ['systemctl status {unit}', 'journalctl -u {unit} -n 50 --no-pager'],
        },
        {
            id: 'service-socket',
            category: 'critical:service',
            lines: [
                /\bunix:\/\/\/?(?<path>\S{1,200}\.sock)\S{0,40} (?:refused connection|no such file)\b/i,
                /\b(?:dial|connect)\b.{0,40}\bunix\b.{0,120}: connect(?:ion)?:? (?:connection refused|no such file)/i,
                /\bconnect(?: |:)\S{0,20}(?:ECONNREFUSED|ENOENT) (?<path>\/\S{1,200})/,
                /\bphp\S{0,20}-fpm\.sock failed\b/,
            ],
            fix: 'A service of this host does not listen on its socket: it is stopped or it crashed.',
            run: ['ls -l {path}', 'systemctl --failed'],
        },
        {
            id: 'nginx-not-running',
            category: 'critical:service',
            lines: [
                /\[error\].{0,40} (?:invalid PID number|open\(\) "(?<path>[^"]{1,200}\.pid)" failed)/,
                /\bhttpd? \(pid \d+\??\) not running\b|\bhaproxy: .{0,80}not running\b/,
            ],
            fix: 'nginx does not run, so it cannot be reloaded. Start it and look at why it went.',
            run: ['systemctl status nginx', 'nginx -t'],
        },
        {
            id: 'nginx-file-missing',
            category: 'recoverable:configuration',
            lines: [
                /\[emerg\].{0,80}\bcannot load certificate(?: key)? "(?<path>[^"]{1,300})".{0,120}No such file/,
                /\[emerg\].{0,40}\bopen\(\) "(?<path>[^"]{1,300})" failed \(2/,
            ],
            fix: 'The configuration names a file that is not there. Put it in place before the reload.',
            run: ['ls -l {path}', 'nginx -t'],
        },
        {
            id: 'nginx-configuration',
            category: 'recoverable:configuration',
            lines: [
                /\[emerg\] .{0,200}(?:unknown directive|directive .{0,60}(?:is not terminated|is duplicate|is not allowed|has no opening)|unexpected |invalid (?:number of arguments|parameter|value|port|condition)|host not found in upstream|duplicate |no "\S{1,60}" (?:is )?(?:directory|in)|unknown "?\S{1,60}"? variable|conflicting|could not build|no servers are inside upstream|is invalid)/,
                /\bcannot load certificate(?: key)? "(?<path>[^"]{1,300})"|\bkey values mismatch\b|\bSSL_CTX_use_PrivateKey\b/,
                /\b(?:\[ALERT\]|AH\d{5}:|Caddyfile|Caddy)\b.{0,200}(?:error|unknown|unable to find|invalid|parsing|unrecognized)|\bFatal errors found in configuration\b|\bSyntax error on line \d+ of\b|\bError\(s\) found in configuration file\b|\badapting config\b/,
            ],
            fix: 'The web server refuses its configuration; the running one goes on with the old. Mend the named line and test it.',
            run: ['nginx -t'],
        },
        {
            id: 'nginx-test-failed',
            category: 'recoverable:configuration',
            strength: 'symptom',
            lines: [/\bnginx: configuration file (?<path>\S{1,300}) test failed\b/],
            fix: 'nginx refuses its configuration.',
            run: ['nginx -t'],
        },
        {
            id: 'certbot-rate-limit',
            category: 'transient:rate-limit',
            strength: 'decisive',
            lines: [
                /\btoo many (?:certificates|new orders|failed authorizations|registrations|currently pending)\b|\burn:ietf:params:acme:error:rateLimited\b/i,
            ],
            fix: "Let's Encrypt limits how often certificates are issued. Wait for the time it names; test against its staging server.",
        },
        {
            id: 'certbot-challenge',
            category: 'recoverable:configuration',
            lines: [
                /\bChallenge failed for domain (?<host>[\w.-]{1,253})|\bSome challenges have failed\b|\bDNS problem: (?:NXDOMAIN|SERVFAIL|query timed out) looking up\b|\burn:ietf:params:acme:error:(?:unauthorized|dns|connection|rejectedIdentifier|caa)\b|\bInvalid response from http:\/\/\S{1,253}\/\.well-known\/acme-challenge\b/,
            ],
            fix: 'The certificate authority could not reach the challenge. Check DNS, port 80, and the webroot.',
            run: ['dig +short {host}', 'curl -sI http://{host}/.well-known/acme-challenge/'],
        },
        {
            id: 'ansible-become',
            category: 'recoverable:permission',
            strength: 'decisive',
            lines: [
                /\bMissing sudo password\b|\bIncorrect sudo password\b|\bwaiting for privilege escalation prompt\b/,
            ],
            fix: 'ansible may not become root on the host. Set the password from a secret, or NOPASSWD for this account.',
        },
        {
            id: 'ansible-wait',
            category: 'critical:health',
            strength: 'decisive',
            lines: [
                /"msg": "(?:Timeout when waiting for|Status code was -?\d+ and not \[|.{0,200}did not become (?:available|ready))/,
                /"attempts": \d+.{0,400}"(?:failed|changed)": .{0,400}(?:Status code was|healthz|health)/,
            ],
            fix: 'A task waited for a service that did not come up.',
        },
        {
            id: 'ansible-playbook',
            category: 'recoverable:configuration',
            lines: [
                /\bERROR! (?:Syntax Error|couldn't resolve module|no action detected|conflicting action|Unexpected Exception|unexpected parameter|'.{1,80}' is (?:undefined|not a valid)|A malformed block|the field|We were unable to read|this task)|\bSyntax Error while loading YAML\b|\bYAML parsing failed\b/,
                /\bthe task includes an option with an undefined variable\b|'(?<variable>[\w.]{1,120})' is undefined\b|\bThe conditional check .{1,200} failed\b|\bUnsupported parameters for\b|\bmissing required arguments\b|\bno hosts matched\b/i,
            ],
            fix: 'The playbook, inventory or a variable is not valid.',
            run: ['ansible-playbook --syntax-check'],
        },
        {
            id: 'ansible-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bERROR! the (?:playbook|role|file):? ?'?(?<path>[^'\s]{1,300})'? (?:could not be found|was not found)|\bthe role '(?<name>[^']{1,120})' was not found\b/,
                /\bCould not find or access '(?<path>[^']{1,300})'|\bcouldn't resolve module\/action '(?<name>[^']{1,120})'|\bFailed to import the required Python library\b|"No package matching '(?<package>[^']{1,120})'|\bUnable to retrieve file contents\b/,
            ],
            fix: 'A playbook, role, collection or file is not there.',
            run: ['ansible-galaxy install -r requirements.yml'],
        },
        {
            id: 'secret-undecryptable',
            category: 'recoverable:credentials',
            strength: 'decisive',
            lines: [
                /\bAttempting to decrypt but no vault secrets found\b|\bDecryption failed\b|\bFailed to (?:get the data key|decrypt)\b|\bgpg: decryption failed\b|\bbad decrypt\b|\bno identity matched any of the recipients\b|\bHMAC verification failed\b|\bwrong (?:passphrase|password)\b|\bbad passphrase\b|\bNo secret key\b|\bCan't check signature: No public key\b/i,
            ],
            fix: 'A secret file cannot be decrypted: the key is missing in this step, or another one.',
        },
        {
            id: 'health-failed',
            category: 'critical:health',
            lines: [
                /\bhealth[ -]?checks?\b.{0,80}\b(?:failed|failing|failure|timed? ?out|unsuccessful|not ok|gave up|error|unhealthy|did not pass)\b/i,
                /\b(?:is|are|was|still|became|remains?|reported|status:?|state:?) ["']?(?:unhealthy|not (?:healthy|ready|responding|reachable|up|available|running))\b/i,
                /\b(?:did not|didn't|never|failed to|has not|could not|not) (?:become|became|get|come|reach|turn|pass|report|return to|respond|answer)\b.{0,40}\b(?:healthy|ready|up|available|online|health|in time|within|after)\b/i,
                /\bnot (?:healthy|ready|responding|reachable|up|available)\b.{0,40}\b(?:after|within|in|for) \d+/i,
                /\b(?:gave|giving) up (?:waiting|after)\b|\btim(?:ed|ing) ?out\b.{0,20}\bwaiting (?:for|on)\b|\btime-?out (?:occurred|reached|expired|exceeded)?.{0,30}\bwaiting\b|\bTimeout: .{0,80}(?:not available|not ready)/i,
                /\bwait-for\S{0,20}: (?:timeout|waiting)\b.{0,80}timeout|\bOperation timed out after \d+ seconds waiting for\b|\bProblem with dial: .{0,200}Sleeping|\bTimeout after \S{1,20} waiting on dependencies\b/i,
                /^\S{0,200}(?:readyz|healthz|livez|health)\S{0,80} (?:returned|answered|responded|->|=>|:) ?(?:HTTP )?(?:[45]\d\d|000)\b/i,
                /\b(?:status|response)(?: code)? (?:is|was|=|:) ?(?:[45]\d\d|000)\b/i,
                /^\S{1,253}:\d{1,5} - (?:no response|rejecting connections)$/,
                /\bunhealthy\b/i,
            ],
            fix: 'The service does not answer as it should after the roll-out. Its own log is the next thing to read.',
            run: ["ss -ltnp 'sport = :{port}'", 'journalctl -n 50 --no-pager', 'docker ps -a'],
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/settings.ts
/** Words that usually mean one thing, for tools that no other table knows. Never transient. */
const SETTINGS = {
    tool: 'any tool',
    rules: [
        {
            id: 'any-syntax',
            category: 'recoverable:configuration',
            lines: [
                /\b(?:yaml|json|toml|xml|ini|hcl)\b.{0,60}\b(?:parse|parsing|syntax|decode|unmarshal(?:l?ing)?|invalid|malformed)\b.{0,20}(?:error|fail)?/i,
                /\b(?:parse|parsing|syntax|decode|unmarshal(?:l?ing)?) error\b/i,
                /\bmapping values are not allowed\b|\bdid not find expected (?:key|node|'-')|\bcould not find expected ':'|\bfound character .{0,20} that cannot start any token\b|\binvalid character .{1,10} (?:looking for|after)|\bUnexpected (?:token|end of JSON)/,
                /\bparse error: (?:Invalid|Expected|Unfinished|Objects must)/,
            ],
            strength: 'symptom',
            fix: 'A configuration file cannot be parsed. The message names file and line.',
        },
        {
            id: 'any-credentials',
            category: 'recoverable:credentials',
            strength: 'weak',
            lines: [
                /\b(?:authentication|authorization|login|log-in) (?:failed|failure|error|required|rejected)\b|\b(?:un|not )authenticated\b|\bunauthorized\b|\binvalid (?:credentials?|token|api[ -]?key|password|username|signature|jwt)\b|\b(?:token|credentials?|session|certificate|key|password|licen[cs]e) (?:is |are |has |have )?(?:been )?(?:expired|revoked|invalid|rejected|not valid|incorrect|wrong)\b|\b(?:no|missing) (?:valid )?(?:credentials|token|api[ -]?key)\b|\b(?:incorrect|wrong) (?:password|username)\b|\bnot logged in\b|\bplease log ?in\b/i,
            ],
            fix: 'The far side does not accept who we say we are. Check that the secret is set in this step, and current.',
        },
        {
            id: 'any-permission',
            category: 'recoverable:permission',
            strength: 'weak',
            lines: [
                /\b(?:permission|access|privileges?) (?:is |was )?(?:denied|refused|forbidden)\b|\bforbidden\b|\bnot (?:permitted|allowed|authorized)\b|\binsufficient (?:permissions?|privileges|rights)\b|\bunauthori[sz]ed (?:operation|action)\b/i,
            ],
            fix: 'This account may not do that. Give it the right, or use another one.',
        },
        {
            id: 'any-resource',
            category: 'recoverable:resource',
            strength: 'weak',
            lines: [
                /\b(?:quota|limit|capacity)\b.{0,40}\b(?:exceeded|reached|exhausted)\b|\b(?:insufficient|not enough|low on|ran out of|no more) (?:memory|disk|space|storage|resources|capacity|swap)\b|\bexceed(?:s|ed)? .{0,40}\b(?:limit|quota|maximum)\b/i,
            ],
            fix: 'Something is used up: disk, memory or a quota.',
            run: ['df -h', 'free -h'],
        },
        {
            id: 'any-service',
            category: 'critical:service',
            strength: 'weak',
            lines: [
                /\b(?:failed|unable|could not|couldn't|cannot) (?:to )?(?:start|restart|launch|boot)\b(?! (?:transaction|a new))|\b(?:crashed|died|exited) (?:on|during|at|immediately after|unexpectedly)\b|\bexited (?:prematurely|early)\b/i,
            ],
            fix: 'Something that was to run did not start. Its log says why.',
            run: ['systemctl --failed'],
        },
        {
            id: 'any-missing',
            category: 'recoverable:dependency',
            strength: 'weak',
            lines: [
                /\b(?:not found|cannot find|can't find|could not find|couldn't find|unable to find|no such|does not exist|doesn't exist|is missing|not installed|unavailable version|could not be found|cannot be found|no longer exists|unable to locate|could not locate|unknown (?:package|module|image|tag|version|host))\b/i,
            ],
            fix: 'Something that the step needs is not there. Check its name and what should have made it.',
        },
        {
            id: 'any-configuration',
            category: 'recoverable:configuration',
            strength: 'weak',
            lines: [
                /\b(?:invalid|malformed|misconfigured|unsupported|unrecognized|unexpected|illegal|bad) (?:config\w*|setting|value|option|key|property|parameter|argument|input|format|type|field|name|url|uri|path|port|syntax|request|character|version|address|hostname|expression|entry|attribute)\b|\bconfig(?:uration)? (?:error|file .{0,60}(?:invalid|error)|is (?:invalid|not valid|missing))\b|\b(?:missing|required) (?:required )?(?:key|field|property|parameter|argument|value|option|setting|input|flag|config\w*)\b|\b(?:is|are) required\b|\bmust be (?:one of|a |an |set|specified|provided|defined)\b|\bis not (?:a )?(?:valid|supported|recognized|defined)\b/i,
            ],
            fix: 'A setting is missing or not valid. Compare it with what the tool expects.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/shell.ts
/** The shell itself, and how command-line tools refuse a call. */
const SHELL = {
    tool: 'the shell',
    rules: [
        {
            id: 'shell-line-endings',
            category: 'recoverable:configuration',
            strength: 'decisive',
            lines: [
                /: cannot execute: required file not found$/,
                /\bbad interpreter: /,
                /\$'\\r': command not found|\\r: command not found|syntax error near unexpected token `\$'.{0,20}\\r''|\bset: pipefail.{0,3}: invalid option name|env: [‘'].{1,40}\\r[’']: No such file/,
            ],
            fix: 'The first line of the script names an interpreter that is not there; most often Windows line endings. Convert the file, and set eol=lf in .gitattributes.',
            run: ['head -n 1 {path} | od -c | head'],
        },
        {
            id: 'shell-exec-format',
            category: 'recoverable:dependency',
            strength: 'decisive',
            lines: [/\b(?:cannot execute binary file|Exec format error)\b/i, /\bexec format error\b/],
            fix: 'The program is for another CPU, or no program at all. Deploy the build for this host.',
            run: ['file {path}', 'uname -m'],
        },
        {
            id: 'shell-command-missing',
            category: 'recoverable:dependency',
            lines: [
                /: line \d+: (?<command>[^:\s]{1,120}): command not found$/,
                /(?:^|: )(?<command>[\w.+/-]{1,120}): (?:command )?not found$/,
                /\b(?<command>[\w.+-]{1,80}) (?:executable|binary|program|command) (?:was )?not found\b/i,
                /\bcommand not found: (?<command>[\w.+-]{1,120})/,
                /\bsudo: (?<command>[\w.+/-]{1,120}): command not found\b/,
                /\bexec: "?(?<command>[\w.+/-]{1,120})"?: (?:executable file )?not found\b/,
                /\bexecutable file not found in \$?PATH\b|\benv: [‘'](?<command>[^’']{1,120})[’']: No such file/,
                /^(?:Cannot|Could not) find (?:command|executable|program) '?(?<command>[\w.+-]{1,120})/i,
                /\bfailed to run command [‘'](?<command>[^’']{1,120})[’']: No such file/,
                /\bspawn (?<command>[\w.+/-]{1,120}) ENOENT\b/,
                /\b(?<command>[\w.+-]{1,80}) is not (?:installed|recognized as an internal)\b/,
            ],
            fix: 'The command is not installed on this host, or not in the PATH of the step.',
            run: ['command -v {command}', 'echo "$PATH"'],
        },
        {
            id: 'shell-variable',
            category: 'recoverable:configuration',
            lines: [
                /\b(?<variable>[A-Za-z_]\w{0,80}): (?:unbound variable|parameter (?:null or )?not set|is not set|must be set)\b/i,
                /\b(?:environment )?variable:? [`"'$]{0,2}(?<variable>[A-Za-z_]\w{1,80})[`"']{0,2} (?:is |was )?(?:not (?:set|defined|found)|missing|required|empty|undefined)\b/i,
                /\b(?:missing|undefined|unset) (?:required )?(?:environment |env )?(?:variable|setting|config(?:uration)?)s?\b.{0,10}?(?<variable>[A-Z][A-Z0-9_]{2,80})?/i,
                /^(?:[Ee]rror: |ERROR: |fatal: )?\$?(?<variable>[A-Z][A-Z0-9_]{2,80}) (?:is |was |must be |has to be )?(?:not |un)?(?:set|defined|required|missing|empty)\b/,
            ],
            fix: 'A variable that the step needs is not set. Pass it by env: in the workflow; a secret may not exist in this environment.',
            run: ['env | cut -d= -f1 | sort'],
        },
        {
            id: 'shell-syntax',
            category: 'recoverable:configuration',
            lines: [
                /\bsyntax error near unexpected token\b|\bsyntax error: unexpected\b|\bsyntax error: operand expected\b|\bunexpected EOF while looking for matching\b|\bbad substitution\b|\bUnterminated quoted string\b|\bSyntax error: /,
                /\bunary operator expected\b|\binteger expression expected\b|\bbinary operator expected\b|\bnot a valid identifier\b|\bambiguous redirect\b|\bbad array subscript\b|\bdivision by 0\b|\bargument must be\b|\binvalid option name\b|\breadonly variable\b/,
                /\bsyntax error\b.{0,40}\bline \d+/i,
            ],
            fix: 'The script is not valid for this shell. Check the named line, the quoting, and which shell runs it.',
            run: ['bash -n {path}'],
        },
        {
            id: 'shell-usage',
            category: 'recoverable:configuration',
            lines: [
                /\b(?:invalid|unrecognized|unknown|illegal|unsupported) (?:option|argument|flag|command|subcommand|parameter|switch)\b/i,
                /\b(?:missing|requires an?) (?:argument|operand|parameter)\b|\btoo (?:many|few) arguments\b|\bflag needs an argument\b|\boption .{0,60}requires an argument\b|\bmust specify\b/i,
                /^(?:usage|Usage): \S/,
                /\bTry '.{1,80} --help'|\bSee '.{1,80} --help'|\bfor more information, try '--help'/i,
            ],
            strength: 'symptom',
            fix: 'The command does not understand how it is called. Check options and quoting, and the version installed here.',
            run: ['{command} --help'],
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/ssh.ts
const SSH = {
    tool: 'ssh, scp and rsync',
    seen: /\b(?:publickey|ssh|scp|sftp|rsync|kex_exchange|UNREACHABLE|Net::SSH|paramiko|host key)\b/i,
    rules: [
        {
            id: 'ssh-host-key',
            category: 'recoverable:credentials',
            strength: 'decisive',
            lines: [
                /\bHost key verification failed\b/,
                /\bREMOTE HOST IDENTIFICATION HAS CHANGED\b/,
                /\bNo \w+ host key is known for (?<host>\S{1,253}) and you have requested strict checking/,
                /\bHostKeyMismatch\b|\bServer '[^']{1,253}' not found in known_hosts\b|\bThe authenticity of host .{1,300} can't be established/,
            ],
            fix: 'The key of the far host is unknown, or another one than before. Find out which is right over another way, then put it into known_hosts; do not switch the check off.',
            run: ['ssh-keygen -F {host}', 'ssh-keyscan {host}'],
        },
        {
            id: 'ssh-key-refused',
            category: 'recoverable:credentials',
            lines: [
                /\bPermission denied \([a-z][\w,-]{3,100}\)/,
                /\bPermission denied, please try again\b/,
                /\bToo many authentication failures\b|\bAuthenticationFailed\b|\bAuthentication failed for user \S+|\bNo supported authentication methods\b|\bAuthenticationException\b|\bunable to authenticate, attempted methods\b/i,
                /\bLoad key "?(?<path>[^":]{1,300})"?: /,
                /\bUNPROTECTED PRIVATE KEY FILE\b|\bPermissions \d+ for '(?<path>[^']{1,300})' are too open\b/,
                /\bIdentity file (?<path>\S{1,300}) not accessible\b|\berror in libcrypto\b|\binvalid privatekey\b|\bError loading key\b/i,
                /^@ERROR: auth failed on module\b|\bsign_and_send_pubkey: /,
                /\bagent refused operation\b|\bNo identities\b/,
            ],
            fix: 'The far host does not accept this key. Check that the key is loaded in this step, that its mode is 600, and that its public half is in authorized_keys of that user.',
            run: ['ssh-add -l', 'ls -l ~/.ssh'],
        },
        {
            id: 'ssh-algorithms',
            category: 'recoverable:configuration',
            lines: [
                /\bno matching (?:key exchange method|cipher|host key type|MAC) found\b/i,
                /\bBad configuration option\b|\bterminating, \d+ bad configuration options\b/,
                /\bprotocol version mismatch -- is your shell clean\?/,
                /^(?:rsync: )?(?:--?[\w-]{1,40}: unknown option|@ERROR: Unknown module)/,
                /\bYour shell .{0,40}clean\b|\bReceived message too long \d+/,
            ],
            fix: 'The two sides cannot agree, or the ssh or rsync configuration is wrong.',
            run: ['ssh -G {host}'],
        },
        {
            id: 'ssh-connect',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bssh: connect to host (?<host>\S{1,253}) port (?<port>\d{1,5}): (?:Connection (?:refused|timed out|reset by peer)|No route to host|Network is unreachable|Operation timed out)/,
                /\bssh: Could not resolve hostname (?<host>[^\s:]{1,253})/,
                /\bFailed to connect to the host via ssh: .{0,200}(?:timed out|refused|No route|reset|closed by)/,
                /\brsync: failed to connect to (?<host>[\w.-]{1,253})/,
                /\brsync error: error in socket IO \(code 10\)/,
                /\bNet::SSH::ConnectionTimeout\b|\bErrno::E(?:CONNREFUSED|HOSTUNREACH|TIMEDOUT|CONNRESET)\b/,
                /\bssh: handshake failed: (?:EOF|read tcp)/,
                /\b(?:kex_exchange_identification|ssh_exchange_identification|banner exchange)\b/i,
            ],
            fix: 'The far host could not be reached over ssh. If it goes on, check that it is up and that port 22 is open from here.',
            run: ['nc -vz -w 5 {host} {port}'],
        },
        {
            id: 'ssh-dropped',
            category: 'transient:network',
            lines: [
                /\bTimeout, server \S{1,253} not responding\b/,
                /\bclient_loop: send disconnect\b|\bpacket_write_wait\b|\bssh_dispatch_run_fatal\b/,
                /\bConnection to (?<host>\S{1,253}) (?:closed by remote host|timed out)\b/,
                /\bConnection reset by \S{1,253} port \d+|\bConnection timed out during banner exchange\b/,
                /\bmux_client_request_session\b.{0,80}(?:reset|Broken pipe)/,
                /\bShared connection to \S{1,253} closed\b.{0,10}$/,
            ],
            strength: 'symptom',
            fix: 'The ssh connection broke off. The far side may have gone on: look before you repeat a step that is not safe to repeat.',
        },
        {
            id: 'rsync-vanished',
            category: 'transient:conflict',
            lines: [/\bsome files vanished before they could be transferred \(code 24\)/],
            fix: 'Files changed while they were copied. Copy from a directory that nobody writes to, or accept code 24.',
        },
        {
            id: 'rsync-timeout',
            category: 'transient:timeout',
            lines: [
                /\brsync error: timeout (?:in data send\/receive|waiting for daemon connection) \(code 3[05]\)/,
                /\bio timeout after \d+ seconds -- exiting\b/,
            ],
            fix: 'The far side of rsync did not answer in time.',
        },
        {
            id: 'rsync-connections',
            category: 'transient:service',
            lines: [/^@ERROR: max connections \(-?\d+\) reached\b/],
            fix: 'The rsync daemon serves as many as it may. Wait.',
        },
        {
            id: 'scp-remote-write',
            category: 'recoverable:resource',
            lines: [
                /^scp: (?:write remote|.{0,200}dest open) .{0,200}: Failure$/,
                /\bremote fsetstat: (?:Failure|Bad message)/,
                /\bwrite remote "(?<path>[^"]{1,300})": Failure/,
            ],
            fix: 'The far host could not write the file; most often its disk is full.',
            run: ['ssh {host} df -h'],
        },
        {
            id: 'rsync-broken',
            category: 'transient:network',
            strength: 'symptom',
            lines: [
                /\brsync: (?:\[\w+\] )?connection unexpectedly closed\b/,
                /\brsync error: (?:error in rsync protocol data stream|unexplained error) \(code (?:12|255)\)/,
                /^(?:lost connection|Connection closed)\.?\s*$/,
                /\bConnection closed by (?:remote host|\S{1,253} port \d+|\S{1,253})\b/,
                /\brsync: .{0,80}(?:Broken pipe|Connection reset by peer) \(\d+\)/,
            ],
            fix: 'The connection to the far host broke off while files were copied. rsync can simply be repeated.',
        },
        {
            id: 'rsync-partial',
            category: 'recoverable:permission',
            strength: 'weak',
            lines: [/\brsync error: (?:some files\/attrs were not transferred|error in file IO) /],
            fix: 'Some files could not be copied; the lines above name them.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/stores.ts
/** Redis, SQLite, MongoDB, search and queues. */
const STORES = {
    tool: 'redis, sqlite, mongo and others',
    seen: /\b(?:redis\w*|sqlite\w*|mongo\w*|elastic\w*|opensearch|kafka|rabbitmq\w*|amqp|memcached?|valkey\w*|cassandra|cqlsh|etcd\w*|consul|minio|mc|vault|E11000|NOAUTH|LOADING|MISCONF|CLUSTERDOWN|constraint failed|database|flood|cockroach|dbmate|goose|migrate)\b/i,
    rules: [
        {
            id: 'redis-loading',
            category: 'transient:service',
            strength: 'decisive',
            lines: [
                /\bLOADING Redis is loading the dataset in memory\b|\bLOADING .{0,20}is loading\b/,
                /\b(?:CLUSTERDOWN|MASTERDOWN|TRYAGAIN)\b|\bBUSY Redis is busy running a script\b|\bmax number of clients reached\b/,
            ],
            fix: 'The server is up but cannot serve yet. Wait for PONG before the step.',
            run: ['redis-cli ping', 'redis-cli info persistence'],
        },
        {
            id: 'redis-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\bNOAUTH Authentication required\b|\bWRONGPASS\b|\bERR (?:invalid password|AUTH <password> called without|Client sent AUTH)/,
            ],
            fix: 'The server wants another password. Check REDISCLI_AUTH or the URL.',
        },
        {
            id: 'redis-permission',
            category: 'recoverable:permission',
            lines: [/\bNOPERM\b/, /\bDENIED Redis is running in protected mode\b/],
            fix: 'The user may not run this command, or the server only answers its own host.',
        },
        {
            id: 'redis-memory',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /\bOOM command not allowed when used memory\b/,
                /\bMISCONF\b.{0,200}\b(?:persist|snapshot|RDB)/,
            ],
            fix: 'The server reached maxmemory or cannot write to its disk.',
            run: ['redis-cli info memory', 'df -h'],
        },
        {
            id: 'redis-configuration',
            category: 'recoverable:configuration',
            lines: [
                /\bREADONLY You can't write against a read only\b/,
                /\bFATAL CONFIG FILE ERROR\b|\bBad directive or wrong number of arguments\b/,
                /\bMOVED \d+ \S+:\d+/,
            ],
            fix: 'The address leads to a replica, or the configuration is not valid.',
            run: ['redis-cli info replication'],
        },
        {
            id: 'redis-unreachable',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bCould not connect to (?:Redis|Valkey) at (?<host>[\w.-]{1,253}):(?<port>\d{1,5}): /,
                /\bError \d+ connecting to (?<host>[\w.-]{1,253}):(?<port>\d{1,5})\./,
            ],
            fix: 'The server cannot be reached. If it goes on, check that it runs and listens.',
            run: ['redis-cli -h {host} -p {port} ping'],
        },
        {
            id: 'store-corrupt',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\bdatabase disk image is malformed\b|\bfile is not a database\b|\bSQLITE_(?:CORRUPT|NOTADB)\b/,
                /\bBad file format reading the append only file\b|\bWrong signature trying to load DB\b|\bWiredTiger error\b.{0,120}\b(?:corrupt|checksum)/i,
            ],
            fix: 'The database file is damaged. Stop, keep a copy, and restore from a backup.',
            run: ['sqlite3 {path} "pragma integrity_check"'],
        },
        {
            id: 'sqlite-locked',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [/\bdatabase (?:table |schema )?is locked\b|\bSQLITE_(?:BUSY|LOCKED)\b/],
            fix: 'Another process writes to the database. A busy timeout usually helps.',
            run: ['fuser -v {path}'],
        },
        {
            id: 'sqlite-constraint',
            category: 'critical:migration',
            strength: 'decisive',
            lines: [
                /\b(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK|PRIMARY KEY) constraint failed\b|\bSQLITE_CONSTRAINT\b/,
                /\bE11000 duplicate key error\b|\bDocument failed validation\b/,
            ],
            fix: 'The data does not fit the constraint. Mend the data first; a repeat fails in the same way.',
        },
        {
            id: 'sqlite-open',
            category: 'recoverable:permission',
            lines: [
                /\bunable to open database(?: file)?(?: "(?<path>[^"]{1,300})")?/,
                /\battempt to write a readonly database\b|\bSQLITE_(?:READONLY|CANTOPEN|PERM)\b/,
            ],
            fix: 'The database file or its directory cannot be opened or written by this account.',
            run: ['ls -ld {path}', 'id'],
        },
        {
            id: 'sqlite-sql',
            category: 'recoverable:configuration',
            migrating: 'critical:migration',
            lines: [
                /\bno such (?:table|column|index|module): (?<name>\S{1,120})|\btable "?\S{1,120}"? already exists\b|\bduplicate column name: \S+|\bnear "[^"]{0,80}": syntax error\b|\bhas no column named\b|\bCannot add a (?:NOT NULL|UNIQUE|PRIMARY KEY) column\b/,
            ],
            fix: 'The statement does not fit the schema as it is. Compare which migrations the database has with those of this release.',
        },
        {
            id: 'mongo-service',
            category: 'transient:service',
            lines: [
                /\b(?:NotWritablePrimary|NotPrimary\w*|PrimarySteppedDown|NotMaster\w*|InterruptedDueToReplStateChange)\b|\bnot (?:primary|master)\b/,
                /\bNOT_LEADER_(?:FOR_PARTITION|OR_FOLLOWER)\b|\bLeader not available\b|\bCoordinator not available\b|\bno master\b|\bNoNodeAvailable\b|\bmaster_not_discovered\b|\bUnavailableException\b|\bOverloadedException\b/i,
            ],
            fix: 'The cluster is choosing another leader.',
        },
        {
            id: 'mongo-unreachable',
            category: 'transient:network',
            own: 'critical:health',
            lines: [
                /\bMongo(?:ServerSelection|Network(?:Timeout)?)Error\b|\bServerSelectionTimeoutError\b|\bServer selection (?:timed out|timeout)/i,
                /\bNoBrokersAvailable\b|\bAll configured authentication methods failed\b.{0,20}broker|\bBroker transport failure\b|\bNoHostAvailable\b/,
            ],
            fix: 'No server of the cluster could be reached. If it goes on, check addresses, network and the allow list.',
        },
        {
            id: 'mongo-conflict',
            category: 'transient:conflict',
            strength: 'decisive',
            lines: [
                /\bWriteConflict\b|\bTransientTransactionError\b|\bversion_conflict_engine_exception\b|\bOptimisticLock(?:ing)?(?:Exception|FailureException|Error)?\b|\bStaleObject(?:State)?(?:Exception|Error)\b|\bRETRY_(?:SERIALIZABLE|WRITE_TOO_OLD)\b/,
            ],
            fix: 'Two writers met.',
        },
        {
            id: 'store-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\bMongoServerError: (?:Authentication failed|bad auth)|\bbad auth : |\bACCESS_REFUSED\b|\bSaslAuthenticationException\b|\bsecurity_exception\b.{0,120}(?:authenticate|credentials)|\bInvalidAccessKeyId\b/i,
            ],
            fix: 'The server does not accept user or password.',
        },
        {
            id: 'store-permission',
            category: 'recoverable:permission',
            lines: [
                /\bnot authorized on \S+ to execute command\b|\bTOPIC_AUTHORIZATION_FAILED\b|\bsecurity_exception\b.{0,120}unauthorized/i,
            ],
            fix: 'The user may not do this on the server.',
        },
        {
            id: 'search-disk',
            category: 'recoverable:resource',
            strength: 'decisive',
            lines: [
                /\bflood[- ]stage\b|\bread-only-allow-delete\b|\bdisk usage exceeded\b|\bcircuit_breaking_exception\b|\bmaximum shards open\b/i,
            ],
            fix: 'The search cluster ran out of disk, shards or memory.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/terraform.ts
const TERRAFORM = {
    tool: 'terraform',
    seen: /\b(?:terraform|tofu|terragrunt|pulumi|cdk|hcl|tfstate)\b/i,
    rules: [
        {
            id: 'terraform-lock',
            category: 'transient:lock',
            strength: 'decisive',
            lines: [
                /\bError acquiring the state lock\b|\bError locking (?:state|destination state)\b|\bstate (?:is )?already locked\b|\bthe stack is currently locked by\b/i,
            ],
            fix: 'Another run holds the state. If none is left, a crash left the lock: force-unlock it with the id that is printed.',
            run: ['terraform force-unlock <lock id>'],
        },
        {
            id: 'terraform-state-lost',
            category: 'critical:data',
            strength: 'decisive',
            lines: [
                /\bFailed to (?:save|persist) state\b|\berrored\.tfstate\b|\bstate data in S3 does not have the expected content\b|\bError (?:saving|writing) state\b|\bunsupported checkable object kind\b/i,
                /\bstate snapshot .{0,60}(?:corrupt|invalid)|\bFailed to decode current backend config\b/,
            ],
            fix: 'Resources changed, but the state was not stored. Keep errored.tfstate and push it before anything runs again.',
            run: ['ls -l errored.tfstate', 'terraform state push errored.tfstate'],
        },
        {
            id: 'terraform-provisioner',
            category: 'critical:crash',
            strength: 'decisive',
            lines: [
                /\b(?:local|remote)-exec provisioner error\b/,
                /^Error running command '/,
                /\bfile provisioner error\b/,
                /\bError: Plugin did not respond\b|\bThe plugin encountered an error, and failed to respond\b|\bPlugin crashed\b/i,
            ],
            fix: 'The apply stopped half-way and the resource is tainted: the next apply replaces it. Mend the command, and look at the plan before you apply.',
            run: ['terraform plan', 'terraform state list'],
        },
        {
            id: 'terraform-wait',
            category: 'critical:health',
            strength: 'decisive',
            lines: [
                /\btimeout while waiting for (?:state|resource) to (?:become|be|be gone)\b/,
                /\bwaiting for .{1,120}: (?:timeout|unexpected state|couldn't find resource \(\d+ retries\))/,
                /\bunexpected state '[\w-]{1,60}', wanted target\b/,
            ],
            fix: 'The provider waited for a resource that did not become ready. Look at the resource itself.',
            run: ['terraform show'],
        },
        {
            id: 'terraform-provider-missing',
            category: 'recoverable:dependency',
            lines: [
                /\bno available releases match the given constraints\b|\bdoes not have a provider named\b|\bUnresolvable provider\b|\bno available versions\b/i,
                /\bModule not (?:found|installed)\b|\bMissing required provider\b|\bRequired plugins are not installed\b|\bFailed to (?:download|read) module\b/i,
                /\bUnsupported Terraform Core version\b|\bThis configuration does not support Terraform version\b/,
                /\bdoesn't match any of the checksums (?:previously recorded|recorded in the dependency lock file)\b/,
            ],
            fix: 'A provider or module is not there in the wanted version. Run init, and check the version constraints.',
            run: ['terraform init', 'terraform providers'],
        },
        {
            id: 'terraform-registry',
            category: 'transient:network',
            lines: [
                /\b(?:could not|failed to) (?:connect to|query|retrieve|request|install)\b.{0,300}\b(?:timed? ?out|Client\.Timeout|connection (?:refused|reset)|no such host|EOF|50[234]|deadline exceeded)\b/i,
                /\bthe request failed after \d+ attempts\b/,
            ],
            fix: 'A registry or an API could not be reached.',
        },
        {
            id: 'terraform-credentials',
            category: 'recoverable:credentials',
            lines: [
                /\bNo valid credential sources?(?: found)?\b|\bfailed to refresh cached credentials\b|\bcould not find default credentials\b|\bunable to build authorizer\b|\bunable to list provider registration status\b|\bRequired token could not be found\b|\berror (?:configuring|validating) provider credentials\b|\bremote state endpoint requires auth\b|\bHTTP remote state .{0,40}(?:auth|forbidden)|\bRequired token could not be found\b/i,
            ],
            fix: 'The provider finds no valid credentials. Check the variables of this step and how the role is assumed.',
            run: ['aws sts get-caller-identity'],
        },
        {
            id: 'terraform-stale',
            category: 'recoverable:configuration',
            lines: [
                /\bSaved plan is stale\b|\bInstance cannot be destroyed\b|\bBackend (?:initialization required|configuration changed)\b|\bBackend configuration block has changed\b|\bInconsistent dependency lock file\b|\bplease run "terraform init"/i,
                /\bstate snapshot was created by Terraform v\b|\bProvider configuration not present\b|\bResource already managed by Terraform\b|\bCannot import non-existent remote object\b|\bA resource with the ID .{1,300} already exists\b/i,
            ],
            fix: 'Plan, backend and state do not fit together any more. Init and plan anew, read the plan, then apply.',
            run: ['terraform init', 'terraform plan'],
        },
        {
            id: 'terraform-configuration',
            category: 'recoverable:configuration',
            lines: [
                /\bError: (?:Unsupported (?:argument|attribute|block type)|Missing (?:required argument|newline|item|attribute)|Invalid |No value for (?:required )?variable|Reference to undeclared|Argument or block definition required|Unclosed|Duplicate |Cycle:|Incorrect (?:attribute|condition)|Inconsistent conditional|Call to unknown function|Error in function call|Too many command line arguments|Failed to parse|Unsuitable value type|Value for undeclared variable|Variables not allowed|Extraneous label|Conflicting configuration|expected )/i,
                /\bError: Terraform encountered problems during initiali[sz]ation\b|\bResource (?:pre|post)condition failed\b/,
                /\bNo configuration files\b|\bVariable (?:not|is not) (?:set|declared)\b/i,
            ],
            fix: 'The configuration is not valid; nothing was changed. Check it and the variables of this step.',
            run: ['terraform validate'],
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/tests.ts
const SUITE = 'A test failed. The tests are right until shown otherwise: read the first failing one, and run it alone.';
/** Test runners: their own summary outweighs the words in test names and test data. */
const TESTS = {
    tool: 'test runners',
    rules: [
        {
            id: 'test-jest',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [
                /^Tests?:\s{1,20}(?:\d+ \w+, )?[1-9]\d* failed\b/,
                /^Test Suites:\s{1,20}[1-9]\d* failed\b/,
                /^\s*Test Files\s{1,10}[1-9]\d* failed\b/,
                /^\s*Tests\s{1,10}[1-9]\d* failed\b/,
            ],
            fix: SUITE,
        },
        {
            id: 'test-mocha',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [/^\s*[1-9]\d* failing\b/, /^\s*✖ [1-9]\d* failing/, /^\s*[1-9]\d* failed$/],
            fix: SUITE,
        },
        {
            id: 'test-tap',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [
                /^\s*not ok \d+\b(?!.{0,200}# (?:TODO|SKIP))/,
                /^# (?:fail|failed) {1,10}[1-9]/,
                /^ℹ fail [1-9]/,
                /^# failed \d+ of \d+ tests/,
                /^\s*✗ (?!.{0,40}\b(?:build|error|failed)\b)\S.{0,200}/i,
            ],
            fix: SUITE,
        },
        {
            id: 'test-pytest',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [
                /^=+ (?:.{0,80}\b)?[1-9]\d* (?:failed|errors?)\b.{0,80} in [\d.:]+s?/,
                /^[1-9]\d* failed(?:, \d+ \w+){0,5} in [\d.]+s/,
                /^FAILED \S{1,200}::/,
                /^FAILED \((?:failures|errors)=\d+/,
            ],
            fix: SUITE,
        },
        {
            id: 'test-go',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [/^\s*--- FAIL: /, /^panic: test timed out after/, /^FAIL\s\S{1,200}\s[\d.]+s$/],
            fix: SUITE,
        },
        {
            id: 'test-rust',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [/^test result: FAILED/, /^error: test failed, to rerun pass/],
            fix: SUITE,
        },
        {
            id: 'test-junit',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [
                /Tests run: \d+, (?:Failures: [1-9]|Failures: 0, Errors: [1-9])/,
                /There (?:are|were) (?:test failures|failing tests)/,
                /^\d+ tests completed, [1-9]\d* failed/,
                /^Failed!\s+- Failed:\s+[1-9]/,
            ],
            fix: SUITE,
        },
        {
            id: 'test-php-ruby',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [
                /^FAILURES!$/,
                /^Tests: \d+, Assertions: \d+, .{0,60}(?:Failures|Errors): [1-9]/,
                /^\d+ examples?, [1-9]\d* failures?/,
                /^\d+ (?:runs|tests), \d+ assertions, (?:[1-9]\d* failures|0 failures, [1-9]\d* errors)/,
            ],
            fix: SUITE,
        },
        {
            id: 'test-load',
            category: 'critical:verification',
            strength: 'decisive',
            lines: [
                /thresholds on metrics .{1,200} (?:crossed|breached)/,
                /^\s*[│|]?\s*assertions\s.{0,40}\s[1-9]\d*\s*[│|]?$/,
            ],
            fix: 'The measured values miss the limits of the test. Compare with the figures of the last good release.',
        },
        {
            id: 'test-smoke',
            category: 'critical:verification',
            lines: [
                /\b(?:smoke|acceptance|sanity|end-to-end|e2e|integration)[ -](?:tests?|checks?)\b.{0,40}\b(?:failed|failure|not ok)\b/i,
                /\b(?:verification|assertion) failed\b/i,
                /\bAssertionError\b/,
                /\bversion mismatch\b.{0,80}\b(?:expected|running|deployed|live)\b/i,
                /\b(?:still (?:serving|running|on)|serves) (?:the )?(?:old|previous|wrong) (?:version|release|build)/i,
            ],
            fix: 'A check of the result says no. Look at what it compared before anything is repeated.',
        },
        {
            id: 'test-expectation',
            category: 'critical:verification',
            strength: 'weak',
            lines: [
                /\b(?:running|deployed|live|got|found|is)\b:? .{1,80}\b(?:expected|wanted|want)\b/i,
                /\bFAILED! => \{.{0,400}"assertion":|^"assertion": /,
                /\b(?:expected|wanted|want)\b.{1,80}\b(?:got|was|received|found|actual)\b/i,
                /\b(?:check|checks|verification|validation) (?:has |have )?failed\b/i,
            ],
            fix: 'A comparison in the step came out wrong. Look at what was expected and what was found.',
        },
        {
            id: 'test-lint',
            category: 'critical:verification',
            lines: [
                /^✖ [1-9]\d* problems? \(/,
                /\[ERROR\] Found [1-9]\d* errors?$/,
                /^[1-9]\d* vulnerabilities\b/,
                /^found [1-9]\d* vulnerabilities/,
                /^Total: \d+ \(.{0,80}(?:HIGH|CRITICAL): [1-9]/,
            ],
            fix: 'A linter or scanner found something. Mend what it lists; a repeat changes nothing.',
        },
    ],
};

;// CONCATENATED MODULE: ./src/failure/rules/tables.ts























/**
 * All shipped rules, in the order in which they are tried on a line: what knows the tool before what
 * only knows the words.
 */
const TABLES = [
    TESTS,
    MIGRATIONS,
    KUBERNETES,
    TERRAFORM,
    GIT,
    SSH,
    DOCKER,
    POSTGRES,
    MYSQL,
    STORES,
    PACKAGES,
    NODE,
    PYTHON,
    LANGUAGES,
    BUILDS,
    CLOUD,
    SERVICES,
    HTTP,
    NETWORK,
    MEMORY,
    SHELL,
    FILES,
    SETTINGS,
];

;// CONCATENATED MODULE: ./src/failure/signals.ts

/** Signals that a shell reports as 128+n when a command died of them. Others are codes of programs. */
const REPORTED = [
    'HUP',
    'INT',
    'QUIT',
    'ILL',
    'ABRT',
    'BUS',
    'FPE',
    'KILL',
    'SEGV',
    'TERM',
];
const CRASHES = new Set([
    'SIGILL',
    'SIGTRAP',
    'SIGABRT',
    'SIGBUS',
    'SIGFPE',
    'SIGSEGV',
    'SIGSYS',
]);
/** The signal that ended the command, if one did; `shellReports`: its exit code is that of a shell. */
function signalOf(exit, shellReports) {
    if (exit.kind === 'signalled')
        return exit.signal;
    if (!shellReports)
        return undefined;
    const name = REPORTED.find((short) => exit.code === 128 + (record/* SIGNAL_NUMBERS */.CO[`SIG${short}`] ?? 0));
    return name === undefined ? undefined : `SIG${name}`;
}
/** What a death by this signal is, when memory is not to blame. */
function toSignalCategory(signal) {
    return CRASHES.has(signal) ? 'critical:crash' : 'fatal:signal';
}

;// CONCATENATED MODULE: ./src/failure/classify.ts












const MAX_EVIDENCE_CHARS = 500;
/** With less than this left, a write that failed has its explanation. */
const NEARLY_FULL_BYTES = 1024 * 1024;
const WRITE_FAILED = /\b(?:write|writing|written|save|saving|create|creating|extract|copy|flush|store|append)\w{0,4}\b.{0,80}\b(?:fail\w{0,4}|error|cannot|could not|unable)|\b(?:fail\w{0,4}|error|cannot|could not|unable)\b.{0,80}\b(?:write|writing|save|create|extract|copy|flush|store|append)/iu;
/**
 * What kind of failure this is. The order of judgement: our own timeout or cancel, what the step
 * declared, the plan's rules, death by a signal, the shipped rules, and in doubt `unknown:exit`.
 */
function classify(evidence, own) {
    const lines = toLines(evidence.tail);
    const around = toSurroundings(evidence.command);
    const declared = parseDeclared(evidence.declared);
    const notes = [...declared.notes];
    const ruling = ruleOnOurOwnDoing(evidence) ??
        ruleOnDeclared(declared) ??
        ruleOnPlan(evidence, own, lines, notes) ??
        ruleOnSignal(evidence, lines, around) ??
        ruleOnShippedRules(evidence, lines, around) ?? { category: 'unknown:exit', rule: 'none' };
    const waitMs = ruling.retryAfterMs ??
        declared.retryAfterMs ??
        ((0,failure_category/* familyOf */.Ap)(ruling.category) === 'transient' ? parseRetryAfter(lines) : undefined);
    return {
        category: ruling.category,
        rule: ruling.rule,
        ...(ruling.line === undefined ? {} : { evidence: ruling.line.slice(0, MAX_EVIDENCE_CHARS) }),
        ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
        ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
        advice: toAdvice(ruling.category, {
            facts: ruling.facts ?? {},
            line: ruling.line ?? '',
            ...(ruling.fix === undefined ? {} : { fix: ruling.fix }),
            ...(ruling.run === undefined ? {} : { run: ruling.run }),
        }),
    };
}
function ruleOnOurOwnDoing(evidence) {
    if (evidence.endedBy === 'timeout')
        return { category: 'critical:timeout', rule: 'timeout' };
    if (evidence.endedBy === 'cancel')
        return { category: 'fatal:signal', rule: 'cancelled' };
    return undefined;
}
function ruleOnDeclared(declared) {
    if (declared.category === undefined)
        return undefined;
    return {
        category: declared.category,
        rule: 'declared',
        ...(declared.retryAfterMs === undefined ? {} : { retryAfterMs: declared.retryAfterMs }),
    };
}
function ruleOnPlan(evidence, own, lines, notes) {
    const decided = decideByOwnRules(own, evidence.exit, lines.map((line) => line.text));
    notes.push(...decided.notes);
    if (decided.verdict === undefined)
        return undefined;
    const { position, rule, line } = decided.verdict;
    return { category: rule.as, rule: `plan:${position}`, ...(line === undefined ? {} : { line }) };
}
/**
 * A death by signal is what it is, whatever was printed, with one exception: memory. The kernel's
 * counter proves it; a process that said so itself and then aborted (V8 does) is believed too.
 */
function ruleOnSignal(evidence, lines, around) {
    const signal = signalOf(evidence.exit, evidence.shellReports ?? true);
    if (signal === undefined)
        return undefined;
    if (signal === 'SIGKILL' && (evidence.measured.oomKills ?? 0) > 0) {
        return {
            category: 'recoverable:resource',
            rule: 'oom-killed',
            fix: 'The kernel killed the process because memory ran out: its counter rose while the step ran.',
            run: ['free -h', 'dmesg -T | grep -i -E "killed process|out of memory" | tail'],
        };
    }
    const memory = decideCause(lines, TABLES, around);
    if (memory?.category === 'recoverable:resource' && memory.rule.id.startsWith('memory-')) {
        return toRuling(memory);
    }
    return { category: toSignalCategory(signal), rule: 'signal' };
}
function ruleOnShippedRules(evidence, lines, around) {
    const finding = decideCause(lines, TABLES, around);
    const full = ruleOnFullDisk(evidence, lines);
    const isWord = finding === undefined ||
        finding.rule.strength === 'weak' ||
        finding.rule.strength === 'symptom';
    if (full !== undefined && isWord)
        return full;
    const byCode = decideByExitCode((0,record/* toExitCode */.t4)(evidence.exit), lines, around);
    if (finding !== undefined && !outweighs(byCode?.rule, finding))
        return toRuling(finding);
    if (byCode === undefined)
        return undefined;
    return { category: byCode.category, rule: byCode.rule.id, fix: byCode.rule.fix };
}
/** An exit code that means one thing for this command outweighs a mere word, or what was before. */
function outweighs(rule, finding) {
    if (rule === undefined)
        return false;
    if (finding.rule.strength === 'weak' && rule.seen !== undefined)
        return true;
    return rule.outweighsTransient === true && (0,failure_category/* familyOf */.Ap)(finding.category) === 'transient';
}
/** A write that failed while the disk had next to nothing left. */
function ruleOnFullDisk(evidence, lines) {
    const free = evidence.measured.diskFreeBytes;
    if (free === undefined || free >= NEARLY_FULL_BYTES)
        return undefined;
    const line = lines.findLast((candidate) => WRITE_FAILED.test(candidate.text));
    if (line === undefined)
        return undefined;
    return {
        category: 'recoverable:resource',
        rule: 'disk-full-measured',
        line: line.text,
        fix: 'The disk had next to nothing left when the step failed to write.',
        run: ['df -h', 'df -i', 'docker system df'],
    };
}
function toRuling(finding) {
    const { rule, category, line, facts } = finding;
    return {
        category,
        rule: rule.id,
        line,
        facts,
        fix: rule.fix,
        ...(rule.run === undefined ? {} : { run: rule.run }),
    };
}

;// CONCATENATED MODULE: ./src/failure/excerpt.ts
const MAX_LINE_LENGTH = 240;
/** The lines around `line` (from 1); undefined when the text has no such line: the file has changed. */
function toExcerpt(text, line, context = 3) {
    if (!Number.isInteger(line) || line < 1) {
        return undefined;
    }
    const first = Math.max(1, line - context);
    const lines = [];
    let start = 0;
    for (let number = 1; number <= line + context; number += 1) {
        const end = text.indexOf('\n', start);
        const last = end === -1;
        if (last && start === text.length) {
            break;
        }
        if (number >= first) {
            lines.push(shorten(text.slice(start, last ? text.length : end)));
        }
        if (last) {
            break;
        }
        start = end + 1;
    }
    return lines.length > line - first ? { first, lines, failing: line } : undefined;
}
/** Cuts a long line without splitting a character. */
function shorten(raw) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.length <= MAX_LINE_LENGTH) {
        return line;
    }
    const cut = line.slice(0, MAX_LINE_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '');
    return `${cut}…`;
}

;// CONCATENATED MODULE: ./src/failure/locate/chain.ts
/** Seconds between the end of a script and the failure of the tool (make, npm) that had started it. */
const MAX_GAP_SECONDS = 3;
/** Commands that start nothing: no script failed inside them. */
const STARTS_NOTHING = /^(?:exit|return|false|true|:|test|\[\[?|\(\(|cd|echo|printf|read|shift|local|export|declare|let|wait|kill|unset|set)(?:\s|$)/;
/** Commands that run scripts which their own line does not name. */
const RUNS_OTHERS = /^(?:\S*\/)?(?:make|gmake|ninja|npm|npx|yarn|pnpm|just|task|rake|gradlew?|mvnw?|tox|invoke|fab|xargs|parallel|find|run-parts|sudo|env|timeout|nice|nohup|setsid|flock|chroot|su|ssh|docker|git|ansible-playbook|terraform|pre-commit|python[\d.]*|node|ruby|perl|php|bash|sh|exec|command)(?:\s|$)|^[({]/;
/** Of those, the ones that end with a code of their own when what they ran failed. */
const CHANGES_STATUS = /^(?:\S*\/)?(?:make|gmake|ninja|npm|npx|yarn|pnpm|just|task|rake|gradlew?|mvnw?|tox|invoke|fab|xargs|parallel|find|run-parts|docker|git|ansible-playbook|terraform|pre-commit|python[\d.]*|node|ruby|perl|php)(?:\s|$)/;
/**
 * Which records led to the exit code that came out, innermost first: the shell of the step, then the
 * subshell, function or script whose failure made it fail, and so on. A failure that a script
 * tolerated earlier is not part of it.
 */
function decideChain(request) {
    const outermost = findOutermost(request);
    if (outermost === undefined) {
        return [];
    }
    const chain = [outermost];
    for (let current = outermost;;) {
        const inner = findCause(request, current);
        if (inner === undefined) {
            return chain.reverse();
        }
        chain.push(inner);
        current = inner;
    }
}
/** The step's own shell; where that is not a bash, or left no record, the last script that failed alike. */
function findOutermost({ records, scriptPath, exitCode }) {
    const final = (candidates) => {
        const last = candidates.at(-1);
        return last === undefined ? undefined : preferErr(records, last);
    };
    const own = records.filter(({ script, subshell }) => script === scriptPath && subshell === 0);
    const matching = (list) => list.filter(({ status }) => status === exitCode);
    if (own.length > 0) {
        return own.at(-1)?.status === exitCode ? final(own) : undefined;
    }
    return final(matching(records.filter(({ subshell }) => subshell === 0)));
}
/** Of a failure that both traps saw, the record of the ERR trap: it knows the line. */
function preferErr(records, record) {
    if (record.kind === 'err') {
        return record;
    }
    const before = records
        .slice(0, records.indexOf(record))
        .filter(({ shellPid, subshell }) => shellPid === record.shellPid && subshell === 0)
        .at(-1);
    const sameCommand = before !== undefined &&
        (before.command === record.command || /^(?:\.|source)\s/.test(record.command));
    const same = before?.kind === 'err' &&
        sameCommand &&
        before.status === record.status &&
        depthOf(before) === depthOf(record);
    return same ? before : record;
}
function findCause(request, effect) {
    const { records } = request;
    const earlier = records.slice(0, records.indexOf(effect));
    const statement = request.statementOf(effect) ?? effect.command;
    return (earlier.findLast((record) => isInner(record, effect, statement)) ??
        findChildScript(earlier, effect, statement));
}
/** Functions and sourced files around the command. FUNCNAME would not count files outside functions. */
function depthOf(record) {
    return Math.max(record.sources.length - 1, 0);
}
/** Whether a statement can have led to a subshell of it, or to a function or sourced file by that name. */
function canHaveStarted(statement, name) {
    if (name === undefined) {
        return /[(`|&]/.test(statement) || sources(statement);
    }
    if (name === 'source') {
        return sources(statement);
    }
    const words = statement.split(/[\s;&|(){}`"'!<>=]+/);
    return words.some((word) => word === name || word.startsWith('$'));
}
function sources(statement) {
    return /(?:^|[\s;&|(])(?:\.|source)\s/.test(statement);
}
/** The failing subshell or function of the same bash that made `effect` fail. */
function isInner(record, effect, statement) {
    const deeper = record.subshell > effect.subshell ||
        (record.subshell === effect.subshell && depthOf(record) > depthOf(effect));
    if (record.kind !== 'err' ||
        effect.kind !== 'err' ||
        record.shellPid !== effect.shellPid ||
        record.status !== effect.status ||
        !deeper ||
        depthOf(record) < depthOf(effect)) {
        return false;
    }
    const levels = depthOf(record) - depthOf(effect);
    const possible = canHaveStarted(statement, levels === 0 ? undefined : record.functions[levels - 1]);
    const line = levels === 0 ? record.lastLine : (record.lines[levels - 1] ?? 0);
    const tolerance = effect.command.split(/[\n;]/).length + 3;
    return possible && Math.abs(line - effect.lastLine) <= tolerance;
}
function findChildScript(earlier, effect, statement) {
    const direct = earlier.findLast((record) => record.subshell === 0 &&
        record.parentPid === effect.processPid &&
        record.status === effect.status &&
        mentions(statement, record));
    const found = direct ?? findGrandchild(earlier, effect, statement);
    return found === undefined ? undefined : preferErr(earlier, found);
}
/** The script that failed last before `effect`, when a tool in between may have run it: its parent is not a known shell. */
function findGrandchild(earlier, effect, statement) {
    const child = earlier.findLast((record) => record.shellPid !== effect.shellPid && record.subshell === 0);
    if (child === undefined) {
        return undefined;
    }
    const startedByUs = [...earlier, effect].some((record) => record.shellPid === effect.shellPid && record.processPid === child.parentPid);
    const near = child.atSeconds === undefined ||
        effect.atSeconds === undefined ||
        effect.atSeconds - child.atSeconds <= MAX_GAP_SECONDS;
    const statusFits = child.status === effect.status || CHANGES_STATUS.test(effect.command);
    const runsIt = RUNS_OTHERS.test(effect.command) || statement.includes(nameOf(child));
    return !startedByUs && near && statusFits && runsIt ? child : undefined;
}
/** Whether the statement can have started the script: it names it, or by a variable may do so. */
function mentions(statement, record) {
    return (statement.includes(nameOf(record)) ||
        (/[$`*?]/.test(statement) && !STARTS_NOTHING.test(statement.trim())));
}
function nameOf({ script }) {
    return script.slice(script.lastIndexOf('/') + 1);
}

;// CONCATENATED MODULE: ./src/failure/locate/evidence.ts

/** A line of the step's own script, as a line of the plan file where the plan gives it. */
function toScriptPlace(script, scriptLine) {
    const { source } = script;
    const own = scriptLine === undefined ? {} : { scriptLine };
    if (source === undefined) {
        return { file: undefined, line: undefined, inRepository: false, ...own };
    }
    const offset = source.linear && scriptLine !== undefined ? scriptLine - 1 : 0;
    return {
        file: source.file,
        line: source.line + offset,
        inRepository: !(0,posix_.isAbsolute)(source.file),
        ...own,
    };
}
/** Where the files that output or `record` names are looked for. */
function toPlaces(evidence, record) {
    const start = evidence.workingDirectory ?? evidence.workspace;
    const own = record === undefined ? [] : [record.directory, record.startDirectory];
    return {
        repositoryRoot: evidence.repositoryRoot,
        directories: [...own.filter(posix_.isAbsolute), start, evidence.workspace],
        ...(evidence.exists === undefined ? {} : { exists: evidence.exists }),
    };
}

;// CONCATENATED MODULE: ./src/failure/locate/paths.ts

/** Code that is not the repository's own, wherever it lies. */
const FOREIGN = /(?:^|\/)(?:node_modules|bower_components|site-packages|dist-packages|vendor|\.?venv|virtualenv|\.tox|\.nox|\.eggs|target\/(?:debug|release)|\.cargo|\.rustup|pkg\/mod|\.git|\.bundle|\.gradle|\.m2|\.yarn|\.pnpm-store)\//;
/** Directories below which the sources of a JVM package lie. */
const SOURCE_ROOTS = [
    'src/main/java',
    'src/main/kotlin',
    'src/main/scala',
    'src/test/java',
    'src/test/kotlin',
    'app/src/main/java',
    'app/src/main/kotlin',
    'src',
];
/** A path in a container shares at most its last components with the repository. */
const MIN_SHARED_COMPONENTS = 2;
/** Finds what output calls `name`; undefined when it is no file name or the repository has no such file. */
function findFile(name, places) {
    const path = toPath(name);
    if (path === undefined) {
        return undefined;
    }
    if ((0,posix_.isAbsolute)(path)) {
        return findByEnd(path, places) ?? toFound((0,posix_.normalize)(path), places);
    }
    const candidates = [...places.directories, places.repositoryRoot].map((directory) => (0,posix_.normalize)((0,posix_.join)(directory, path)));
    const found = candidates.find((candidate) => places.exists?.(candidate) ?? true);
    return found === undefined ? undefined : toFound(found, places);
}
/** Finds the source file of a JVM stack frame, which names only class and file. */
function findClassFile(className, file, places) {
    const { exists } = places;
    if (exists === undefined) {
        return undefined;
    }
    const folder = className.split('.').slice(0, -1).join('/');
    return [...places.directories, places.repositoryRoot]
        .flatMap((directory) => ['', ...SOURCE_ROOTS].map((root) => (0,posix_.join)(directory, root, folder, file)))
        .filter((candidate) => exists(candidate))
        .map((candidate) => toFound(candidate, places))[0];
}
function toPath(name) {
    const path = name.startsWith('file://') ? decode(name.slice('file://'.length)) : name;
    const odd = path === '' ||
        path.length > 1000 ||
        /^[<[(]|[\0\n]|^(?:node|internal|webpack|https?):/.test(path);
    return odd ? undefined : path;
}
function decode(path) {
    try {
        return decodeURIComponent(path);
    }
    catch {
        return path;
    }
}
function toFound(absolute, places) {
    const inside = (0,posix_.relative)(places.repositoryRoot, absolute);
    const isInside = inside !== '' && !inside.startsWith('../') && inside !== '..' && !(0,posix_.isAbsolute)(inside);
    const exists = places.exists?.(absolute) ?? true;
    if (isInside && exists && !FOREIGN.test(`/${inside}`)) {
        return { absolute, file: inside, inRepository: true };
    }
    return { absolute, file: absolute, inRepository: false };
}
/** `/app/shop/models.py` in a container is `shop/models.py` of the repository that was copied there. */
function findByEnd(path, places) {
    const { exists } = places;
    const parts = path.split('/').filter((part) => part !== '');
    if (exists === undefined || exists(path) || FOREIGN.test(path) || parts.includes('..')) {
        return undefined;
    }
    for (let skip = 1; parts.length - skip >= MIN_SHARED_COMPONENTS; skip += 1) {
        const candidate = (0,posix_.join)(places.repositoryRoot, ...parts.slice(skip));
        if (exists(candidate)) {
            return toFound(candidate, places);
        }
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/failure/locate/origins.ts
/** How a location became known. */
const ORIGINS = (/* unused pure expression or super */ null && ([
    'trap',
    'bash-message',
    'sh-message',
    'python',
    'node',
    'ruby',
    'perl',
    'php',
    'java',
    'go',
    'rust',
    'compiler',
    'make',
    'docker',
    'terraform',
    'nginx',
    'sql',
    'ansible',
    'config',
]));
const FILE = String.raw `(?<file>(?:file://)?[^\s:()"'\x60<>|]+`;
function rule(origin, pattern, innermost, gap = 2, weak = false) {
    return { origin, pattern, innermost, gap, weak };
}
/** A new trace of the same tool starts here, whatever the gap: chained exceptions, causes. */
const NEW_TRACE = /^[\s|+-]*(?:Traceback \(most recent call last\):|Exception in thread |Caused by: |goroutine \d+ \[|PHP Fatal error: |Fatal error: )/;
/** Tried in order on each line of output; the first that fits takes it. */
const FRAME_RULES = [
    rule('python', /^[\s|]*File "(?<file>[^"]{1,1000})", line (?<line>\d+)(?:, in (?<function>\S+))?/, 'last', 12),
    rule('python', /^(?<file>[^\s:]+\.py):(?<line>\d+): (?:in \w+|[A-Z]\w*(?:Error|Exception|Exit|Failed))\b/, 'last', 30),
    rule('java', /^\s*at (?:[\w.$-]+\/)*(?<class>[\w.$]+)\.(?<function>[\w$<>]+)\((?<file>\w+\.(?:java|kt|scala|groovy)):(?<line>\d+)\)/, 'first', 1),
    rule('node', /^\s*at (?:async )?(?:(?<function>[^()]{1,200}) \()?(?<file>(?:file:\/\/)?[^\s():][^():]*):(?<line>\d+):(?<column>\d+)\)?$/, 'first', 8),
    rule('node', /^(?<file>(?:file:\/\/)?\/[^\s:]+\.[cm]?[jt]sx?):(?<line>\d+)$/, 'first', 8),
    rule('ruby', /^\s*(?:\d+: )?(?:from )?(?<file>[^\s:]+):(?<line>\d+):in [`'](?<function>[^'`]{1,200})'/, 'first', 1),
    rule('ruby', /^(?:ruby: )?(?<file>[^\s:]+\.(?:rb|ru|rake|gemspec)):(?<line>\d+): (?:syntax error|.*unexpected)/, 'first', 3),
    rule('ruby', /^(?<file>[^\s:]+\.(?:rb|ru|rake|gemspec)):(?<line>\d+):/, 'first', 3),
    rule('perl', /\bat (?<file>[^\s"]+) line (?<line>\d+)(?:[.,]|$)/, 'first', 2),
    rule('php', /^(?:PHP )?(?:Fatal|Parse) error: .* in (?<file>\S+?)(?::| on line )(?<line>\d+)$/, 'first', 1),
    rule('php', /^#\d+ (?<file>\/[^\s()]+)\((?<line>\d+)\): /, 'first', 2),
    rule('php', /^\s+thrown in (?<file>\S+) on line (?<line>\d+)$/, 'first', 6),
    rule('go', /^\t(?<file>\/[^\s:]+\.go):(?<line>\d+)(?: \+0x[0-9a-f]+)?$/, 'first', 2),
    rule('go', new RegExp(String.raw `^\s*(?:vet: )?${FILE}\.go):(?<line>\d+)(?::(?<column>\d+))?: `), 'first', 4),
    rule('rust', /panicked at (?:'.{0,500}', )?(?<file>[^\s:']+\.rs):(?<line>\d+):(?<column>\d+)/, 'first', 1),
    rule('rust', /^\s*--> (?<file>[^\s:]+\.rs):(?<line>\d+):(?<column>\d+)$/, 'first', 40),
    rule('compiler', new RegExp(String.raw `^${FILE}):(?<line>\d+):(?:(?<column>\d+):)? (?:fatal )?error\b`), 'first', 40),
    rule('compiler', new RegExp(String.raw `^(?:e: )?${FILE}):(?<line>\d+):(?<column>\d+):? (?:- error TS\d+|error)\b`), 'first', 40),
    rule('compiler', /^e: (?:file:\/\/)?(?<file>\/[^\s:]+):(?<line>\d+):(?<column>\d+) /, 'first', 40),
    rule('compiler', /^\s*(?<file>[^\s():]+)\((?<line>\d+),(?<column>\d+)\): (?:fatal )?error\b/, 'first', 40),
    rule('compiler', /^(?:.*\/)?ld: .*?(?<![^\s:()])(?<file>[^\s:()]+\.(?:c|cc|cpp|cxx)):(?<line>\d+): undefined reference/, 'first', 10),
    rule('sql', /^psql:(?<file>[^\s:]+):(?<line>\d+): (?:ERROR|FATAL)/, 'last', 3),
    rule('terraform', /^[\s│╷|]*on (?<file>\S+\.tf(?:vars)?(?:\.json)?) line (?<line>\d+)/, 'first', 30),
    rule('nginx', /\[emerg\] .* in (?<file>\/[^\s:]+):(?<line>\d+)$/, 'last', 1),
    rule('ansible', /^The (?:error|offending line) appears to (?:be|have been) in '(?<file>[^']+)': line (?<line>\d+), column (?<column>\d+)/, 'last', 2),
    rule('ansible', /^Origin: (?<file>\/[^\s:]+):(?<line>\d+):(?<column>\d+)$/, 'last', 2),
    rule('config', /\bin "(?<file>[^"<>]{1,500}\.(?:ya?ml|json|toml))", line (?<line>\d+), column (?<column>\d+)/, 'last', 4),
    rule('config', /(?<![^\s:'"])(?<file>[^\s:'"]+\.(?:ya?ml|json|toml)): (?:yaml|toml|json): (?:.{0,80}\b)?line (?<line>\d+)/, 'last', 2),
    rule('config', /(?<![^\s:'"(])(?<file>[^\s:'"(]+\.(?:ya?ml|json|toml|conf|cfg|ini)):(?<line>\d+)(?::(?<column>\d+))?: ?(?:.{0,60}\b)?(?:error|invalid|unexpected|could not|expected)/i, 'last', 2),
    rule('make', /^(?:make|gmake)(?:\[\d+\])?: \*\*\* \[(?<file>[^\s:\]]+):(?<line>\d+): (?<function>[^\]]{1,200})\] (?:Error|Terminated|Killed)/, 'first', 3, true),
    rule('make', /^(?<file>[^\s:]*[Mm]akefile[^\s:]*|[^\s:]+\.mk):(?<line>\d+): \*\*\* /, 'last', 3),
    rule('docker', /^(?<file>[^\s:]*(?:Dockerfile|Containerfile)[^\s:]*):(?<line>\d+)$/, 'last', 3, true),
];

;// CONCATENATED MODULE: ./src/failure/locate/frames.ts


/** Bytes of a line that are looked at: no tool names a place further right. */
const MAX_LINE = 2000;
/** Lines of the tail that are looked at. */
const frames_MAX_LINES = 400;
// eslint-disable-next-line no-control-regex -- colours are control sequences
const COLOUR = /\u001B\[[0-9;:]*[A-Za-z]/g;
/** What multiplexers put before each line: `web-1  | `, `#12 0.345 `. */
const frames_PREFIX = /^(?:[\w.-]{1,80} +\| |#\d+ \d+\.\d+ )/;
/** Lines of output, plain text, the last 400. */
function toPlainLines(tail) {
    const lines = tail.split('\n').slice(-frames_MAX_LINES - 1);
    const plain = lines.map((line) => line.slice(0, MAX_LINE).replace(COLOUR, '').replace(/\r$/, '').replace(frames_PREFIX, ''));
    while (plain.at(-1)?.trim() === '') {
        plain.pop();
    }
    return plain;
}
/** All traces in the output, oldest first. */
function findTraces(lines, places) {
    const traces = [];
    let newestTrace = -1;
    lines.forEach((line, index) => {
        if (NEW_TRACE.test(line)) {
            newestTrace = index;
        }
        const hit = toFrame(line, places);
        if (hit === undefined) {
            return;
        }
        const open = traces.findLast(({ rule, lastLine, lastNew }) => rule.origin === hit.rule.origin &&
            index - lastLine - 1 <= Math.max(rule.gap, hit.rule.gap) &&
            lastNew === newestTrace);
        if (open === undefined) {
            traces.push({ rule: hit.rule, frames: hit.frames, lastLine: index, lastNew: newestTrace });
        }
        else {
            open.frames.push(...hit.frames);
            open.lastLine = index;
        }
    });
    return traces.map(({ rule, frames, lastLine }) => ({
        rule,
        frames,
        linesAfter: lines.slice(lastLine + 1).filter((line) => line.trim() !== '').length,
    }));
}
function toFrame(line, places) {
    for (const rule of FRAME_RULES) {
        const groups = rule.pattern.exec(line)?.groups;
        if (groups === undefined) {
            continue;
        }
        const frame = readFrame(rule, groups, places);
        return { rule, frames: frame === undefined ? [] : [frame] };
    }
    return undefined;
}
function readFrame(rule, groups, places) {
    const { file, class: className, column, function: name } = groups;
    const line = Number(groups['line']);
    if (file === undefined || line < 1 || line > 10_000_000) {
        return undefined;
    }
    const found = className === undefined ? findFile(file, places) : findClassFile(className, file, places);
    return found === undefined
        ? undefined
        : {
            origin: rule.origin,
            found,
            line,
            column: column === undefined ? undefined : Number(column),
            function: name,
        };
}
/** The innermost frame of a trace that `accept` takes. */
function innermostFrame(trace, accept) {
    return trace.rule.innermost === 'first'
        ? trace.frames.find(accept)
        : trace.frames.findLast(accept);
}

;// CONCATENATED MODULE: ./src/failure/locate/shell-messages.ts
/** `file: line 3: …`: bash, and the ash of busybox. */
const BASH = /^(?<file>[^\s:][^:]{0,500}): (?:eval: )?line (?<line>\d+): (?<text>.+)/;
/** `file: 3: …`: dash; other tools print the like, so what it says must be known. */
const DASH = /^(?<file>[^\s:][^:]{0,500}): (?<line>\d+): (?<text>.*(?:not found|[Pp]ermission denied|Syntax error|parameter not set|parameter null|cannot (?:open|create)|Bad substitution|arithmetic expression|Illegal (?:number|option|mode)|is read only|unexpected operator|bad trap|can't (?:cd|shift)|No such file).*)/;
const SYNTAX = /syntax error|unexpected end of file|unexpected EOF|Unterminated|Bad substitution/i;
/** Names that a shell gives itself when it reads no file. */
const NO_FILE = /^-?(?:\/.*\/)?(?:ba|da|a|k|z)?sh$|^main$|^environment$/;
/** Lines after a message at which it may still be why the step ended. */
const MAX_LINES_AFTER = 6;
/** The last message of a shell near the end of the output. */
function findShellMessage(lines) {
    for (let after = 0; after <= MAX_LINES_AFTER; after += 1) {
        const line = lines[lines.length - 1 - after];
        if (line === undefined) {
            return undefined;
        }
        const bash = BASH.exec(line)?.groups;
        const groups = bash ?? DASH.exec(line)?.groups;
        const { file = '', text = '' } = groups ?? {};
        if (groups !== undefined && !NO_FILE.test(file) && !text.startsWith('warning:')) {
            return {
                shell: bash === undefined ? 'sh' : 'bash',
                file,
                line: Number(groups['line']),
                linesAfter: after,
                syntax: SYNTAX.test(text) || /^`.*'$/.test(text),
            };
        }
    }
    return undefined;
}

;// CONCATENATED MODULE: ./src/failure/locate/source-match.ts
/** Of a line with the head of a function. */
const source_match_MAX_LINE_LENGTH = 500;
/** How far above the line that bash names a command of several lines may begin. */
const MAX_LINES_ABOVE = 40;
function toLogicalLines(text) {
    const result = [];
    let pending;
    text.split('\n').forEach((raw, index) => {
        const joined = pending === undefined ? raw : `${pending.text} ${raw}`;
        const line = pending?.line ?? index + 1;
        if (/(?:^|[^\\])(?:\\\\)*\\\r?$/.test(raw)) {
            pending = { line, text: joined.replace(/\\\r?$/, '') };
            return;
        }
        pending = undefined;
        result.push({ line, lastLine: index + 1, text: collapse(joined) });
    });
    return result;
}
function collapse(text) {
    return text.trim().replace(/\s+/g, ' ');
}
/** The part of a printed command that the source is likely to have literally: up to a redirection or line end. */
function headOf(command) {
    const first = command.split('\n', 1)[0] ?? '';
    const end = /(?:\s\d*[<>]|\s*&>|\$\(|<\(|;)/.exec(first)?.index ?? first.length;
    return collapse(first.slice(0, Math.min(end, 400)));
}
function containsCommand(text, head) {
    if (text.startsWith('#')) {
        return false;
    }
    for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, at + 1)) {
        const before = at === 0 ? '' : text.charAt(at - 1);
        const after = text.charAt(at + head.length);
        if (/^[\s;&|({`!"]?$/.test(before) && /^[\s;&|)}`<>"$]?$/.test(after)) {
            return true;
        }
    }
    return false;
}
/** First and last line of each definition of a function, by the indentation of its closing brace. */
function findBodies(lines, name) {
    const bodies = [];
    lines.forEach((line, index) => {
        const text = line.slice(0, source_match_MAX_LINE_LENGTH);
        const match = /^(\s*)(?:function\s+([^\s(){}]+)\s*(?:\(\s*\))?|([^\s(){}#]+)\s*\(\s*\))\s*[{(]?/.exec(text);
        const found = match?.[2] ?? match?.[3];
        if (match === null || found === undefined || (name !== undefined && found !== name)) {
            return;
        }
        const indent = match[1] ?? '';
        const oneLine = /[})]\s*(?:[<>].*)?(?:#.*)?$/.test(text) && /\)\s*[{(].*[})]/.test(text);
        const end = lines.findIndex((other, at) => at > index && other.startsWith(indent) && /^[})]/.test(other.slice(indent.length)));
        bodies.push([
            index + 1,
            oneLine || end === -1 ? (oneLine ? index + 1 : lines.length) : end + 1,
        ]);
    });
    return bodies;
}
/**
 * The line on which `search.command` begins in the text of a shell script. Undefined when there is no
 * hint and the text does not say which of several equal commands it was: no line is invented.
 */
function findCommandLine(text, search) {
    const { hint } = search;
    const logical = toLogicalLines(text);
    const head = headOf(search.command);
    const candidates = head === '' ? [] : logical.filter((line) => containsCommand(line.text, head));
    if (hint !== undefined) {
        const fits = ({ line, lastLine }) => lastLine >= hint - MAX_LINES_ABOVE && line <= hint;
        return candidates.findLast(fits)?.line ?? startOf(logical, hint);
    }
    const physical = text.split('\n');
    const bodies = findBodies(physical, search.function);
    const inBody = ({ line }) => bodies.some(([first, last]) => line >= first && line <= last);
    const inScope = candidates.filter((line) => search.function === undefined ? !inBody(line) : inBody(line));
    return inScope.length <= 1 ? inScope[0]?.line : tellApart(logical, inScope, head, search.context);
}
/** The first line of the command that goes over the given one. */
function startOf(logical, line) {
    return logical.find((entry) => entry.line <= line && line <= entry.lastLine)?.line ?? line;
}
const LINES_BEFORE = 4;
/** Of several equal commands, the one that what was said last before it points to. */
function tellApart(logical, candidates, head, context) {
    const words = new Set(context.flatMap(toWords));
    const scored = candidates.map((candidate) => {
        const at = logical.indexOf(candidate);
        const before = [candidate.text.slice(0, candidate.text.indexOf(head))];
        for (let index = at - 1; index >= Math.max(0, at - LINES_BEFORE); index -= 1) {
            const text = logical[index]?.text ?? '';
            if (containsCommand(text, head) || /^(?:fi|done|esac|\})/.test(text)) {
                break;
            }
            before.push(text);
        }
        const source = new Set(before.flatMap(toWords));
        return { line: candidate.line, score: [...words].filter((word) => source.has(word)).length };
    });
    const best = Math.max(...scored.map(({ score }) => score));
    const winners = scored.filter(({ score }) => score === best);
    return best > 0 && winners.length === 1 ? winners[0]?.line : undefined;
}
function toWords(text) {
    return text.match(/[\p{L}\p{N}_./-]+/gu) ?? [];
}
/** The statement around a line: lines that a pipe, a list operator or a continuation joins. */
function statementAt(text, line) {
    const lines = text.split('\n');
    const joins = (index) => /(?:\\|\||&&)\s*$/.test(lines[index] ?? '');
    let first = Math.min(line, lines.length) - 1;
    let last = first;
    while (first > 0 && joins(first - 1)) {
        first -= 1;
    }
    while (last < lines.length - 1 && joins(last)) {
        last += 1;
    }
    return lines.slice(first, last + 1).join('\n');
}

;// CONCATENATED MODULE: ./src/failure/locate/traced.ts




/** Longer files are no scripts that a person wrote; they are not searched. */
const MAX_SOURCE_LENGTH = 2_000_000;
/** Absolute path of the file that a record's innermost frame, or another, is in. */
function toSourcePath(evidence, record, source) {
    if ((0,posix_.isAbsolute)(source)) {
        return source;
    }
    const directories = [record.startDirectory, record.directory, evidence.workspace];
    const candidates = directories.filter(posix_.isAbsolute).map((directory) => (0,posix_.join)(directory, source));
    return candidates.find((path) => evidence.exists?.(path) ?? true) ?? candidates[0] ?? source;
}
function sourceOf(record) {
    return record.sources[0] ?? record.script;
}
function readSource(evidence, path) {
    const text = path === evidence.scriptPath ? evidence.script.text : evidence.readText?.(path);
    return text !== undefined && text.length <= MAX_SOURCE_LENGTH ? text : undefined;
}
/** The statement that a record's command belongs to, with the command as bash printed it. */
function statementOf(evidence, record) {
    const path = toSourcePath(evidence, record, sourceOf(record));
    const text = readSource(evidence, path);
    const line = text === undefined ? undefined : lineOf(text, record, []);
    return text === undefined || line === undefined
        ? undefined
        : `${statementAt(text, line)}\n${record.command}`;
}
/** The line of a record in its source; without the source what bash itself said. */
function lineOf(text, record, context) {
    const hint = record.kind === 'err' && record.lastLine > 0 ? record.lastLine : undefined;
    if (text === undefined) {
        return hint;
    }
    const name = record.functions[0];
    return findCommandLine(text, {
        command: record.command,
        hint,
        function: name === undefined || name === 'main' || name === 'source' ? undefined : name,
        context,
    });
}
/** The place that a trap recorded; its line checked against the source. */
function toTracedLocation(evidence, record, lines) {
    const path = toSourcePath(evidence, record, sourceOf(record));
    const text = readSource(evidence, path);
    const line = lineOf(text, record, [record.lastArgument, lines.at(-1) ?? '']);
    const places = toPlaces(evidence, record);
    return {
        ...toPlace(evidence, places, path, line),
        command: record.command,
        stack: toStack(evidence, places, record),
        origin: 'trap',
    };
}
function toPlace(evidence, places, path, line) {
    if (path === evidence.scriptPath) {
        return toScriptPlace(evidence.script, line);
    }
    const found = findFile(path, places);
    return { file: found?.file ?? path, line, inRepository: found?.inRepository ?? false };
}
/** Callers of the failing function, innermost first, without the script's top level. */
function toStack(evidence, places, record) {
    return record.sources.slice(1).flatMap((source, index) => {
        const line = record.lines[index] ?? 0;
        const name = record.functions[index] ?? 'source';
        if (line === 0) {
            return [];
        }
        const place = toPlace(evidence, places, toSourcePath(evidence, record, source), line);
        return [{ file: place.file, line: place.line ?? line, function: name }];
    });
}

// EXTERNAL MODULE: ./src/failure/bash-startup.ts
var bash_startup = __webpack_require__(9002);
;// CONCATENATED MODULE: ./src/failure/traces.ts

const FIXED_FIELDS = 15;
/** The first field that may hold any text. */
const FREE_TEXT = 12;
const MAX_LIST = 200;
/**
 * Reads the traces file. It is written by scripts, may be cut anywhere, and two records can be
 * interleaved: what does not fit the layout is skipped up to the next record.
 */
function parseTraces(text) {
    const tokens = text.split('\0');
    const records = [];
    let index = 0;
    while (index < tokens.length) {
        if (!startsRecord(tokens[index])) {
            index += 1;
            continue;
        }
        const parsed = readRecord(tokens, index + 1);
        if (parsed === undefined) {
            index += 1;
        }
        else {
            records.push(parsed.record);
            index = parsed.next;
        }
    }
    return records;
}
/** A record starts on a line of its own; what a cut one left may stand before it. */
function startsRecord(token) {
    return token === bash_startup/* TRACE_MAGIC */.ip || token?.endsWith(`\n${bash_startup/* TRACE_MAGIC */.ip}`) === true;
}
function readRecord(tokens, start) {
    const fields = tokens.slice(start, start + FIXED_FIELDS - 1);
    const functions = readList(tokens, start + FIXED_FIELDS - 1);
    const sources = functions && readList(tokens, functions.next);
    const lines = sources && readList(tokens, sources.next);
    if (!functions || !sources || !lines || tokens[lines.next] !== bash_startup/* TRACE_END */.ol) {
        return undefined;
    }
    const [kind, shellPid = '', processPid = '', parentPid = '', subshell, status, ...rest] = fields;
    const [lastStatus, lastLine, at = '', script = '', startDirectory = '', ...last] = rest;
    const [directory = '', command = '', lastArgument = ''] = last;
    const numbers = [shellPid, parentPid, subshell, status, ...lines.values];
    const cut = fields.slice(0, FREE_TEXT).some(startsRecord);
    if (cut || (kind !== 'err' && kind !== 'exit') || numbers.some((number) => !isCount(number))) {
        return undefined;
    }
    const record = {
        kind,
        shellPid,
        processPid,
        parentPid,
        subshell: toCount(subshell),
        status: toCount(status),
        lastStatus: toCount(lastStatus),
        lastLine: toCount(lastLine),
        atSeconds: toSeconds(at),
        script,
        startDirectory,
        directory,
        command,
        lastArgument,
        functions: functions.values,
        sources: sources.values,
        lines: lines.values.map(toCount),
    };
    return { record, next: lines.next + 1 };
}
/** A list that runs into another record belongs to one that was cut. */
function readList(tokens, start) {
    const window = tokens.slice(start, start + MAX_LIST);
    const length = window.indexOf(bash_startup/* TRACE_LIST_END */.Bu);
    const values = window.slice(0, length);
    return length === -1 || values.some(startsRecord)
        ? undefined
        : { values, next: start + length + 1 };
}
function toSeconds(text) {
    const seconds = Number(text.replace(',', '.'));
    return text === '' || Number.isNaN(seconds) ? undefined : seconds;
}
function isCount(text) {
    return text !== undefined && /^\d{1,10}$/.test(text);
}
function toCount(text) {
    return isCount(text) ? Number(text) : 0;
}

;// CONCATENATED MODULE: ./src/failure/locate.ts









/** Lines of output after a trace at which it still counts as what made the command fail. */
const NEAR_END = { ofProgram: 80, ofBuiltin: 8 };
const BUILTIN = /^(?:exit|return|false|test|\[\[?|\(\()(?:\s|$)/;
/** Finds where a command failed, from what its shells recorded and what it printed last. */
function locate(evidence) {
    const lines = toPlainLines(evidence.tail);
    const chain = decideChain({
        records: parseTraces(evidence.traces),
        scriptPath: evidence.scriptPath,
        exitCode: (0,record/* toExitCode */.t4)(evidence.exit),
        statementOf: (record) => statementOf(evidence, record),
    });
    const traced = chain.map((record) => toTracedLocation(evidence, record, lines));
    const places = toPlaces(evidence, chain[0]);
    const message = findShellMessage(lines);
    const inner = findInner(evidence, places, lines, chain[0]);
    const said = message === undefined ? undefined : toMessageLocation(evidence, places, message);
    return combine(traced, said, inner, message, endedOtherwise(chain[0]));
}
function combine(traced, said, inner, message, overtaken) {
    const shell = joinShell(traced, said, message, overtaken);
    if (inner?.location.inRepository === true && !(inner.weak && isDeeper(traced))) {
        return pair(inner.location, shell[0]);
    }
    const [primary, ...callers] = shell;
    if (primary !== undefined) {
        return pair(primary, callers[0]);
    }
    return inner === undefined ? undefined : { primary: inner.location };
}
/**
 * Whether the shell ended without running `exit` and without a failed command: then it stopped over a line
 * that it could not parse or expand, its last command is an earlier one, and its own message knows better.
 */
function endedOtherwise(record) {
    return record?.kind === 'exit' && !/^(?:exit|return)(?:\s|$)/.test(record.command);
}
/** A tool that only says which target failed knows less than a script that recorded its own line. */
function isDeeper(traced) {
    return new Set(traced.map(({ file }) => file)).size > 1;
}
/** Places of the shells, innermost first, one for each script: what traps recorded and what a shell said. */
function joinShell(traced, said, message, overtaken) {
    const scripts = traced.filter((location, index) => {
        const inner = traced[index - 1];
        return inner === undefined || key(location) !== key(inner);
    });
    const [first, ...rest] = scripts;
    if (said === undefined || message === undefined) {
        return scripts;
    }
    if (first === undefined) {
        return [said];
    }
    if (key(first) === key(said)) {
        const certain = first.line !== undefined || first.scriptLine !== undefined;
        const trusted = certain && !message.syntax && !(overtaken && message.linesAfter === 0);
        return trusted ? scripts : [{ ...first, ...toLine(said) }, ...rest];
    }
    const known = scripts.some((location) => key(location) === key(said));
    return known || !said.inRepository || message.linesAfter > 2 ? scripts : [said, ...scripts];
}
function key({ file, scriptLine }) {
    return file === undefined || scriptLine !== undefined ? '' : file;
}
function toLine({ line, scriptLine }) {
    return scriptLine === undefined ? { line } : { line, scriptLine };
}
function pair(primary, calledFrom) {
    const same = calledFrom === undefined ||
        (calledFrom.file === primary.file &&
            calledFrom.line === primary.line &&
            calledFrom.scriptLine === primary.scriptLine);
    return same ? { primary } : { primary, calledFrom };
}
/** The innermost frame of a program that the failing command ran; outside the repository only for want of others. */
function findInner(evidence, places, lines, record) {
    const limit = record !== undefined && BUILTIN.test(record.command) ? NEAR_END.ofBuiltin : NEAR_END.ofProgram;
    const traces = findTraces(lines, places).filter(({ linesAfter }) => linesAfter <= limit);
    const isOwn = ({ found }) => found.absolute === evidence.scriptPath;
    const isInside = (frame) => frame.found.inRepository || isOwn(frame);
    const strongFirst = [
        ...traces.filter(({ rule }) => rule.weak === true),
        ...traces.filter(({ rule }) => rule.weak !== true),
    ];
    const trace = strongFirst.findLast((candidate) => innermostFrame(candidate, isInside) !== undefined) ??
        strongFirst.at(-1);
    const frame = trace && (innermostFrame(trace, isInside) ?? innermostFrame(trace, () => true));
    return trace === undefined || frame === undefined
        ? undefined
        : { location: toFrameLocation(evidence, trace, frame), weak: trace.rule.weak === true };
}
function toFrameLocation(evidence, trace, frame) {
    const stack = trace.frames
        .filter(({ found, function: name }) => found.inRepository && name !== undefined)
        .map(({ found, line, function: name = '' }) => ({ file: found.file, line, function: name }));
    const place = frame.found.absolute === evidence.scriptPath
        ? toScriptPlace(evidence.script, frame.line)
        : { file: frame.found.file, line: frame.line, inRepository: frame.found.inRepository };
    return {
        ...place,
        ...(frame.column === undefined || 'scriptLine' in place ? {} : { column: frame.column }),
        stack: trace.rule.innermost === 'last' ? stack.reverse() : stack,
        origin: frame.origin,
    };
}
function toMessageLocation(evidence, places, message) {
    const found = findFile(message.file, places);
    if (found === undefined) {
        return undefined;
    }
    const origin = toOrigin(message.shell);
    const place = found.absolute === evidence.scriptPath
        ? toScriptPlace(evidence.script, message.line)
        : { file: found.file, line: message.line, inRepository: found.inRepository };
    return { ...place, stack: [], origin };
}
function toOrigin(shell) {
    switch (shell) {
        case 'bash':
            return 'bash-message';
        case 'sh':
            return 'sh-message';
        default:
            return (0,result/* unreachable */.HB)(shell);
    }
}

;// CONCATENATED MODULE: ./src/failure/same-failure.ts

/** As many lines from the end as tell one failure from another. */
const COMPARED_LINES = 20;
const CHANGING = [
    [
        /\b\d{4}-\d\d-\d\d(?:[T_ ]\d\d[:_-]\d\d(?:[:_-]\d\d(?:[.,_]\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?/gu,
        '<time>',
    ],
    [
        /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{0,12}\d{1,4}.{0,6} \d\d:\d\d:\d\d(?: \w{1,5})?(?: \d{4})?/gu,
        '<time>',
    ],
    [/\b\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\b/gu, '<time>'],
    [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/giu, '<id>'],
    [/\b0x[0-9a-f]{1,16}\b/giu, '<id>'],
    [/\b(?=[a-f]{0,64}\d)[0-9a-f]{7,64}\b/giu, '<id>'],
    [/\/tmp\/[\w./-]{1,200}/gu, '<temp>'],
    [
        /\b\d{1,12}(?:\.\d{1,9})? ?(?:ns|µs|us|ms|s|sec|secs|seconds?|min|minutes?|m|h|[KMGT]?i?B(?:\/s)?|%)(?![A-Za-z0-9])/gu,
        '<n>',
    ],
    [/\d{1,20}(?:[.,]\d{1,20}){0,3}/gu, '<n>'],
];
/**
 * The error without what changes from one attempt to the next (times, durations, process ids, hashes):
 * equal texts are the same failure. Empty when nothing was printed.
 */
function normaliseError(tail) {
    const lines = toLines(tail)
        .filter((line) => line.role !== 'retry')
        .slice(-COMPARED_LINES)
        .map((line) => CHANGING.reduce((text, [pattern, stands]) => text.replace(pattern, stands), line.text.slice(0, 400)));
    return [...new Set(lines)].join('\n');
}

;// CONCATENATED MODULE: ./src/failure/diagnose.ts








/** Lines of output that a failure carries along. */
const TAIL_LINES = 200;
function createDiagnosis(facts) {
    const places = new Map(facts.steps.map((step) => [step.id, step.position]));
    const toStepAt = (id) => {
        const position = places.get(id);
        return position === undefined
            ? { file: '', line: 0 }
            : { file: position.file, line: position.line };
    };
    return {
        diagnose: (ending) => 'kind' in ending.end
            ? diagnoseEnd(facts, ending, ending.end, toStepAt(ending.step.id))
            : diagnoseStart(facts, ending, ending.end, toStepAt(ending.step.id)),
        refute: (command, problem) => refuteSuccess(facts, command, problem, toStepAt(command.ref.id)),
    };
}
function diagnoseEnd(facts, ending, end, stepAt) {
    const { redact } = facts;
    const { step } = ending;
    const located = end.endedBy === 'itself' ? locateEnd(facts, ending, end) : undefined;
    const verdict = classify({
        command: located?.primary.command ?? located?.calledFrom?.command ?? ending.script.text,
        exit: end.exit,
        endedBy: end.endedBy,
        tail: end.tail,
        declared: end.declared,
        durationMs: end.endedAt - end.startedAt,
        measured: end.measured,
    }, ending.classify);
    return {
        step: step.id,
        name: redact(step.name),
        category: verdict.category,
        rule: verdict.rule,
        evidence: redact(verdict.evidence ?? ''),
        message: `${step.id} ${describeEnd(end, ending.timeoutMs)}`,
        exit: end.exit,
        exitCode: (0,record/* toExitCode */.t4)(end.exit),
        place: diagnose_toPlace(step.id, located?.primary, redact),
        calledFrom: diagnose_toPlace(step.id, located?.calledFrom, redact),
        excerpt: toRedactedExcerpt(facts, located?.primary),
        stepAt,
        advice: redactAdvice(verdict.advice, redact),
        retryAfterMs: verdict.retryAfterMs,
        signature: normaliseError(end.tail),
        tail: redact(lastLines(end.tail)),
    };
}
function locateEnd(facts, ending, end) {
    const { workspace, readSource, fileExists, scriptPath } = facts;
    const { workingDirectory, unit, shell, script } = ending;
    return locate({
        traces: end.traces,
        tail: end.tail,
        exit: end.exit,
        shell,
        script,
        scriptPath: scriptPath(unit, shell),
        workspace,
        repositoryRoot: workspace,
        ...(workingDirectory === undefined
            ? {}
            : { workingDirectory: (0,posix_.resolve)(workspace, workingDirectory) }),
        exists: fileExists,
        readText: readSource,
    });
}
/** Of a script given inline in the workflow only its own line is known. */
function diagnose_toPlace(step, location, redact) {
    if (location === undefined)
        return undefined;
    const { file, line, scriptLine, inRepository } = location;
    const command = redact(location.command ?? '');
    if (file !== undefined && line !== undefined)
        return { file, line, inRepository, command };
    if (scriptLine === undefined)
        return undefined;
    return { file: step, line: scriptLine, inRepository: false, command };
}
/** The source around the failing line; only of the repository, whatever a process claims. */
function toRedactedExcerpt({ workspace, readSource, redact }, location) {
    if (location?.file === undefined || location.line === undefined || !location.inRepository) {
        return undefined;
    }
    const text = readSource((0,posix_.resolve)(workspace, location.file));
    // Redacted as a whole, since a secret may span lines; redaction keeps the line breaks it finds.
    const redacted = text === undefined ? undefined : redact(text);
    const keepsLines = redacted?.split('\n').length === text?.split('\n').length;
    return redacted === undefined || !keepsLines ? undefined : toExcerpt(redacted, location.line);
}
function describeEnd(end, timeoutMs) {
    switch (end.endedBy) {
        case 'timeout':
            return `ran into its timeout of ${(0,duration/* renderDuration */.PP)(timeoutMs)}`;
        case 'cancel':
            return 'was cancelled';
        case 'itself':
            return describeExit(end.exit);
    }
}
function describeExit(exit) {
    return exit.kind === 'exited'
        ? `failed (exit code: ${exit.code})`
        : `was killed by ${exit.signal}`;
}
function lastLines(text) {
    return text.split('\n').slice(-TAIL_LINES).join('\n');
}
function redactAdvice(advice, redact) {
    return {
        meaning: redact(advice.meaning),
        lookAt: advice.lookAt.map(redact),
        commands: advice.commands.map(redact),
    };
}
function diagnoseStart({ redact }, { step }, fault, stepAt) {
    const message = redact(fault.message);
    return toPlainFailure(step, stepAt, {
        category: fault.category,
        rule: 'not-started',
        message: `${step.id} could not be started: ${message}`,
        evidence: message,
    });
}
function refuteSuccess({ redact }, { ref }, problem, stepAt) {
    switch (problem.kind) {
        case 'in-doubt':
            return toPlainFailure(ref, stepAt, {
                category: 'fatal:in-doubt',
                rule: 'in-doubt',
                message: `${ref.id} is in doubt: ${problem.why}`,
                evidence: '',
            });
        case 'bad-results':
            return toPlainFailure(ref, stepAt, {
                category: 'recoverable:configuration',
                rule: 'workflow-file',
                message: `${ref.id} exited with 0, but what it wrote for the workflow cannot be read`,
                evidence: redact(problem.message),
            });
        case 'not-verified':
            return toPlainFailure(ref, stepAt, {
                category: 'critical:verification',
                rule: 'done-when',
                message: problem.answer === 'unknown'
                    ? `${ref.id} exited with 0, but its done-when cannot tell whether it is done`
                    : `${ref.id} exited with 0, but its done-when says that it is not done`,
                evidence: '',
            });
    }
}
/** A failure without a command's end behind it. */
function toPlainFailure({ id, name }, stepAt, { category, rule, message, evidence }) {
    return {
        step: id,
        name,
        category,
        rule,
        evidence,
        message,
        exit: undefined,
        exitCode: 1,
        place: undefined,
        calledFrom: undefined,
        excerpt: undefined,
        stepAt,
        advice: toAdvice(category, { facts: {}, line: evidence }),
        retryAfterMs: undefined,
        signature: message,
        tail: '',
    };
}


/***/ })

};
