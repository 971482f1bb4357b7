import { TemasError } from '#kernel';

/** What was to be explained changed under every attempt to read it. Asking again helps. */
export class ExplanationUnavailable extends TemasError {
  constructor() {
    super('IDENTITY.UNAVAILABLE', 'the profile changed while it was read, several times over');
  }
}
