export const id = 275;
export const ids = [275];
export const modules = {

/***/ 8275:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  reachUrl: () => (/* binding */ reachUrl)
});

// EXTERNAL MODULE: ./src/edges/probes/kernel-files.ts
var kernel_files = __webpack_require__(5977);
;// CONCATENATED MODULE: ./src/edges/probes/dial.ts

/** The next address is tried when the one before has not answered by then (RFC 8305). */
const STAGGER_MS = 250;
/** Alternates the families, so that a broken IPv6 costs one stagger and not one for each address. */
function toAttemptOrder(addresses) {
    const first = addresses.filter(({ family }) => family === addresses[0]?.family);
    const second = addresses.filter(({ family }) => family !== addresses[0]?.family);
    const length = Math.max(first.length, second.length);
    return Array.from({ length }, (_, index) => [first[index], second[index]])
        .flat()
        .filter((address) => address !== undefined);
}
/** This host has no way to addresses of that family: says nothing about the server. */
const NO_WAY = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);
/** Of the failures of all addresses the one that tells most, and of those the one tried first. */
function toTellingError(errors) {
    const inOrder = [...errors].sort(([a], [b]) => a - b).map(([, error]) => error);
    const telling = inOrder.find((error) => !NO_WAY.has((0,kernel_files/* toErrorCode */.X)(error)));
    return telling ?? inOrder[0] ?? new Error('no address to connect to');
}
/** Connects to whichever address answers first. Hands out every socket it makes, to be closed on a cut. */
async function dial(addresses, port, onSocket) {
    const { connect } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 7030, 23));
    const order = toAttemptOrder(addresses);
    return new Promise((settle, reject) => {
        const sockets = [];
        const errors = new Map();
        let settled = false;
        let timer;
        const attempt = () => {
            clearTimeout(timer);
            const index = sockets.length;
            const next = order[index];
            if (next === undefined || settled)
                return;
            const socket = connect({ host: next.address, port, family: next.family });
            sockets.push(socket);
            onSocket(socket);
            socket.on('connect', () => {
                if (settled)
                    return;
                settled = true;
                clearTimeout(timer);
                for (const other of sockets)
                    if (other !== socket)
                        other.destroy();
                settle(socket);
            });
            socket.on('error', (error) => {
                errors.set(index, error);
                if (settled)
                    return;
                if (errors.size < order.length) {
                    attempt();
                    return;
                }
                settled = true;
                reject(toTellingError(errors));
            });
            socket.on('close', () => {
                // Destroyed from outside: the check was cut.
                if (settled || errors.has(index))
                    return;
                settled = true;
                clearTimeout(timer);
                reject(new Error('closed'));
            });
            timer = setTimeout(attempt, STAGGER_MS);
        };
        attempt();
    });
}

