import type { Fitted } from '#analytics';
import type { FittedModel } from './fit-result.ts';

/** Of a fit what its event keeps. */
export function modelOf<Name extends string>(fit: Fitted<Name>): FittedModel<Name> {
  const { model, parameters, standardErrors, logLikelihood, gradientNorm, evaluations, customers } = fit;
  return { model, parameters, standardErrors, logLikelihood, gradientNorm, evaluations, customers };
}
