import { randomUUID } from 'node:crypto';
import type { EventId, Position, Workspace } from '#kernel';
import type { ConfigDeskParts, Author } from '../config-desk.ts';
import type { Authorship } from '../config-event.ts';
import { ConfigWriter } from '../config-writer.ts';
import type { Written } from '../config-writer.ts';
import type { TooMany } from '../decided.ts';
import { decideFit, decideFitEnd, decideSchedule, decideUnschedule } from './decide-fit.ts';
import type { FitEnd, FitHasEnded, UnknownFit, UnknownSchedule } from './decide-fit.ts';
import type { FitRequest } from './fit.ts';

/** A fit is in the queue. */
export interface FitQueued {
  readonly outcome: 'queued';
  readonly runId: EventId;
  /** Of the request: the fit sees all that lies before it. */
  readonly position: Position;
}

/**
 * What is asked of fits and what they came to, as events: so both survive a rebuild. Answers when the follower of
 * this process has seen the change. All throw `LogUnavailable`.
 */
export class FitDesk {
  readonly #writer: ConfigWriter;

  constructor(private readonly parts: Omit<ConfigDeskParts, 'keys'>) {
    this.#writer = new ConfigWriter(parts.log, parts.follower);
  }

  /** Asks for a fit; `schedule` names the schedule that does. */
  async request(
    author: Author,
    request: FitRequest,
    schedule: string | null = null,
  ): Promise<FitQueued | TooMany> {
    const runId = randomUUID() as EventId;
    const by = this.#by(author);
    const result = await this.#writer.write(author.workspace, (state) =>
      decideFit(state, runId, request, schedule, by),
    );
    if (result.outcome !== 'written') return result;
    return { outcome: 'queued', runId, position: result.position };
  }

  /** Keeps how a fit ended. The first end counts: what is cancelled is not succeeded later. */
  end(author: Author, runId: EventId, end: FitEnd): Promise<Written | UnknownFit | FitHasEnded> {
    const by = this.#by(author);
    return this.#writer.write(author.workspace, (state) => decideFitEnd(state, runId, end, by));
  }

  /** Sets or replaces a schedule. */
  schedule(
    author: Author,
    name: string,
    request: FitRequest,
    everyHours: number,
  ): Promise<Written | TooMany> {
    const by = this.#by(author);
    return this.#writer.write(author.workspace, (state) =>
      decideSchedule(state, name, request, everyHours, by),
    );
  }

  /** Removes a schedule; its runs stay. */
  unschedule(author: Author, name: string): Promise<Written | UnknownSchedule> {
    const by = this.#by(author);
    return this.#writer.write(author.workspace, (state) => decideUnschedule(state, name, by));
  }

  #by({ actor }: { readonly workspace: Workspace; readonly actor: string }): Authorship {
    return { actor, at: this.parts.now() };
  }
}
