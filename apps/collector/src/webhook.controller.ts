import { Controller, Get, Inject, Param, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IngestAnswerBody } from './ingest.dto.ts';
import { publicAddress } from './public-address.ts';
import { WebhookHandler } from './webhook.handler.ts';
import { WriteKeys } from './write-keys.ts';

/** The door for vendors that can do no more than post to an address. */
@Controller('v1/sources/:key/webhook')
@ApiTags('ingest')
@ApiParam({ name: 'key', description: 'A write key of the source.' })
export class WebhookController {
  constructor(
    @Inject(WebhookHandler) private readonly handler: WebhookHandler,
    @Inject(WriteKeys) private readonly writeKeys: WriteKeys,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'A delivery of a webhook: JSON, an array of items, lines of JSON or a form.',
    description:
      'Each item is a touchpoint, sealed as it came and read by the mapping of its source. Signatures are checked ' +
      'where the source has a secret.',
  })
  @ApiResponse({ status: 200, type: IngestAnswerBody, description: 'Durable.' })
  @ApiResponse({ status: 400, description: 'Neither JSON nor a form.' })
  @ApiResponse({ status: 401, description: 'The key is not known, or the signature is missing or wrong.' })
  @ApiResponse({ status: 429, description: 'Over the rate limit: send again after `Retry-After` seconds.' })
  @ApiResponse({ status: 503, description: 'Nothing is promised: send again after `Retry-After` seconds.' })
  async deliver(
    @Param('key') key: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { headers, query, body, raw } = request;
    const contentType = contentTypeOf(raw.rawHeaders);
    const address = `${publicAddress(request)}${request.url}`;
    const answer = await this.handler.handle(key, { headers, query, body, contentType, address });
    await reply
      .status(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body);
  }

  /** Vendors ask whether the address is there before they take it. */
  @Get()
  @ApiOperation({ summary: 'Whether this address takes webhooks.' })
  exists(@Param('key') key: string): { readonly success: true } {
    if (this.writeKeys.find(key) === undefined)
      throw new UnauthorizedException({ detail: 'no source has this key' });
    return { success: true };
  }
}

/** The content type as it was sent: the parsed headers lack it, so that no type is refused. */
function contentTypeOf(rawHeaders: readonly string[]): string | undefined {
  const at = rawHeaders.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === 'content-type');
  return at === -1 ? undefined : rawHeaders[at + 1];
}
