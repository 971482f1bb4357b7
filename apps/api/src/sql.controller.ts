import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiKeys } from './access.ts';
import type { Caller } from './access.ts';
import { Reading } from './reading.ts';
import { waitFor } from './read-your-writes.ts';

/** The ClickHouse HTTP interface, read-only, for analysts and their tools. */
@Controller('sql')
@ApiTags('sql')
export class SqlController {
  constructor(
    @Inject(ApiKeys) private readonly apiKeys: ApiKeys,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @All(['', 'ping'])
  @ApiOperation({
    summary: 'One SELECT in ClickHouse SQL. Key as Bearer, as Basic password or in X-ClickHouse-Key.',
  })
  async query(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const url = new URL(request.url, 'http://temas');
    const path = url.pathname.slice('/sql'.length) || '/';
    const caller = this.#callerOf(request, url.searchParams);
    if (path === '/ping') {
      await reply.type('text/plain; charset=UTF-8').send('Ok.\n');
      return;
    }
    if (caller === undefined) {
      await reply
        .status(403)
        .headers({ 'x-clickhouse-exception-code': '516', 'content-type': 'text/plain; charset=UTF-8' })
        .send('Code: 516. DB::Exception: the key is missing or unknown. (AUTHENTICATION_FAILED)\n');
      return;
    }
    const { searchParams: query } = url;
    await waitFor(this.reading, 'warehouse', {
      after: take(query, 'after'),
      wait: take(query, 'wait'),
    });
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const { method, headers } = request;
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    const answer = await this.reading.door.handle(
      { method, path, query, headers, body, signal: gone.signal, caller: caller.id },
      caller.workspace,
    );
    await reply.status(answer.status).headers(answer.headers).send(answer.body);
  }

  #callerOf({ headers }: FastifyRequest, query: URLSearchParams): Caller | undefined {
    const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const basic = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const password = basic && Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
    const named = headers['x-clickhouse-key'];
    const key = bearer ?? password ?? (Array.isArray(named) ? named[0] : named) ?? query.get('password');
    return key ? this.apiKeys.find(key) : undefined;
  }
}

/** Takes a parameter of ours out of those that the engine is to see. */
function take(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name) ?? undefined;
  query.delete(name);
  return value;
}
