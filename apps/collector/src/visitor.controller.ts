import { Controller, HttpCode, HttpException, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NEUTRAL_PREFIX } from './ingest-paths.ts';
import { protocolOf } from './public-address.ts';
import { readJson } from './request-body.ts';
import { HANDOVER_SECONDS, VisitorTokens } from './visitor-token.ts';
import { findWriteKey } from './write-key.ts';
import { WriteKeys } from './write-keys.ts';
import type { KeyHolder } from './write-keys.ts';

/** Browsers keep no cookie longer. */
const COOKIE_SECONDS = 400 * 24 * 3600;

const ID = /^[\w.~-]{8,100}$/;
const DOMAIN = /^[a-z0-9.-]{1,253}$/;

/** What the snippet asks of the server about its visitor's device. */
@Controller(`${NEUTRAL_PREFIX}/v1`)
@ApiExcludeController()
export class VisitorController {
  constructor(
    @Inject(VisitorTokens) private readonly tokens: VisitorTokens,
    @Inject(WriteKeys) private readonly writeKeys: WriteKeys,
  ) {}

  /**
   * Sets the device id as a cookie of this server. Browsers that let a script's cookies live for a week keep this one.
   * `domain` must be one that this server belongs to; the browser refuses what is no site of its own.
   */
  @Post('cookie')
  @HttpCode(204)
  async cookie(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { body } = await this.#read(request);
    const id = idOf(body);
    const domain = body.domain;
    const own = request.hostname;
    const wider = typeof domain === 'string' && DOMAIN.test(domain) && `.${own}`.endsWith(`.${domain}`);
    const parts = [
      `temas_id=${id}`,
      'Path=/',
      `Max-Age=${COOKIE_SECONDS}`,
      'SameSite=Lax',
      ...(wider && domain !== own ? [`Domain=${domain}`] : []),
      ...(protocolOf(request) === 'https' ? ['Secure'] : []),
    ];
    await reply.status(204).header('set-cookie', parts.join('; ')).header('cache-control', 'no-store').send();
  }

  /** A token that stands for the device in an address of another site. */
  @Post('handover')
  @HttpCode(200)
  async handOver(@Req() request: FastifyRequest): Promise<{ token: string; expiresIn: number }> {
    const { body, holder } = await this.#read(request);
    const { workspace, source } = holder.source;
    const token = this.tokens.issue({ workspace, source, anonymousId: idOf(body) });
    return { token, expiresIn: HANDOVER_SECONDS };
  }

  /** The device behind a token, once. */
  @Post('handover/redeem')
  @HttpCode(200)
  async redeem(@Req() request: FastifyRequest): Promise<{ anonymousId: string }> {
    const { body, holder } = await this.#read(request);
    const token = typeof body.token === 'string' ? body.token : '';
    const visitor = this.tokens.redeem(token, holder.source.workspace);
    if (visitor === undefined) {
      throw new HttpException({ detail: 'the token is not ours, too old or used' }, 410);
    }
    return { anonymousId: visitor.anonymousId };
  }

  async #read(request: FastifyRequest): Promise<{ body: Record<string, unknown>; holder: KeyHolder }> {
    const { headers, query } = request;
    const read = await readJson(request.body as Buffer | undefined, headers['content-encoding']);
    if (read.outcome === 'refused') throw new HttpException({ detail: read.message }, read.status);
    const header = headers['x-write-key'] as string | undefined;
    const key = findWriteKey({ authorization: headers.authorization, header, body: read.json, query });
    const holder = key === undefined ? undefined : this.writeKeys.find(key);
    if (holder === undefined) throw new HttpException({ detail: 'a write key is needed' }, 401);
    return { body: read.json as Record<string, unknown>, holder };
  }
}

function idOf({ anonymousId }: Record<string, unknown>): string {
  if (typeof anonymousId === 'string' && ID.test(anonymousId)) return anonymousId;
  const detail = 'anonymousId must have 8 to 100 letters, digits or . _ ~ -';
  throw new HttpException({ detail }, 400);
}
