import { TemasError } from '#kernel';

/** A caller handed in what no purchase history can be: a bug upstream, never a property of real customers. */
export class InvalidHistory extends TemasError {
  override readonly name = 'InvalidHistory';
  constructor(message: string) {
    super('ANALYTICS.INVALID_HISTORY', message);
  }
}

/** Parameters or options outside the domain of a formula (negative shape, unknown name, rate below zero). */
export class InvalidArgument extends TemasError {
  override readonly name = 'InvalidArgument';
  constructor(message: string) {
    super('ANALYTICS.INVALID_ARGUMENT', message);
  }
}

/** A series did not settle within its bound: a number is never returned in its place. */
export class NotConverged extends TemasError {
  override readonly name = 'NotConverged';
  constructor(message: string) {
    super('ANALYTICS.NOT_CONVERGED', message);
  }
}
