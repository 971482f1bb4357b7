import { TemasError } from '#kernel';

/** A pattern that is not taken; the message says why and goes on from "the pattern". */
export class PatternRefused extends TemasError {
  override readonly name = 'PatternRefused';

  constructor(message: string) {
    super('CONFIG.PATTERN_REFUSED', message);
  }
}
