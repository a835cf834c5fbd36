import type { Clock } from '../ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  utcOffsetMinutes: (epochMs) => 0 - new Date(epochMs).getTimezoneOffset(),
  sleep: async (ms, until) => {
    if (until?.requested === true) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        stopListening?.();
        resolve();
      }, ms);
      const stopListening = until?.onRequest(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  },
};
