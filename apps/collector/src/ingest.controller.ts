import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiExcludeEndpoint,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BatchBody, IngestAnswerBody, ItemBody } from './ingest.dto.ts';
import { IngestHandler } from './ingest.handler.ts';
import { BATCH_PATHS, callOf, ITEM_PATHS, SDK_METRICS_PATHS, SDK_PATHS } from './ingest-paths.ts';
import type { Call } from './ingest-paths.ts';

/** The doors for touchpoints: the path says what a body is, never its content type. */
@Controller()
@ApiTags('ingest')
@ApiSecurity('writeKey')
@ApiResponse({
  status: 200,
  type: IngestAnswerBody,
  description: 'Durable. Bad items are listed in `errors`.',
})
@ApiResponse({ status: 400, description: 'Nothing was stored and sending the same again will not help.' })
@ApiResponse({ status: 401, description: 'The write key is missing or unknown.' })
@ApiResponse({
  status: 429,
  description: 'Over the rate limit of the key: send again after `Retry-After` seconds.',
})
@ApiResponse({ status: 413, description: 'The body is too large after decompression.' })
@ApiResponse({
  status: 503,
  description: 'Nothing is promised: send the same again after `Retry-After` seconds.',
})
export class IngestController {
  constructor(@Inject(IngestHandler) private readonly handler: IngestHandler) {}

  @Post([...ITEM_PATHS])
  @ApiOperation({
    summary: 'One touchpoint of the kind that the path names.',
    description:
      'track: what a person did; identify: who a person is, with traits; page and screen: what a person saw; ' +
      'group: the account a person belongs to; alias: two ids of one person.',
  })
  @ApiBody({ type: ItemBody })
  item(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle(request, reply);
  }

  @Post([...BATCH_PATHS])
  @ApiOperation({
    summary: 'Up to 2,500 items of any kind; each is judged by itself.',
    description: 'import takes history: rows without a sound time are refused instead of flagged.',
  })
  @ApiBody({ type: BatchBody })
  batch(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle(request, reply);
  }

  @Post([...SDK_PATHS])
  @ApiExcludeEndpoint()
  fromSdk(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.#handle(request, reply);
  }

  /** Measurements that analytics-next sends about itself: taken, so that it does not try again, and dropped. */
  @Post([...SDK_METRICS_PATHS])
  @HttpCode(200)
  @ApiExcludeEndpoint()
  sdkMetrics(): { success: true } {
    return { success: true };
  }

  async #handle(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const call = callOf(request.routeOptions.url as string) as Call;
    const answer = await this.handler.handle(call, request);
    await reply
      .status(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body);
  }
}
