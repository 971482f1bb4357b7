/**
 * In CI only, and only where real engines and processes are killed: a test that fails is run once more, with its first
 * error printed. What fails now and then for reasons of timing is to be seen in the log, not to stop a landing; pure
 * and property tests are never repeated.
 */
import { expect, jest } from '@jest/globals';

const { testPath } = expect.getState();
if (process.env.CI && /\.(int|e2e)\.spec\.ts$/.test(testPath ?? '')) {
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
