import { readdirSync, readFileSync } from 'node:fs';

const LOOK_MS = 1_000;
/** Bits of a signal mask: SIGSEGV, which a handler of fatal signals blocks, and SIGHUP, which it does not. */
const SEGV = 1n << 10n;
const HUP = 1n;

/**
 * Kills a process one of whose threads has crashed. The engine catches its own fatal signals and then sleeps up to
 * five minutes for a reporter that the embedded build does not have: a process that neither answers nor dies.
 * Linux only; elsewhere the statements' own limits end such a process.
 */
export function killOnCrash(pid: number): { stop(): void } {
  if (process.platform !== 'linux') return { stop: () => undefined };
  const timer = setInterval(() => {
    if (hasCrashed(pid)) process.kill(pid, 'SIGKILL');
  }, LOOK_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** About 1 ms for the engine's 40 threads. */
function hasCrashed(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'latin1');
      const blocked = BigInt(`0x${/^SigBlk:\s*(\w+)/m.exec(status)?.[1] ?? '0'}`);
      // Threads that never take signals block all of them.
      return (blocked & SEGV) !== 0n && (blocked & HUP) === 0n;
    });
  } catch {
    // A thread or the process ended while it was looked at: the next look tells.
    return false;
  }
}
