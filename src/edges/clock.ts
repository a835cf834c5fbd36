import type { Clock } from '../ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  utcOffsetMinutes: (epochMs) => 0 - new Date(epochMs).getTimezoneOffset(),
  sleep: (ms, until) =>
    new Promise((resolve) => {
      let stopListening: (() => void) | undefined;
      const done = (): void => {
        clearTimeout(timer);
        stopListening?.();
        resolve();
      };
      const timer = setTimeout(done, ms);
      stopListening = until?.onRequest(done);
    }),
};
