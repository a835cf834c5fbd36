import type { Stop } from '../ports.ts';

/** A stop together with the means to request it. */
export interface StopSource {
  readonly stop: Stop;
  readonly request: () => void;
}

export function createStop(): StopSource {
  const listeners = new Set<() => void>();
  let requested = false;
  return {
    stop: {
      get requested() {
        return requested;
      },
      onRequest: (listener) => {
        if (requested) {
          listener();
          return () => undefined;
        }
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
    request: () => {
      if (requested) return;
      requested = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}

/** A stop that is requested as soon as one of `stops` is. */
export function anyOf(stops: readonly Stop[]): Stop {
  return {
    get requested() {
      return stops.some((stop) => stop.requested);
    },
    onRequest: (listener) => {
      const off = stops.map((stop) => stop.onRequest(listener));
      return () => {
        for (const forget of off) forget();
      };
    },
  };
}
