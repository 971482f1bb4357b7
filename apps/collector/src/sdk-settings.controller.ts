import {
  Controller,
  Get,
  Header,
  Headers,
  Inject,
  NotFoundException,
  Param,
  Query,
  Req,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { NEUTRAL_PREFIX } from './ingest-paths.ts';
import { protocolOf } from './public-address.ts';
import { findWriteKey } from './write-key.ts';
import { WriteKeys } from './write-keys.ts';

/**
 * What browser SDKs ask for before they send anything; without an answer they never send (wire contract §4.9). The
 * bodies are the least that makes them work. They name no destination, so that none is loaded.
 */
@Controller()
@ApiExcludeController()
export class SdkSettingsController {
  constructor(@Inject(WriteKeys) private readonly writeKeys: WriteKeys) {}

  /** For analytics-next: events go to the host that was asked, under the prefix that was asked. */
  @Get(['/v1/projects/:writeKey/settings', `${NEUTRAL_PREFIX}/v1/projects/:writeKey/settings`])
  @Header('cache-control', 'no-store')
  segment(@Param('writeKey') writeKey: string, @Req() request: FastifyRequest): object {
    this.#check(writeKey);
    const prefix = request.url.startsWith(`${NEUTRAL_PREFIX}/`) ? NEUTRAL_PREFIX : '';
    return {
      integrations: {
        'Segment.io': {
          apiKey: writeKey,
          apiHost: `${request.host}${prefix}/v1`,
          protocol: protocolOf(request),
        },
      },
    };
  }

  /** For RudderStack's browser SDK; its write key comes as Basic and in the query. */
  @Get(['/sourceConfig', `${NEUTRAL_PREFIX}/sourceConfig`])
  @Header('cache-control', 'no-store')
  rudderStack(@Headers('authorization') authorization: string | undefined, @Query() query: unknown): object {
    const writeKey = findWriteKey({ authorization, query }) ?? '';
    const { source, workspace } = this.#check(writeKey).source;
    const off = { enabled: false };
    return {
      source: {
        id: source,
        name: source,
        writeKey,
        enabled: true,
        workspaceId: workspace,
        config: { statsCollection: { errors: off, metrics: off } },
        destinations: [],
      },
    };
  }

  #check(writeKey: string): NonNullable<ReturnType<WriteKeys['find']>> {
    const found = this.writeKeys.find(writeKey);
    if (found === undefined) throw new NotFoundException({ detail: 'no source has this write key' });
    return found;
  }
}
