export const id = 213;
export const ids = [213];
export const modules = {

/***/ 4213:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ ProxyAgent)
/* harmony export */ });
/**
 * Stands in for `undici` in the bundle (see `paths` in tsconfig.json): the toolkit's HTTP client imports
 * it for one class that nothing here uses, and loading it would double the time that a run needs to end.
 */
function ProxyAgent() {
    throw new Error('undici is not part of this bundle: see docs/adr/0005');
}


/***/ })

};
