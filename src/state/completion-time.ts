/**
 * A time as `date -Iseconds` prints it, such as `2026-11-22T10:46:00+00:00`. `offsetMinutes` counts
 * eastwards from UTC (the negative of `Date.prototype.getTimezoneOffset`).
 */
export function toIsoSeconds(epochMs: number, offsetMinutes: number): string {
  const local = new Date(Math.floor(epochMs / 1000) * 1000 + offsetMinutes * 60_000);
  const distance = Math.abs(offsetMinutes);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const hours = twoDigits(Math.floor(distance / 60));
  return `${local.toISOString().slice(0, -'.000Z'.length)}${sign}${hours}:${twoDigits(distance % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
