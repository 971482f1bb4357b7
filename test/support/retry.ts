import { setTimeout as pause } from 'node:timers/promises';

/** Tries until it does not throw, as an SDK does while its collector restarts; gives up after `timeoutMs`. */
export async function untilItWorks<T>(attempt: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await pause(100);
    }
  }
}
