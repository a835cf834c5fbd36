export const id = 285;
export const ids = [285];
export const modules = {

/***/ 5285:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   renderJsonSchema: () => (/* binding */ renderJsonSchema)
/* harmony export */ });
/* harmony import */ var zod_mini__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1939);
/* harmony import */ var _schema_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5694);
/* harmony import */ var _vocabulary_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8287);



/** Where the schema is published; its identity, not an address that anything here reads. */
const SCHEMA_ID = 'https://raw.githubusercontent.com/freshtrack/preflight-action/v1/preflight.schema.json';
/**
 * The JSON Schema of a plan, from the definition that validates it. What JSON Schema cannot say (ids that
 * are different, what a regular expression may cost) is left to the action.
 */
function toJsonSchema() {
    const schema = zod_mini__WEBPACK_IMPORTED_MODULE_2__/* .toJSONSchema */ .bl(_schema_js__WEBPACK_IMPORTED_MODULE_0__/* .PLAN */ .Ac, {
        io: 'input',
        target: 'draft-7',
        metadata: _vocabulary_js__WEBPACK_IMPORTED_MODULE_1__/* .DOCUMENTATION */ .l0,
        unrepresentable: 'any',
        // Examples and defaults are of what people write, also where we make something else of it.
        override: ({ zodSchema, jsonSchema }) => {
            if (takesFreeText(jsonSchema))
                jsonSchema.not = { pattern: String.raw `\$\{\{` };
            const { examples, default: value } = _vocabulary_js__WEBPACK_IMPORTED_MODULE_1__/* .DOCUMENTATION */ .l0.get(zodSchema) ?? {};
            if (examples !== undefined)
                jsonSchema.examples = examples;
            if (value !== undefined)
                Object.assign(jsonSchema, { default: value });
        },
    });
    const { $schema, ...rest } = schema;
    return { $schema, $id: SCHEMA_ID, ...rest, title: 'Plan of preflight-action' };
}
/** The runner does not fill in expressions in a plan file. */
function takesFreeText({ type, enum: words }) {
    const types = Array.isArray(type) ? type : [type];
    return types.includes('string') && words === undefined;
}
function renderJsonSchema() {
    return `${JSON.stringify(toJsonSchema(), undefined, 2)}\n`;
}


/***/ })

};