;// CONCATENATED MODULE: ./src/edges/probes/journey.ts
/** A failure that is not the system's, with a code of our own. */
class StageError extends Error {
    code;
    constructor(code, message) {
        super(message);
        this.code = code;
    }
}
/** A peer may hang up before anybody listens for it; what is built on such a socket waits for ever. */
function requireOpen(socket) {
    if (socket.destroyed)
        throw new StageError('ECONNRESET', 'the connection was closed at once');
}
/** How far one attempt has come: what is reported when it is cut or fails. */
class Journey {
    stage = 'dns';
    address;
    certificate;
    via;
    #sockets = [];
    #closed = false;
    constructor(via) {
        this.via = via;
    }
    /** What was opened, so that it can be closed; at once, when all is over already. */
    add(socket) {
        this.#sockets.push(socket);
        if (this.#closed)
            socket.destroy();
    }
    /** Ends what was opened: from the outermost layer inwards, as a layer must not lose what it stands on. */
    close() {
        this.#closed = true;
        for (const socket of this.#sockets.toReversed())
            socket.destroy();
    }
    /** What every result tells. */
    facts() {
        const { via, address, certificate } = this;
        return {
            ...(via === undefined ? {} : { via }),
            ...(address === undefined ? {} : { address }),
            ...(certificate === undefined ? {} : { certificate }),
        };
    }
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./src/edges/probes/proxy.ts

/** Lower case first, as curl does; upper case too, as Go programs such as docker do. */
const VARIABLES = {
    'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
    'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
};
const DEFAULT_PORTS = { 'http:': '80', 'https:': '443' };
/** The host of a URL without the brackets of an IPv6 address. */
function toHost(url) {
    return url.hostname.replace(/^\[|\]$/gu, '');
}
/** The port of a URL, the scheme's own when none is written. */
function toPort(url) {
    return Number(url.port === '' ? DEFAULT_PORTS[url.protocol] : url.port);
}
function isInRange(host, network, prefix) {
    const family = (0,external_node_net_.isIP)(host);
    const length = Number(prefix);
    const most = family === 4 ? 32 : 128;
    if (family === 0 || family !== (0,external_node_net_.isIP)(network))
        return false;
    if (!/^\d+$/u.test(prefix) || length > most)
        return false;
    const type = family === 4 ? 'ipv4' : 'ipv6';
    const list = new external_node_net_.BlockList();
    list.addSubnet(network, length, type);
    return list.check(host, type);
}
/** One entry of no_proxy: `*`, a domain with or without a dot in front, an address, a range; any with a port. */
function isExempt(entry, host, port) {
    if (entry === '*')
        return true;
    const [network, prefix] = entry.split('/');
    if (network !== undefined && prefix !== undefined)
        return isInRange(host, network, prefix);
    const parts = /^\[?(?<name>.*?)\]?(?::(?<port>\d+))?$/u.exec(entry)?.groups;
    const literal = (0,external_node_net_.isIP)(entry) === 6;
    const name = (literal ? entry : (parts?.['name'] ?? entry)).replace(/^\*?\./u, '');
    const wantedPort = literal ? undefined : parts?.['port'];
    if (wantedPort !== undefined && Number(wantedPort) !== port)
        return false;
    return host === name || ((0,external_node_net_.isIP)(host) === 0 && host.endsWith(`.${name}`));
}
/** Which way the environment's proxy variables send a URL. Plain TCP never goes through a proxy. */
function decideRoute(url, env) {
    const names = VARIABLES[url.protocol] ?? [];
    const variable = names.find((name) => (env[name] ?? '').trim() !== '');
    if (variable === undefined)
        return { kind: 'direct' };
    const exempt = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').toLowerCase().split(/[\s,]+/u);
    const host = toHost(url).toLowerCase();
    const port = toPort(url);
    if (exempt.some((entry) => entry !== '' && isExempt(entry, host, port))) {
        return { kind: 'direct' };
    }
    const text = (env[variable] ?? '').trim();
    const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
    if (proxy === null || proxy.hostname === '') {
        return { kind: 'unusable', reason: `${variable} does not hold a URL` };
    }
    if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
        const reason = `${variable} names a ${proxy.protocol.slice(0, -1)} proxy, which cannot be tried here`;
        return { kind: 'unusable', reason };
    }
    return { kind: 'proxy', url: proxy, variable };
}

;// CONCATENATED MODULE: ./src/edges/probes/http-exchange.ts


function toBasicAuth(url) {
    if (url.username === '')
        return undefined;
    return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
}
function toProxyHeaders(proxy) {
    const auth = toBasicAuth(proxy);
    if (auth === undefined)
        return {};
    return { 'proxy-authorization': `Basic ${Buffer.from(auth).toString('base64')}` };
}
/** Asks an HTTP proxy for a tunnel to the server. */
async function tunnel(socket, proxy, target) {
    const { request } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 7067, 23));
    const host = `${target.hostname}:${toPort(target)}`;
    requireOpen(socket);
    return new Promise((settle, reject) => {
        const asked = request({
            createConnection: () => socket,
            method: 'CONNECT',
            path: host,
            headers: { host, ...toProxyHeaders(proxy) },
        });
        asked.on('error', reject);
        asked.on('connect', ({ statusCode, statusMessage }) => {
            if (statusCode === 200)
                settle(socket);
            else {
                const message = `${statusCode ?? ''} ${statusMessage ?? ''}`.trim();
                reject(new StageError(`PROXY_${statusCode ?? 0}`, message));
            }
        });
        asked.end();
    });
}
/** Sends the request over a socket that is ready for it; the answer's head is enough to settle. */
async function ask(socket, url, proxy) {
    const { request } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 7067, 23));
    const plainProxy = proxy !== undefined && url.protocol === 'http:' ? proxy : undefined;
    const target = new URL(url);
    target.username = '';
    target.password = '';
    target.hash = '';
    requireOpen(socket);
    return new Promise((settle, reject) => {
        const asked = request({
            createConnection: () => socket,
            // Not HEAD: servers that refuse it, or never answer it, are common.
            method: 'GET',
            path: plainProxy === undefined ? `${url.pathname}${url.search}` : target.href,
            auth: toBasicAuth(url) ?? null,
            headers: {
                host: url.host,
                accept: '*/*',
                connection: 'close',
                'user-agent': 'preflight-action',
                ...(plainProxy === undefined ? {} : toProxyHeaders(plainProxy)),
            },
        });
        asked.on('error', reject);
        asked.on('response', settle);
        asked.end();
    });
}
/** The start of the body; the rest is not waited for. */
async function toBody(response, most) {
    if (most === 0)
        return '';
    let body = '';
    response.setEncoding('utf8');
    for await (const chunk of response) {
        body += chunk;
        if (body.length >= most)
            break;
    }
    return body.slice(0, most);
}
/** Headers by name in lower case. */
function toHeaders(response) {
    return Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
}

;// CONCATENATED MODULE: ./src/edges/probes/secure-sockets.ts



