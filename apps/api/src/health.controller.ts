import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Metrics } from './metrics.ts';
import { Reading } from './reading.ts';

/** For load balancers and monitors; tells nothing about people. */
@Controller()
@ApiTags('health')
export class HealthController {
  constructor(
    @Inject(Reading) private readonly reading: Reading,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get('healthz')
  @ApiOperation({ summary: '200 while the process runs.' })
  alive(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({
    summary: '200 once the projections have caught up and the warehouse answers, else 503 with why.',
  })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { isOpen } = this.reading;
    const caughtUp = isOpen && this.reading.pipeline().caughtUp;
    const warehouse = isOpen && (await this.reading.warehouse.ping());
    const ready = caughtUp && warehouse;
    await reply.status(ready ? 200 : 503).send({
      status: ready ? 'ready' : 'not ready',
      projections: caughtUp ? 'caught up' : 'catching up with the log',
      warehouse: warehouse ? 'answers' : 'does not answer',
    });
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics.' })
  async exposition(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.metrics.contentType).send(await this.metrics.expose());
  }
}
