import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BatchBody, IngestAnswerBody, ItemBody } from './ingest.dto.ts';
import { IngestHandler } from './ingest.handler.ts';
import type { Call } from './ingest.handler.ts';

/** The Segment-compatible doors. Bodies are read by path: the content type does not matter. */
@Controller('v1')
@ApiTags('ingest')
@ApiSecurity('writeKey')
@ApiResponse({
  status: 200,
  type: IngestAnswerBody,
  description: 'Durable. Bad items are listed in `errors`.',
})
@ApiResponse({ status: 400, description: 'Nothing was stored and sending the same again will not help.' })
@ApiResponse({ status: 401, description: 'The write key is missing or unknown.' })
@ApiResponse({ status: 413, description: 'The body is too large after decompression.' })
@ApiResponse({
  status: 503,
  description: 'Nothing is promised: send the same again after `Retry-After` seconds.',
})
export class IngestController {
  constructor(@Inject(IngestHandler) private readonly handler: IngestHandler) {}

  @Post('track')
  @ApiOperation({ summary: 'What a person did.' })
  @ApiBody({ type: ItemBody })
  track(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('track', request, reply);
  }

  @Post('identify')
  @ApiOperation({ summary: 'Who a person is, with traits.' })
  @ApiBody({ type: ItemBody })
  identify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('identify', request, reply);
  }

  @Post('page')
  @ApiOperation({ summary: 'A page that was seen.' })
  @ApiBody({ type: ItemBody })
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('page', request, reply);
  }

  @Post('screen')
  @ApiOperation({ summary: 'An app screen that was seen.' })
  @ApiBody({ type: ItemBody })
  screen(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('screen', request, reply);
  }

  @Post('group')
  @ApiOperation({ summary: 'The account a person belongs to.' })
  @ApiBody({ type: ItemBody })
  group(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('group', request, reply);
  }

  @Post('alias')
  @ApiOperation({ summary: 'Two ids of one person.' })
  @ApiBody({ type: ItemBody })
  alias(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('alias', request, reply);
  }

  @Post('batch')
  @ApiOperation({ summary: 'Up to 2,500 items of any kind; each is judged by itself.' })
  @ApiBody({ type: BatchBody })
  batch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('batch', request, reply);
  }

  @Post('import')
  @ApiOperation({ summary: 'A batch of history: rows without a sound time are refused instead of flagged.' })
  @ApiBody({ type: BatchBody })
  import(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle('import', request, reply);
  }

  async #handle(call: Call, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { headers, query, body } = request;
    const answer = await this.handler.handle(call, { headers, query, body: body as Buffer | undefined });
    await reply
      .status(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body);
  }
}
