import { LogUnavailable } from '../../errors.ts';

/** A promise's outcome, or `LogUnavailable` after so many milliseconds; what it brings later is dropped. */
export async function inTime<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  promise.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`${what}: no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The engine took a call and did not answer it. */
export class NoAnswer extends LogUnavailable {}
