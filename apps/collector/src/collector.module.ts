import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { EventLog } from '#event-log';
import type { KeyStore } from '#key-store';
import { allowBrowsers } from './browser-access.ts';
import { IngestController } from './ingest.controller.ts';
import { IngestHandler } from './ingest.handler.ts';
import { IngestService } from './ingest.service.ts';
import type { IngestResult } from './ingest.service.ts';
import { SdkSettingsController } from './sdk-settings.controller.ts';
import { WriteKeys } from './write-keys.ts';

/** What the collector needs of the process it runs in. */
export interface CollectorParts {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly writeKeys: WriteKeys;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Told of every answered request, for metrics. */
  readonly observe: (result: IngestResult) => void;
}

/** HTTP in, sealed touchpoints in the log out. */
@Module({})
export class CollectorModule implements OnModuleInit {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  /** The module over the engines of this process. */
  static over({ log, keys, writeKeys, now, observe }: CollectorParts): DynamicModule {
    const handler = new IngestHandler(new IngestService(log, keys, now), writeKeys, now, observe);
    return {
      module: CollectorModule,
      controllers: [IngestController, SdkSettingsController],
      providers: [
        { provide: IngestHandler, useValue: handler },
        { provide: WriteKeys, useValue: writeKeys },
      ],
    };
  }

  /** Opens the collector's paths to browsers. */
  onModuleInit(): void {
    allowBrowsers(this.host.httpAdapter.getInstance<FastifyInstance>());
  }
}
