import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailable } from '#event-log';
import type { AppendResult, EventLog, ExpectedRevision, NewEvent } from '#event-log';
import { reach } from '#kernel';
import type { EventId, Ref, Workspace } from '#kernel';
import type { ErasureCase, ErasureReport, ErasureSubject } from './erasure.ts';
import { erasureFinished, personErased, subjectStream } from './erasure-event.ts';
import type { ErasureRegister } from './erasure-register.ts';

/** How long an append of unknown outcome is tried again. */
const RETRIES = 50;
const RETRY_PAUSE_MS = 100;

/** What an order to erase came to. */
export interface Ordered {
  /** `repeated`: the person was erased before; `found` is that erasure. */
  readonly outcome: 'ordered' | 'repeated';
  readonly found: ErasureCase;
}

/** What a desk needs. */
export interface ErasureDeskParts {
  readonly log: EventLog;
  readonly register: ErasureRegister;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** Orders to erase people, and their ends, as events. All throw `LogUnavailable`: the change may have been made then. */
export class ErasureDesk {
  constructor(private readonly parts: ErasureDeskParts) {}

  /** Orders an erasure. From the answer on it is carried out, whoever dies. `subject.refs` must not be empty. */
  async order(
    workspace: Workspace,
    subject: ErasureSubject,
    by: { readonly actor: string; readonly reason: string },
  ): Promise<Ordered> {
    const { register, now } = this.parts;
    const first = (subject.refs[0] as { readonly ref: Ref }).ref;
    const event = personErased(randomUUID() as EventId, subject, { ...by, at: now() });
    const stream = subjectStream(workspace, first);
    const result = await this.#append(stream, event, 'noStream');
    reach('erasure-ordered');
    await register.catchUp(stream);
    const found = register.of(workspace, first) as ErasureCase;
    return { outcome: result.outcome === 'appended' ? 'ordered' : 'repeated', found };
  }

  /** Keeps what became of an erasure. The first word counts. */
  async finish({ erasure }: ErasureCase, report: ErasureReport): Promise<void> {
    const { workspace, erasureId, refs } = erasure;
    const stream = subjectStream(workspace, (refs[0] as { readonly ref: Ref }).ref);
    await this.#append(stream, erasureFinished(erasureId, this.parts.now(), report), 0n);
    await this.parts.register.catchUp(stream);
  }

  async #append(stream: string, event: NewEvent, expected: ExpectedRevision): Promise<AppendResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.parts.log.append(stream, [event], expected);
      } catch (error) {
        if (!(error instanceof LogUnavailable) || attempt === RETRIES) throw error;
        await pause(RETRY_PAUSE_MS);
      }
    }
  }
}
