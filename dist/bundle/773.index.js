export const id = 773;
export const ids = [773];
export const modules = {

/***/ 8773:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   loadTrust: () => (/* binding */ loadTrust)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs_promises__WEBPACK_IMPORTED_MODULE_0__);

/** Where systems keep the authorities that curl, git and docker trust; the first that exists counts. */
const SYSTEM_BUNDLES = [
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/ca-bundle.pem',
    '/etc/ssl/cert.pem',
];
async function toText(path) {
    if (path === undefined || path === '')
        return undefined;
    try {
        return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.readFile)(path, 'utf8');
    }
    catch {
        return undefined;
    }
}
/**
 * What the host's own programs trust. Node brings its own list, which knows no company authority that
 * was installed on the host; going by it would fail hosts on which every deployment command works.
 */
async function loadTrust(env) {
    const { createSecureContext, rootCertificates } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 1692, 23));
    let bundle;
    for (const path of [env['SSL_CERT_FILE'], ...SYSTEM_BUNDLES])
        bundle ??= await toText(path);
    const extra = await toText(env['NODE_EXTRA_CA_CERTS']);
    const ca = bundle === undefined ? [...rootCertificates] : [bundle];
    return createSecureContext({ ca: extra === undefined ? ca : [...ca, extra] });
}


/***/ })

};
