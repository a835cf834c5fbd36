import { renderDuration } from '../../inputs/duration.ts';
import { advice, code, text } from '../markdown.ts';

/** A step as people know it: its name, and the id that everything else calls it by. */
export function renderStepName({
  id,
  name,
}: {
  readonly id: string;
  readonly name: string;
}): string {
  return name === '' || name === id ? code(id) : `${text(name, 120)} (${code(id)})`;
}

/** What must stay on one line in a narrow column. */
export function unbroken(ours: string): string {
  return ours.replaceAll(' ', '&nbsp;');
}

/** A time span in a column. */
export function renderTime(ms: number | undefined): string {
  return ms === undefined ? '' : unbroken(renderDuration(Math.max(0, ms)));
}

/** `pull`, `build` and `up`; of many, the first ones and how many more. */
export function renderNames(names: readonly string[], most = 8): string {
  const shown = (names.length > most ? names.slice(0, most - 1) : names).map((name) => code(name));
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** The two largest units of a time span: nobody needs the seconds of days. */
export function renderSpan(ms: number): string {
  return renderDuration(ms).split(' ').slice(0, 2).join(' ');
}

const ISO = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?(Z|[+-]\d\d:\d\d)$/u;

/** A checkpoint's time, whoever wrote it, with how long before `nowMs` it was. */
export function renderCompletedAt(completedAt: string, nowMs: number): string {
  const [, day, time, zone] = ISO.exec(completedAt.trim()) ?? [];
  if (day === undefined || time === undefined || zone === undefined) return text(completedAt, 60);
  const age = nowMs - Date.parse(completedAt.trim());
  const ago = age >= 0 && Number.isFinite(age) ? `, ${renderSpan(age)} before this run` : '';
  const shown = zone === 'Z' || zone === '+00:00' ? 'UTC' : zone;
  return `${day} ${time} ${shown}${ago}`;
}

/** `1 step`, `2 steps`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A sentence of ours, with foreign names in it, that may say which button to press. */
export function sentence(ours: string): string {
  return advice(ours, 2_000).replaceAll(/\bRe-run failed jobs\b/gu, '*Re-run failed jobs*');
}
