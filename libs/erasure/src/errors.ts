import { TemasError } from '#kernel';

/** An event of a `subject-` stream was written by a newer version: this one must not guess what it means. */
export class UnreadableErasure extends TemasError {
  override readonly name = 'UnreadableErasure';

  constructor(type: string, schema: unknown) {
    super(
      'ERASURE.UNREADABLE',
      `an erasure event ${type} has version ${String(schema)}; this Temas is too old for it`,
    );
  }
}
