import { TemasError } from '#kernel';

/** A day's row names a session that has no row: the state is damaged, rebuild it. */
export class SessionMissing extends TemasError {
  override readonly name = 'SessionMissing';

  constructor(sessionId: string) {
    super('SESSION.MISSING', `a segment names session ${sessionId}, which has no row`);
  }
}
