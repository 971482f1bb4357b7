import { InvalidAnchor } from '../../errors.ts';
import type { Resolution, ResolveRequest } from '../../key-store.port.ts';
import { type IdentifierCache, type Known, nameOf } from './identifier-cache.ts';

// A round's work in this thread stays under about 10 ms, so that nothing else in the process waits longer.
const ROUND_IDENTIFIERS = 1024;

interface Call {
  readonly requests: readonly ResolveRequest[];
  readonly answer: (resolutions: readonly Resolution[]) => void;
  readonly fail: (error: unknown) => void;
}

/** Answers the requests that `take` gives, once it is this round's turn. `take` is called once, or not at all. */
export type Round = (take: () => readonly ResolveRequest[]) => Promise<readonly Resolution[]>;

/**
 * Answers known identifiers from memory at once. Everything else goes in rounds: while one round is under way
 * calls queue, and the next round takes them together, with one fsync for all.
 */
export class Resolver {
  #waiting: Call[] = [];
  #scheduled = false;

  constructor(
    private readonly cache: IdentifierCache,
    private readonly round: Round,
  ) {}

  /** See `KeyStore.resolve`. */
  resolve(requests: readonly ResolveRequest[]): Promise<readonly Resolution[]> {
    for (const { identifiers, anchor } of requests) {
      if (anchor < -1 || anchor >= identifiers.length) throw new InvalidAnchor(anchor, identifiers.length);
    }
    const known = this.#fromMemory(requests);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((answer, fail) => {
      this.#waiting.push({ requests, answer, fail });
      this.#schedule();
    });
  }

  #fromMemory(requests: readonly ResolveRequest[]): Resolution[] | undefined {
    const resolutions: Resolution[] = [];
    for (const { workspace, identifiers, anchor } of requests) {
      let anchored: Known | undefined;
      const refs = [];
      for (let i = 0; i < identifiers.length; i++) {
        const known = this.cache.get(nameOf(workspace, identifiers[i] as (typeof identifiers)[number]));
        if (known === undefined) return undefined;
        if (i === anchor) anchored = known;
        refs.push(known.ref);
      }
      if (!anchored?.key) return undefined;
      resolutions.push({ outcome: 'resolved', refs, anchorRef: anchored.ref, key: anchored.key });
    }
    return resolutions;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    let calls: readonly Call[] = [];
    const take = (): readonly ResolveRequest[] => {
      calls = this.#take();
      return calls.flatMap((call) => call.requests);
    };
    this.round(take).then(
      (resolutions) => {
        let at = 0;
        for (const { requests, answer } of calls) answer(resolutions.slice(at, (at += requests.length)));
      },
      (error: unknown) => {
        // A stopped store fails the round before it takes its calls.
        for (const { fail } of calls.length > 0 ? calls : this.#take()) fail(error);
      },
    );
  }

  #take(): readonly Call[] {
    let identifiers = 0;
    let count = 0;
    for (const { requests } of this.#waiting) {
      for (const request of requests) identifiers += request.identifiers.length;
      count++;
      if (identifiers >= ROUND_IDENTIFIERS) break;
    }
    const calls = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#scheduled = false;
    if (this.#waiting.length > 0) this.#schedule();
    return calls;
  }
}
