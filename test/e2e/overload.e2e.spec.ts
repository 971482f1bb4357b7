import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { untilItWorks } from '../support/retry.ts';
import { KEYS, makeDataDir, TemasProcess } from '../support/temas-process.ts';

const AUTHORIZATION = `Basic ${Buffer.from(`${KEYS.write}:`).toString('base64')}`;
const HALF_MEGABYTE = 512 * 1024;

describe('more than can be held', () => {
  const data = makeDataDir();
  let temas: TemasProcess;
  beforeAll(async () => {
    temas = await TemasProcess.start(data.path);
  }, 60_000);
  afterAll(async () => {
    await temas.stop();
    data.remove();
  });

  const post = (): Promise<Response> =>
    fetch(`${temas.url}/v1/track`, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION },
      body: JSON.stringify({ userId: 'u', event: 'Calm' }),
    });

  /** A request whose body is announced and does not come; with what is answered nevertheless. */
  async function announce(): Promise<{ socket: Socket; answer: () => string }> {
    const socket = connect(Number(new URL(temas.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const lines = ['host: t', `authorization: ${AUTHORIZATION}`, `content-length: ${HALF_MEGABYTE}`];
    socket.write(`POST /v1/batch HTTP/1.1\r\norigin: https://shop.example\r\n${lines.join('\r\n')}\r\n\r\n{`);
    return { socket, answer: () => answer };
  }

  it('is turned away before it is read, with a time to come back, in words a browser may read', async () => {
    expect((await post()).status).toBe(200);
    const announced = await Promise.all(Array.from({ length: 60 }, announce));
    // 24 MiB hold 47 of them.
    await untilItWorks(async () => {
      expect(announced.filter(({ answer }) => answer() !== '')).toHaveLength(13);
    });
    const [refusal] = announced.flatMap(({ answer }) => (answer() === '' ? [] : answer().toLowerCase()));
    expect(refusal).toMatch(/^http\/1.1 503 /);
    expect(refusal).toMatch(/\r\nretry-after: [1-9]/);
    expect(refusal).toMatch(/\r\naccess-control-allow-origin: https:\/\/shop.example\r\n/);
    expect(refusal).toMatch(/\r\naccess-control-expose-headers: [^\r]*retry-after/);
    for (const { socket } of announced) socket.destroy();
    expect((await post()).status).toBe(200);
  });

  it('waits its turn: 500 new connections at once are all taken', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = connect(Number(new URL(temas.url).port), '127.0.0.1');
        socket.write('GET /healthz HTTP/1.1\r\nhost: t\r\n\r\n');
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        socket.destroy();
        return chunk.toString('latin1', 0, 12);
      }),
    );
    expect(new Set(sockets)).toEqual(new Set(['HTTP/1.1 200']));
  });
});
