import { Controller, Get, HttpException, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiExcludeEndpoint,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ItemError } from '#touchpoint';
import { NEUTRAL_PREFIX } from './ingest-paths.ts';
import { LinksBody } from './ingest.dto.ts';
import { MAX_LINKS, readLinkWish } from './link-request.ts';
import { MailLinks } from './mail-links.service.ts';
import { publicAddress } from './public-address.ts';
import { readJson } from './request-body.ts';
import { findWriteKey } from './write-key.ts';
import { WriteKeys } from './write-keys.ts';

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const NOT_KEPT = { 'cache-control': 'no-store, private', 'referrer-policy': 'no-referrer' };

/** Addresses that stand in mails: a picture that tells an open, a redirect that tells a click. */
@Controller()
@ApiTags('ingest')
export class MailLinksController {
  constructor(
    @Inject(MailLinks) private readonly links: MailLinks,
    @Inject(WriteKeys) private readonly writeKeys: WriteKeys,
  ) {}

  @Post('/v1/links')
  @ApiOperation({
    summary: 'Addresses for a mail: pictures that tell an open, redirects that tell a click.',
    description:
      'Needs a write key of a `server` source. The addresses are sealed: they tell nobody who got them, and nobody ' +
      'can make one that leads elsewhere. They hold as long as the master key.',
  })
  @ApiSecurity('writeKey')
  @ApiBody({ type: LinksBody })
  @ApiResponse({
    status: 200,
    description: '`links`: an address each, in order; `null` where `errors` says why.',
  })
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { headers, query, body } = request;
    const read = await readJson(body as Buffer | undefined, headers['content-encoding']);
    if (read.outcome === 'refused') throw new HttpException({ detail: read.message }, read.status);
    const { authorization } = headers;
    const header = headers['x-write-key'] as string | undefined;
    const key = findWriteKey({ authorization, header, body: read.json, query });
    const holder = key === undefined ? undefined : this.writeKeys.find(key);
    if (holder === undefined) throw new HttpException({ detail: 'a write key is needed' }, 401);
    const { workspace, source, trust } = holder.source;
    if (trust !== 'server') {
      const detail = 'links are made by a server source: whoever has a client key could name anybody';
      throw new HttpException({ detail }, 403);
    }
    const { links: wishes } = read.json as { links?: unknown };
    if (!Array.isArray(wishes) || wishes.length > MAX_LINKS) {
      throw new HttpException({ detail: `"links" must be an array of at most ${MAX_LINKS}` }, 400);
    }
    const address = `${publicAddress(request)}${NEUTRAL_PREFIX}`;
    const errors: ItemError[] = [];
    const links = wishes.map((raw, index) => {
      const wish = readLinkWish(raw, index);
      if ('code' in wish) {
        errors.push(wish);
        return null;
      }
      const token = this.links.seal({ ...wish, workspace, source });
      return wish.kind === 'open' ? `${address}/o/${token}.gif` : `${address}/c/${token}`;
    });
    await reply.status(200).send({ success: true, links, ...(errors.length > 0 ? { errors } : {}) });
  }

  @Get(`${NEUTRAL_PREFIX}/o/:picture`)
  @ApiExcludeEndpoint()
  async picture(
    @Param('picture') picture: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#follow(picture.replace(/\.gif$/, ''), 'open', request);
    await reply.headers(NOT_KEPT).type('image/gif').send(PIXEL);
  }

  @Get(`${NEUTRAL_PREFIX}/c/:token`)
  @ApiExcludeEndpoint()
  async click(
    @Param('token') token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const url = await this.#follow(token, 'click', request);
    if (url === undefined) throw new HttpException({ detail: 'this link is not one of ours' }, 404);
    await reply.headers(NOT_KEPT).redirect(url, 302);
  }

  /** Stores the event of a link of this kind; answers where it leads. HEAD looks without opening. */
  async #follow(token: string, kind: 'open' | 'click', request: FastifyRequest): Promise<string | undefined> {
    const link = this.links.open(token);
    if (link?.kind !== kind) return undefined;
    if (request.method === 'GET') await this.links.follow(token, link, request);
    return link.url;
  }
}
