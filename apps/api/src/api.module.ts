import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ConfigDesk, ConfigFollower, FitDesk, QualityDesk } from '#config';
import { ErasureDesk, ErasureRegister } from '#erasure';
import type { Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import type { Metrics } from '#apps/process';
import { Operations } from '#apps/projector';
import { RulePlans } from '#apps/projector';
import { AccessGuard, ApiKeys } from './access.ts';
import { AdminController } from './admin.controller.ts';
import { ContributionsController } from './contributions.controller.ts';
import { DecisionsController } from './decisions.controller.ts';
import { CorrectionsController } from './corrections.controller.ts';
import { ErasuresController } from './erasures.controller.ts';
import { EventSchemasController } from './event-schemas.controller.ts';
import { FitSchedulesController } from './fit-schedules.controller.ts';
import { FitsController } from './fits.controller.ts';
import { ExplanationsController } from './explanations.controller.ts';
import { IdentityRulesController } from './identity-rules.controller.ts';
import { IdentityController, KEY_STORE } from './identity.controller.ts';
import { Analyses } from './journeys/analyses.ts';
import { AnalyticsController } from './journeys/analytics.controller.ts';
import { ChannelsController } from './journeys/channels.controller.ts';
import { TimeZoneController } from './journeys/time-zone.controller.ts';
import { ReportsController } from './journeys/reports.controller.ts';
import { NationalIdsController } from './national-ids.controller.ts';
import { ProfilesController } from './profiles.controller.ts';
import { ProfilesService } from './profiles.service.ts';
import { QualityController } from './quality.controller.ts';
import { QualityService } from './quality.service.ts';
import { Reading } from './reading.ts';
import { RunningFits } from './running-fits.ts';
import { SourcesController } from './sources.controller.ts';
import { SqlController } from './sql.controller.ts';
import { ViolationsController } from './violations.controller.ts';

/** What the API needs of the process it runs in. */
export interface ApiParts {
  readonly keys: KeyStore;
  readonly apiKeys: ApiKeys;
  readonly config: ConfigFollower;
  readonly desk: ConfigDesk;
  readonly qualityDesk: QualityDesk;
  readonly fits: FitDesk;
  readonly erasures: ErasureRegister;
  readonly erasureDesk: ErasureDesk;
  readonly runningFits: RunningFits;
  readonly reading: Reading;
  readonly metrics: Metrics;
  readonly operations: Operations;
  readonly plans: RulePlans;
  readonly workspaces: readonly Workspace[];
  /** Ms since 1970 UTC. */
  readonly now: () => number;
}

/** Profiles, SQL and operation over HTTP. */
@Module({})
export class ApiModule {
  /** The module over the engines of this process. */
  static over(parts: ApiParts): DynamicModule {
    const { keys, apiKeys, config, desk, fits, runningFits, reading, metrics, operations, plans } = parts;
    const quality = new QualityService(reading, config, parts.now, parts.workspaces);
    metrics.watchAlerts(() => quality.allAlerts());
    const profiles = new ProfilesService(keys, reading);
    return {
      module: ApiModule,
      controllers: [
        ContributionsController,
        DecisionsController,
        ExplanationsController,
        ProfilesController,
        SqlController,
        AdminController,
        SourcesController,
        ViolationsController,
        IdentityController,
        ErasuresController,
        IdentityRulesController,
        CorrectionsController,
        QualityController,
        NationalIdsController,
        EventSchemasController,
        FitsController,
        FitSchedulesController,
        AnalyticsController,
        ReportsController,
        ChannelsController,
        TimeZoneController,
      ],
      providers: [
        { provide: ApiKeys, useValue: apiKeys },
        { provide: KEY_STORE, useValue: keys },
        { provide: ConfigFollower, useValue: config },
        { provide: ConfigDesk, useValue: desk },
        { provide: FitDesk, useValue: fits },
        { provide: ErasureRegister, useValue: parts.erasures },
        { provide: ErasureDesk, useValue: parts.erasureDesk },
        { provide: RunningFits, useValue: runningFits },
        { provide: Reading, useValue: reading },
        { provide: Operations, useValue: operations },
        { provide: RulePlans, useValue: plans },
        { provide: QualityDesk, useValue: parts.qualityDesk },
        { provide: QualityService, useValue: quality },
        { provide: ProfilesService, useValue: profiles },
        { provide: Analyses, useValue: new Analyses(reading, config) },
        AccessGuard,
      ],
    };
  }
}