function toDistinguishedName({ CN, O }) {
    // Fields of a name are absent, or listed when there are several.
    const [name] = [CN ?? O].flat();
    return name ?? 'nobody named';
}
function toCertificateFacts(socket) {
    const { subject, issuer, subjectaltname, valid_from, valid_to } = socket.getPeerCertificate();
    // A server without a certificate gives an empty object.
    if (valid_to === undefined)
        return undefined;
    return {
        subject: toDistinguishedName(subject),
        issuer: toDistinguishedName(issuer),
        names: (subjectaltname ?? '').split(', ').map((name) => name.replace(/^[^:]*:/u, '')),
        validFrom: Date.parse(valid_from),
        validTo: Date.parse(valid_to),
    };
}
/** Speaks TLS over `socket`; a certificate that is not trusted is an error unless `any` will do. */
async function secure_sockets_secure(socket, host, any, journey, trust) {
    const { connect } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 1692, 23));
    requireOpen(socket);
    return new Promise((settle, reject) => {
        const secured = connect({
            socket,
            secureContext: trust,
            // Judged below, where the certificate can be shown whatever is wrong with it.
            rejectUnauthorized: false,
            ALPNProtocols: ['http/1.1'],
            host,
            ...((0,external_node_net_.isIP)(host) === 0 ? { servername: host } : {}),
        });
        journey.add(secured);
        secured.on('error', reject);
        secured.on('close', () => {
            reject(new StageError('ECONNRESET', 'the connection was closed during the TLS handshake'));
        });
        secured.on('secureConnect', () => {
            const certificate = toCertificateFacts(secured);
            if (certificate !== undefined)
                journey.certificate = certificate;
            // Typed as an Error, and a code at run time.
            const fault = secured.authorizationError;
            const code = (0,kernel_files/* toErrorCode */.X)(fault);
            if (secured.authorized || any)
                settle(secured);
            else
                reject(new StageError(code, `certificate: ${code}`));
        });
    });
}

;// CONCATENATED MODULE: ./src/edges/probes/connections.ts






async function connectTo(host, port, journey) {
    journey.stage = 'dns';
    const { lookup } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 1553, 23));
    const addresses = await lookup(host, { all: true });
    journey.stage = 'tcp';
    journey.address = addresses[0]?.address;
    const socket = await dial(addresses, port, (made) => {
        journey.add(made);
    });
    journey.address = socket.remoteAddress ?? journey.address;
    return socket;
}
/** The connection to the server, or to the proxy that speaks HTTP for us, ready for a request. */
async function connections_open({ url, anyCertificate = false }, proxy, journey, trust) {
    const first = proxy ?? url;
    let socket = await connectTo(toHost(first), toPort(first), journey);
    if (proxy?.protocol === 'https:') {
        journey.stage = 'proxy';
        socket = await secure_sockets_secure(socket, toHost(proxy), false, journey, await trust());
    }
    if (url.protocol !== 'https:')
        return socket;
    if (proxy !== undefined) {
        journey.stage = 'proxy';
        socket = await tunnel(socket, proxy, url);
    }
    journey.stage = 'tls';
    return secure_sockets_secure(socket, toHost(url), anyCertificate, journey, await trust());
}
/** Goes from name to answer; rejects at the stage that `journey` names. */
async function travel(request, proxy, journey, { now, trust }) {
    const socket = await connections_open(request, proxy, journey, trust);
    if (request.url.protocol === 'tcp:')
        return { kind: 'connected', ...journey.facts() };
    journey.stage = 'http';
    const sentAt = now();
    const response = await ask(socket, request.url, proxy);
    const receivedAt = now();
    return {
        kind: 'answered',
        ...journey.facts(),
        status: response.statusCode ?? 0,
        headers: toHeaders(response),
        body: await toBody(response, request.bodyBytes ?? 0),
        sentAt,
        receivedAt,
    };
}
/** Tries to reach a URL the way the host's own programs would, and says how far that went. */
async function reachUrl(request, surroundings, cut) {
    const route = decideRoute(request.url, surroundings.env);
    if (route.kind === 'unusable')
        return { kind: 'unsupported', reason: route.reason };
    const proxy = route.kind === 'proxy' ? route.url : undefined;
    const journey = new Journey(route.kind === 'proxy' ? { proxy: route.url.host, variable: route.variable } : undefined);
    const fail = (code, message) => ({
        kind: 'failed',
        stage: journey.stage,
        code,
        message,
        ...journey.facts(),
    });
    let forget = () => undefined;
    const wasCut = new Promise((settle) => {
        forget = cut.onRequest(() => {
            settle(fail('TIMEOUT', 'no answer in time'));
            journey.close();
        });
    });
    const came = travel(request, proxy, journey, surroundings).catch((error) => {
        const { address, message } = error;
        journey.address = address ?? journey.address;
        return fail((0,kernel_files/* toErrorCode */.X)(error), message);
    });
    try {
        return await Promise.race([came, wasCut]);
    }
    finally {
        forget();
        journey.close();
    }
}


/***/ })

};
