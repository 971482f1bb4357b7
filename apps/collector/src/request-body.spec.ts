import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { MAX_BODY_BYTES, readJson } from './request-body.ts';

describe('readJson', () => {
  it('reads plain and gzipped JSON', async () => {
    const text = Buffer.from('{"a":"ğ"}');
    expect(await readJson(text, undefined)).toEqual({
      outcome: 'read',
      json: { a: 'ğ' },
      bytes: text.length,
    });
    expect(await readJson(gzipSync(text), 'gzip')).toEqual({
      outcome: 'read',
      json: { a: 'ğ' },
      bytes: text.length,
    });
  });

  it('skips a byte order mark', async () => {
    expect(await readJson(Buffer.from('\ufeff{"a":1}'), undefined)).toMatchObject({ json: { a: 1 } });
    expect(await readJson(Buffer.from('{}'), undefined)).toMatchObject({ json: {} });
  });

  it('stops unfolding a small body that becomes a large one', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
    expect(bomb.length).toBeLessThan(MAX_BODY_BYTES);
    expect(await readJson(bomb, 'gzip')).toMatchObject({ outcome: 'refused', status: 413 });
  });

  it('says what is wrong', async () => {
    expect(await readJson(undefined, undefined)).toMatchObject({ status: 400 });
    expect(await readJson(Buffer.from('{'), undefined)).toMatchObject({ status: 400 });
    expect(await readJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]), undefined)).toMatchObject({ status: 400 });
    expect(await readJson(Buffer.from('{}'), 'gzip')).toMatchObject({ status: 400 });
    expect(await readJson(Buffer.from('{}'), 'br')).toMatchObject({ status: 415 });
    expect(await readJson(Buffer.alloc(MAX_BODY_BYTES + 1, 0x20), undefined)).toMatchObject({ status: 413 });
  });
});
