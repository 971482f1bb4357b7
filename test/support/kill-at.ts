/**
 * Loaded with `--import` before Temas: ends the process with SIGKILL at the nth arrival at a fault point, as named
 * by TEMAS_TEST_KILL_AT=`<point>:<n>`.
 */
const [point, count = '1'] = (process.env.TEMAS_TEST_KILL_AT ?? '').split(':');
let left = Number(count);

(globalThis as Record<symbol, unknown>)[Symbol.for('temas.fault-hook')] = (reached: string): void => {
  if (reached === point && --left === 0) process.kill(process.pid, 'SIGKILL');
};
export {};
