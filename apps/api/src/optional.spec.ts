import { expect, it } from '@jest/globals';
import { FitBody, fitRequestOf } from './fits.dto.ts';
import { JsonBody } from './json-body.pipe.ts';
import { SignedBody, signatureOf } from './signed.dto.ts';

const bodyOf = (value: object): Buffer => Buffer.from(JSON.stringify(value));

it('a member that is null is one that is missing', () => {
  const silent = { model: null, basis: null, timeUnit: null, start: null, cutoff: null, currency: null };
  const fit = new JsonBody(FitBody);
  const today = '2026-12-01';
  expect(fitRequestOf(fit.transform(bodyOf(silent)), today)).toEqual(
    fitRequestOf(fit.transform(bodyOf({})), today),
  );
  const signed = new JsonBody(SignedBody).transform(bodyOf({ reason: 'asked by mail', actor: null }));
  expect(signatureOf({ role: 'admin' }, signed)).toBe('admin');
});

it('one that has to be there may not be null', () => {
  expect(() => new JsonBody(SignedBody).transform(bodyOf({ reason: null }))).toThrow();
});
