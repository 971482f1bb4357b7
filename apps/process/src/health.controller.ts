import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Metrics } from './metrics.ts';
import type { ReadinessCheck } from './readiness.ts';

/** Injection token of the process's {@link ReadinessCheck}. */
export const READINESS = Symbol('temas:readiness');

/** For load balancers and monitors; tells nothing about people. */
@Controller()
@ApiTags('health')
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly check: ReadinessCheck,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: '200 while the process runs.' })
  alive(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({ summary: '200 once the process can do all of its work, else 503 with what is missing.' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { missing, parts } = await this.check();
    const ready = missing.length === 0;
    await reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', ...(ready ? {} : { missing }), ...parts });
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics.' })
  async exposition(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.metrics.contentType).send(await this.metrics.expose());
  }
}
