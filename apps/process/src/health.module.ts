import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { HealthController, READINESS } from './health.controller.ts';
import { Metrics } from './metrics.ts';
import type { ReadinessCheck } from './readiness.ts';

/** Health, readiness and metrics, the same paths in every process. */
@Module({})
export class HealthModule {
  /** The module of a process. */
  static over(metrics: Metrics, readiness: ReadinessCheck): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [
        { provide: Metrics, useValue: metrics },
        { provide: READINESS, useValue: readiness },
      ],
    };
  }
}
