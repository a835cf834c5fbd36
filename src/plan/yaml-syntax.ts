import type { Document, ErrorCode } from 'yaml';
import type { Finding, PlaceOf } from './yaml-document.ts';

/** One mistake confuses a parser more than once; further lines are reported up to this many. */
const MOST_FINDINGS = 5;

/** Our sentences for the parser's codes; `undefined` says it with the parser's own words. */
const SENTENCES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'an anchor (&) or alias (*) needs a name; text that begins so belongs in quotes',
  BAD_SCALAR_START: 'plain text cannot begin with this character: put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    '": " inside plain text is read as a key: put the text in quotes, or in a block that begins with |',
  MULTIPLE_ANCHORS: 'a value can have one anchor (&) only',
  MULTIPLE_DOCS: 'there is a second document here: one is allowed, without a "---" between',
  NON_STRING_KEY: 'a key must be text',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  TAB_AS_INDENT: 'a tab is used for indentation: YAML allows blanks only',
  TAG_RESOLVE_FAILED:
    "tags of one's own (!) mean nothing here: leave it away, or put the text in quotes",
};

/** These make everything after them unreadable: nothing else is reported beside them. */
const DECISIVE: readonly ErrorCode[] = ['RESOURCE_EXHAUSTION', 'TAB_AS_INDENT', 'MULTIPLE_DOCS'];

/** The parser's errors, one for each mistake as far as that can be told. */
export function toSyntaxFindings(
  document: Pick<Document, 'errors' | 'warnings' | 'directives'>,
  text: string,
  placeOf: PlaceOf,
): readonly Finding[] {
  const nul = text.indexOf('\0');
  if (nul >= 0)
    return [{ offset: nul, message: 'there is a NUL character here: is this a text file?' }];
  if (document.directives?.yaml.version !== '1.2') {
    return [{ offset: 0, message: 'this is read as YAML 1.2: leave the %YAML line away' }];
  }
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  for (const code of DECISIVE) {
    const first = errors.find((error) => error.code === code);
    if (first !== undefined) return [toFinding(first)];
  }
  const lines = new Set<number>();
  const firsts = errors.filter((error) => {
    const { line } = placeOf(error.pos[0]);
    const isNew = !lines.has(line);
    lines.add(line);
    return isNew;
  });
  return firsts.slice(0, MOST_FINDINGS).map(toFinding);
}

function toFinding(error: {
  readonly code: ErrorCode;
  readonly message: string;
  readonly pos: readonly [number, number];
}): Finding {
  const said = SENTENCES[error.code] ?? `this is not valid YAML: ${error.message}`;
  return { offset: error.pos[0], message: said };
}
