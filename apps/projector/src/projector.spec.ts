import { describe, expect, it } from '@jest/globals';
import type { Lease } from '#state-store';
import { Projector } from './projector.ts';
import type { Running } from './projector.ts';

const LINES = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A lease that a test can take away. */
class Fake implements Lease {
  readonly name = 'projector';
  readonly #abort = new AbortController();
  released = false;

  constructor(readonly epoch: bigint) {}

  get lost(): AbortSignal {
    return this.#abort.signal;
  }

  lose(): void {
    this.#abort.abort();
  }

  async release(): Promise<void> {
    this.released = true;
  }
}

async function soon(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** A projector whose leases are given one by one, and what it did. */
function projectorOf(leases: Fake[]): { projector: Projector<Running>; done: string[] } {
  const done: string[] = [];
  const projector = Projector.start({
    acquire: async (signal) => {
      const lease = leases.shift();
      if (lease === undefined) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return lease;
    },
    open: async ({ epoch }) => {
      done.push(`open ${epoch}`);
      return { stop: async () => void done.push(`stop ${epoch}`) };
    },
    lines: LINES,
    onStuck: () => void done.push('stuck'),
  });
  return { projector, done };
}

describe('Projector', () => {
  it('stands by until it has the lease, and ends what it began when it closes', async () => {
    const lease = new Fake(7n);
    const { projector, done } = projectorOf([lease]);
    await projector.opened;
    expect([projector.role, done]).toEqual(['active', ['open 7']]);
    await projector.close();
    expect([projector.role, done, lease.released]).toEqual(['stopped', ['open 7', 'stop 7'], true]);
  });

  it('stops when the lease is lost, and is active again when it gets it back', async () => {
    const first = new Fake(1n);
    const { projector, done } = projectorOf([first, new Fake(3n)]);
    await projector.opened;
    first.lose();
    await soon(() => done.includes('open 3'));
    expect(done).toEqual(['open 1', 'stop 1', 'open 3']);
    await projector.close();
  });

  it('ends while it waits for a lease that nobody gives', async () => {
    const { projector, done } = projectorOf([]);
    expect(projector.role).toBe('standby');
    await projector.close();
    await projector.opened;
    expect(done).toEqual([]);
  });
});
