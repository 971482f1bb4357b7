import { describe, expect, it } from '@jest/globals';
import type { Ref } from '#kernel';
import { UnitOfWork } from '#state-store';
import { bondsOf, type Bonds } from './bonds.ts';
import { Walkthrough } from './testing/walkthrough.ts';

async function bonds(story: Walkthrough, ...refs: string[]): Promise<Bonds> {
  return bondsOf(new UnitOfWork(story.store), refs as Ref[]);
}

describe('what ties identifiers to others', () => {
  it('is nothing where nobody else was named with them', async () => {
    const story = new Walkthrough();
    await story.see('u1 e1');
    await story.see('e1 d1');
    await story.see('u2 d2');
    expect(await bonds(story, 'u1', 'e1', 'd1')).toEqual({ strangers: [], namedByOthers: [], closed: true });
  });

  it('tells what their own touchpoints named, and what touchpoints of others named of them', async () => {
    const story = new Walkthrough();
    await story.see('u1 e1');
    await story.see('u1 d9');
    await story.see('u2 d9');
    // The address is the first one's already.
    await story.see('u2 e1');
    expect(await bonds(story, 'u1', 'e1')).toEqual({
      strangers: [{ ns: 'device_id', ref: 'd9' }],
      namedByOthers: ['e1'],
      closed: false,
    });
  });

  it('is not known of an identifier that was never seen', async () => {
    expect(await bonds(new Walkthrough(), 'u7')).toMatchObject({ closed: true });
  });
});
