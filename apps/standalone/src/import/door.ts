import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '#kernel';
import { ImportStopped } from './errors.ts';

/** What the door says of one item of a request. */
export interface ItemRemark {
  readonly index: number;
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

/** What the door answers when a request is durable. */
export interface DoorAnswer {
  readonly errors: readonly ItemRemark[];
  readonly warnings: readonly ItemRemark[];
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const ANSWER_WITHIN_MS = 60_000;
/** A restart of Temas on a large directory takes seconds; after so long somebody has to look. */
const GIVE_UP_AFTER_MS = 180_000;

/** The import door of a running Temas. */
export class Door {
  #answered = false;

  /**
   * @param stop ends waiting between two attempts; a request under way may still be answered
   * @param onTrouble told why a request has to be sent again
   */
  constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly stop: AbortSignal,
    private readonly onTrouble: (why: string) => void,
  ) {}

  /**
   * Sends a request until it is answered: without an answer nobody knows whether it was stored, and its message ids
   * make the repetition harmless. Throws {@link ImportStopped} where trying again would not help.
   */
  async post(body: string): Promise<DoorAnswer> {
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      this.stop.throwIfAborted();
      const { answer, why, after } = await this.#attempt(body);
      if (answer !== undefined) return answer;
      if (performance.now() > giveUpAt) {
        throw new ImportStopped(
          `Temas at ${this.url} takes nothing (${why}); the same command goes on from here`,
        );
      }
      this.onTrouble(why);
      await pause(Math.max(wait, after * 1000), undefined, { signal: this.stop }).catch(() => undefined);
    }
  }

  async #attempt(body: string): Promise<{ answer?: DoorAnswer; why: string; after: number }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.url}/v1/import`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${this.key}:`).toString('base64')}` },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      text = await response.text();
    } catch (cause) {
      const why = messageOf((cause as Error).cause ?? cause);
      if (!this.#answered) {
        throw new ImportStopped(`no Temas answers at ${this.url} (${why}); start it first`, { cause });
      }
      return { why, after: 0 };
    }
    this.#answered = true;
    if (response.ok) return { answer: answerOf(text, this.url), why: '', after: 0 };
    if (response.status === 429 || response.status >= 500) {
      const after = Number(response.headers.get('retry-after'));
      return { why: `status ${response.status}`, after: Number.isFinite(after) ? Math.min(after, 60) : 0 };
    }
    throw new ImportStopped(`Temas refused the request with status ${response.status}: ${messageIn(text)}`);
  }
}

function answerOf(text: string, url: string): DoorAnswer {
  const body = parsed(text) as
    { success?: unknown; errors?: ItemRemark[]; warnings?: ItemRemark[] } | undefined;
  if (body?.success !== true) throw new ImportStopped(`what answers at ${url} is no Temas`);
  return { errors: body.errors ?? [], warnings: body.warnings ?? [] };
}

function messageIn(text: string): string {
  const message = (parsed(text) as { message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? message : text.slice(0, 200);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
