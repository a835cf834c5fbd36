import type { Unit } from './check.ts';

/** Units of bytes in steps of 1000 (as in `2GB`) or of 1024 (as in `2GiB`). */
const SYSTEMS = {
  decimal: { step: 1000, names: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] },
  binary: { step: 1024, names: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] },
} as const;
export type ByteSystem = keyof typeof SYSTEMS;

/** The system a plan's size was written in, so that found and wanted can be held side by side. */
export function toByteSystem(wantedBytes: number): ByteSystem {
  return wantedBytes % 2 ** 20 === 0 && wantedBytes % 1e6 !== 0 ? 'binary' : 'decimal';
}

/** Bytes for people: `1.4 GB`, `14 GiB`, `0`. Never rounded up: what is shown is there. */
export function renderBytes(bytes: number, system: ByteSystem = 'binary'): string {
  const { step, names } = SYSTEMS[system];
  let value = Math.max(0, bytes);
  let index = 0;
  while (value >= step && index < names.length - 1) {
    value /= step;
    index += 1;
  }
  // Tiny tolerance: 1.15 GB must not become 1.1 GB because of its binary fraction.
  const tenths = Math.floor(value * 10 + 1e-9) / 10;
  const shown = value >= 100 ? Math.floor(value) : tenths;
  return shown === 0 ? '0' : `${shown} ${names[index] ?? ''}`;
}

/** Whole numbers with a blank between the thousands: `1 250 000`. */
export function renderCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/gu, ' ');
}

/** A number of something: `1 core`, `1.5 cores`. */
export function renderPlural(count: number, one: string): string {
  return `${Number(count.toFixed(2))} ${one}${count === 1 ? '' : 's'}`;
}

/** A measured value for people. */
export function renderMeasure(value: number, unit: Unit): string {
  switch (unit) {
    case 'bytes':
      return renderBytes(value);
    case 'inodes':
      return `${renderCount(value)} inodes`;
    case 'cores':
      return renderPlural(value, 'core');
    case 'days':
      return renderPlural(Math.floor(value), 'day');
    case 'seconds':
      return `${Number(value.toFixed(1))} s`;
  }
}
