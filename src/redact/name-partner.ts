import { markStrong } from './name-value.ts';
import type { Name } from './name-verdict.ts';
import type { Line, Page } from './page.ts';

const PARTNER_BEFORE =
  /(?:^|[\s{,<\\"'([])(?:name|key|variable|field|id|envvar|env_var|parametername|parameterkey|property)\\{0,7}["']?[ \t]{0,20}[:=][ \t]{0,20}\\{0,7}["']?(?:[\w./-]{1,80}[./])?$/i;
const PARTNER_AFTER =
  /^\\{0,7}["']?[ \t]{0,20}[,;]?(?:[^\n\r"'{}<>]{0,40})$|^\\{0,7}["']?[ \t]{0,20}[,; ]/;
const PARTNER_VALUE =
  /(?:^|[\s{,\\"'])(?:value|stringvalue|parametervalue|plaintext)\\{0,7}["']?[ \t]{0,20}[:=][ \t]{0,20}/i;

/** `name: DB_PASSWORD` with `value: x` beside it or on the next line. True when the name is such a value. */
export function findPartner(page: Page, name: Name, line: Line): boolean {
  const { text } = page;
  const before = text.slice(Math.max(line.start, name.start - 140), name.start);
  if (!PARTNER_BEFORE.test(before)) return false;
  const rest = text.slice(name.end, Math.min(line.end, name.end + 300));
  if (!PARTNER_AFTER.test(rest)) return false;
  const inLine = PARTNER_VALUE.exec(rest);
  if (inLine !== null) {
    markStrong(page, name.end + inLine.index + inLine[0].length, line.end, name);
    return true;
  }
  let at = line.end;
  for (let n = 0; n < 3; n++) {
    const next = page.nextLine(at, line.start);
    if (next === undefined) return true;
    const head = text.slice(next.start, Math.min(next.end, next.start + 120));
    const value =
      /^[ \t]{0,60}\\{0,7}["']?(?:value|stringValue)\\{0,7}["']?[ \t]{0,20}[:=][ \t]{0,20}/i.exec(
        head,
      );
    if (value !== null) {
      markStrong(page, next.start + value[0].length, next.end, name);
      return true;
    }
    if (
      !/^[ \t]{0,60}\\{0,7}["']?[A-Za-z]+\\{0,7}["']?[ \t]{0,4}[:=][ \t]*\\{0,7}["']?[\w./:-]*\\{0,7}["']?,?$/.test(
        head,
      )
    )
      return true;
    at = next.end;
  }
  return true;
}
