import * as z from 'zod/mini';
import { PLAN } from './schema.ts';
import { DOCUMENTATION } from './vocabulary.ts';

/** Where the schema is published; its identity, not an address that anything here reads. */
const SCHEMA_ID =
  'https://raw.githubusercontent.com/freshtrack/preflight-action/v1/preflight.schema.json';

/**
 * The JSON Schema of a plan, from the definition that validates it. What JSON Schema cannot say (ids that
 * are different, what a regular expression may cost) is left to the action.
 */
function toJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(PLAN, {
    io: 'input',
    target: 'draft-7',
    metadata: DOCUMENTATION,
    unrepresentable: 'any',
    // Examples and defaults are of what people write, also where we make something else of it.
    override: ({ zodSchema, jsonSchema }) => {
      if (takesFreeText(jsonSchema)) jsonSchema.not = { pattern: String.raw`\$\{\{` };
      const { examples, default: value } = DOCUMENTATION.get(zodSchema) ?? {};
      if (examples !== undefined) jsonSchema.examples = examples;
      if (value !== undefined) Object.assign(jsonSchema, { default: value });
    },
  });
  const { $schema, ...rest } = schema;
  return { $schema, $id: SCHEMA_ID, ...rest, title: 'Plan of preflight-action' };
}

/** The runner does not fill in expressions in a plan file. */
function takesFreeText({ type, enum: words }: z.core.JSONSchema.BaseSchema): boolean {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.includes('string') && words === undefined;
}

export function renderJsonSchema(): string {
  return `${JSON.stringify(toJsonSchema(), undefined, 2)}\n`;
}
