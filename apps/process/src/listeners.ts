import { fork } from 'node:child_process';
import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Connections that may wait for the process; beyond them the system lets clients knock again, ever more slowly. */
export const BACKLOG = 4_096;

/** Connections that a turn of the event loop takes. All of them ask at each arrival, which costs some 90 µs. */
const LISTENERS = 128;

const HAND_BACK = fileURLToPath(new URL('./hand-back.js', import.meta.url));

/**
 * Lets a listening server take many connections in a turn of the event loop. libuv takes one a turn and listener, so
 * that a process whose turns last 200 ms, as they do at three times what it can take, takes 5 new connections a second
 * and the system resets most of 6,000 clients after two minutes; with these listeners on the same socket it has them
 * all within 5 s, and what is too much gets its 503. Answers the listeners: close them before the server. Without the
 * helper process there are fewer of them, which costs speed only.
 */
export async function addListeners(server: HttpServer): Promise<readonly Server[]> {
  const listeners: Server[] = [];
  // What has no public name is the descriptor alone: a server that is sent would take connections over there.
  const { _handle: socket } = server as unknown as { readonly _handle: unknown };
  await new Promise<void>((resolve) => {
    const helper = fork(HAND_BACK, { execArgv: [], stdio: 'ignore' });
    helper.once('error', () => resolve());
    helper.once('exit', () => resolve());
    helper.on('message', (_copy, handle) => {
      const listener = createServer({ noDelay: true }, (connection) => server.emit('connection', connection));
      listeners.push(listener.listen(handle, BACKLOG));
      if (listeners.length === LISTENERS - 1) helper.disconnect();
    });
    helper.send(LISTENERS - 1, socket as never, () => undefined);
  });
  return listeners;
}
