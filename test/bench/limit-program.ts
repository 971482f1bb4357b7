/**
 * The least work that keeps the promise of durable ingest (design §11): HTTP, JSON.parse, one group-committed
 * `fdatasync` append. No identity, no sealing, no duplicates. Started as a child; prints its address.
 */
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const file = await open(process.argv[2] as string, 'a');
let waiting: { body: Buffer; response: ServerResponse }[] = [];
let writing = false;

async function write(): Promise<void> {
  writing = true;
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    await file.writev(group.map(({ body }) => body));
    await file.datasync();
    for (const { response } of group) response.end('{"success":true}');
  }
  writing = false;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    JSON.parse(body.toString('utf8'));
    waiting.push({ body, response });
    if (!writing) void write();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
