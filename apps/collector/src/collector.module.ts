import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { EventLog } from '#event-log';
import type { ConfigFollower } from '#config';
import type { KeyStore } from '#key-store';
import type { ArrivalTally } from '#quality';
import { allowBrowsers } from './browser-access.ts';
import { IngestController } from './ingest.controller.ts';
import { admit } from './admission.ts';
import { EventSchemas } from './event-schemas.ts';
import type { ViolationObserver } from './event-schemas.ts';
import { IngestHandler } from './ingest.handler.ts';
import { IngestService } from './ingest.service.ts';
import { Intake } from './intake.ts';
import type { IntakeMonitor } from './intake.ts';
import { MailLinksController } from './mail-links.controller.ts';
import { MailLinks } from './mail-links.service.ts';
import { SdkSettingsController } from './sdk-settings.controller.ts';
import { TrackerFiles } from './tracker-files.ts';
import { TrackerFilesController } from './tracker-files.controller.ts';
import { VisitorTokens } from './visitor-token.ts';
import { VisitorController } from './visitor.controller.ts';
import { WebhookController } from './webhook.controller.ts';
import { WebhookHandler } from './webhook.handler.ts';
import { WriteKeys } from './write-keys.ts';

/** What the collector needs of the process it runs in. */
export interface CollectorParts {
  readonly log: EventLog;
  readonly keys: KeyStore;
  readonly config: ConfigFollower;
  readonly tally: ArrivalTally;
  readonly writeKeys: WriteKeys;
  /** Ms since 1970 UTC. */
  readonly now: () => number;
  /** Told of what was taken, limited and turned away, for metrics. */
  readonly monitor: IntakeMonitor & { readonly violated: ViolationObserver };
}

/** HTTP in, sealed touchpoints in the log out. */
@Module({})
export class CollectorModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(Intake) private readonly intake: Intake,
  ) {}

  /** The module over the engines of this process. */
  static over({ log, keys, config, tally, writeKeys, now, monitor }: CollectorParts): DynamicModule {
    const schemas = new EventSchemas(config, (broken) => monitor.violated(broken));
    const intake = new Intake(new IngestService(log, keys, config, schemas, tally, now), monitor, now);
    return {
      module: CollectorModule,
      controllers: [
        IngestController,
        SdkSettingsController,
        WebhookController,
        MailLinksController,
        TrackerFilesController,
        VisitorController,
      ],
      providers: [
        { provide: Intake, useValue: intake },
        { provide: IngestHandler, useValue: new IngestHandler(intake, writeKeys) },
        { provide: WebhookHandler, useValue: new WebhookHandler(intake, writeKeys, keys) },
        { provide: TrackerFiles, useValue: new TrackerFiles() },
        { provide: VisitorTokens, useValue: new VisitorTokens(keys, now) },
        { provide: MailLinks, useValue: new MailLinks(intake, config, keys) },
        { provide: WriteKeys, useValue: writeKeys },
      ],
    };
  }

  /** Opens the collector's paths to browsers. */
  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    allowBrowsers(fastify);
    admit(fastify, () => this.intake.monitor.turnedAway());
  }
}
