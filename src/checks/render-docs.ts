import { stringify } from 'yaml';
import * as z from 'zod/mini';

import { BESIDE, CHECK_KINDS, INSIDE_KEYS } from '../plan/check-kinds.ts';
import type { CheckKind } from '../plan/check-options.ts';
import { DOCUMENTATION } from '../plan/vocabulary.ts';
import { CHECKS } from './kinds.ts';

/** What is of use here of a JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const KINDS = Object.keys(CHECK_KINDS) as readonly CheckKind[];

function toSchema(schema: z.ZodMiniType): Schema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    metadata: DOCUMENTATION,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const value = DOCUMENTATION.get(zodSchema)?.default;
      if (value !== undefined) Object.assign(jsonSchema, { default: value });
    },
  }) as Schema;
}

/** The mapping that a kind may be written as, also where it is one of several ways. */
function toMapping(schema: Schema): Schema | undefined {
  if (schema.properties !== undefined) return schema;
  return schema.anyOf?.map(toMapping).find((mapping) => mapping !== undefined);
}

function toCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}

/** A table whose columns line up, as the formatter of this repository wants them. */
function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map(toCell));
  const widths = header.map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const rule = widths.map((width) => '-'.repeat(width));
  return [head, rule, ...body].map((row) => `${toLine(row)}\n`).join('');
}

function renderOptions(kind: CheckKind): string {
  const mapping = toMapping(toSchema(CHECK_KINDS[kind].schema));
  const options = Object.entries(mapping?.properties ?? {}).filter(
    ([name]) => !INSIDE_KEYS.includes(name),
  );
  if (options.length === 0) return '';
  const rows = options.map(([name, { description = '', default: value }]) => {
    const usual = value === undefined ? '' : ` Default: \`${String(value)}\`.`;
    return [`\`${name}\``, `${description}${usual}`];
  });
  return `${renderTable(['option', 'meaning'], rows)}\n`;
}

function renderExamples(kind: CheckKind): string {
  const examples = DOCUMENTATION.get(CHECK_KINDS[kind].schema)?.examples ?? [];
  const checks = examples.map((example) => ({ [kind]: example }));
  return `\`\`\`yaml\n${stringify({ checks }, { singleQuote: true })}\`\`\`\n\n`;
}

function renderKind(kind: CheckKind): string {
  const { how, unable } = CHECKS[kind];
  return [
    `## ${kind}\n\n${CHECK_KINDS[kind].description}\n\n`,
    renderExamples(kind),
    renderOptions(kind),
    `${how}\n\n`,
    unable === '' ? '' : `${unable}\n\n`,
  ].join('');
}

/** What a kind looks like in a plan, on one line. */
function renderShort(kind: CheckKind): string {
  const [example] = DOCUMENTATION.get(CHECK_KINDS[kind].schema)?.examples ?? [];
  const style = { collectionStyle: 'flow', singleQuote: true, lineWidth: 0 } as const;
  return `\`${kind}: ${stringify(example, style).trim()}\``;
}

/** One line for each kind: the table of the README. */
export function renderCheckTable(): string {
  return renderTable(
    ['check', 'passes when', 'for example'],
    KINDS.map((kind) => [`\`${kind}\``, CHECK_KINDS[kind].description, renderShort(kind)]),
  );
}

function renderCommon(): string {
  const rows = Object.entries(BESIDE).map(([name, schema]) => [
    `\`${name}\``,
    toSchema(schema).description ?? '',
  ]);
  return renderTable(['key', 'meaning'], rows);
}

/** The page about the checks, from the same definitions that validate and carry them out. */
export function renderCheckDocs(): string {
  return `# Checks

<!-- Made by .github/generate-check-docs.js from the definitions in src/plan/check-kinds.ts and src/checks. -->

Before anything is changed, the checks of a plan find out whether the host is fit for the deployment. They run
side by side on every attempt, each within its own limit (10 s unless \`timeout\` says otherwise), and all of them
are reported, with what was found, what is wanted, and what to do. One that fails blocks the deployment; a
warning never does. None of them changes the host. A check that cannot be carried out here does not pass: it
warns, and says why. When a step has failed, the checks that fit the failure are run again, so that the report
can show what has become of the host since.

${renderCheckTable()}
Every check may also have:

${renderCommon()}
A list (\`command: [docker, curl]\`) is as many checks, each with a result of its own.

${KINDS.map(renderKind).join('').trimEnd()}
`;
}
