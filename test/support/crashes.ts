/** What would have ended the process: rejections and exceptions that nobody caught. */
export interface CrashWatch {
  readonly seen: readonly unknown[];
  stop(): void;
}

/** Notes what would end the process, from now on, and keeps it alive. */
export function watchForCrashes(): CrashWatch {
  const seen: unknown[] = [];
  const note = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  return {
    seen,
    stop() {
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
    },
  };
}
