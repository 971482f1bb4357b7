import { ErrorType } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { AppendTooLarge, InvalidAppend, LogAccessDenied, LogUnavailable } from '../../errors.ts';
import { failureOf } from './client-failure.ts';

const clientError = (type: ErrorType, more: object = {}): Error =>
  Object.assign(new Error(type), { type, ...more });

describe('an error of the client', () => {
  it.each([
    [ErrorType.ACCESS_DENIED, LogAccessDenied],
    [ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED, AppendTooLarge],
    [ErrorType.STREAM_DELETED, InvalidAppend],
  ])('%s is a refusal', (type, error) => {
    expect(failureOf(clientError(type))).toMatchObject({ kind: 'refused', error: expect.any(error) });
  });

  it.each([
    ErrorType.UNAVAILABLE,
    ErrorType.DEADLINE_EXCEEDED,
    ErrorType.TIMEOUT,
    ErrorType.CANCELLED,
    ErrorType.UNKNOWN,
    ErrorType.NOT_LEADER,
  ])('%s leaves the outcome unknown', (type) => {
    const error = clientError(type);
    expect(failureOf(error)).toMatchObject({ kind: 'unknown', error: { cause: error } });
  });

  it('leaves the outcome unknown where it is a plain one of a broken connection', () => {
    const failure = failureOf(Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }));
    expect(failure).toMatchObject({ kind: 'unknown', error: expect.any(LogUnavailable) });
    expect(failureOf('thrown')).toMatchObject({ kind: 'unknown' });
  });

  it('tells a conflict and where the stream stands', () => {
    const type = ErrorType.WRONG_EXPECTED_VERSION;
    expect(failureOf(clientError(type, { actualVersion: 3n }))).toEqual({ kind: 'conflict', actual: 3n });
    expect(failureOf(clientError(type, { actualVersion: 'no_stream' }))).toEqual({
      kind: 'conflict',
      actual: undefined,
    });
  });
});
