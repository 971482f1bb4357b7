import { describe, expect, it } from '@jest/globals';
import type { Position } from '#kernel';
import { positionsBackFrom } from './recorded-size.ts';
import type { ProposedEvent } from './proposed-event.ts';

const event = (type: string, dataSize: number, metadataSize: number): ProposedEvent => ({
  id: '',
  type,
  contentType: 'application/octet-stream',
  data: new Uint8Array(0),
  dataSize,
  metadata: new Uint8Array(metadataSize),
});

describe('positions of an append', () => {
  it('are those that a server of version 23.10 gave', () => {
    // Stream of 40 bytes, events `Tested` of 100 bytes with 7 of metadata, as recorded from one.
    const events = [0, 1, 2].map(() => event('Tested', 100, 7));
    expect(positionsBackFrom(1219n as Position, 's'.repeat(40), events)).toEqual([733n, 976n, 1219n]);
  });

  it('count names in bytes, and the length of long ones in two', () => {
    const [first, second] = positionsBackFrom(10_000n as Position, 's'.repeat(130), [
      event('é', 1, 0),
      event('a', 9, 9),
    ]);
    expect((second as bigint) - (first as bigint)).toBe(BigInt(88 + 132 + 3 + 1));
  });
});
