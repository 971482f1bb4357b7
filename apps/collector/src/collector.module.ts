import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { EventLog } from '#event-log';
import type { KeyStore } from '#key-store';
import { IngestController } from './ingest.controller.ts';
import { IngestHandler } from './ingest.handler.ts';
import { IngestService } from './ingest.service.ts';
import type { IngestResult } from './ingest.service.ts';
import type { WriteKeys } from './write-keys.ts';

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
export class CollectorModule {
  /** The module over the engines of this process. */
  static over({ log, keys, writeKeys, now, observe }: CollectorParts): DynamicModule {
    const handler = new IngestHandler(new IngestService(log, keys, now), writeKeys, now, observe);
    return {
      module: CollectorModule,
      controllers: [IngestController],
      providers: [{ provide: IngestHandler, useValue: handler }],
    };
  }
}
