import { Controller, Get, Inject, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { databaseOf } from '#warehouse';
import { AccessGuard, Allow } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { waitFor } from './read-your-writes.ts';
import { Reading } from './reading.ts';

const MOST_ROWS = 1_000;

/** Where the stored touchpoints break the schemas of their events. */
@Controller('v1/schemas/violations')
@ApiTags('configuration')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin', 'analyst')
export class ViolationsController {
  constructor(@Inject(Reading) private readonly reading: Reading) {}

  @Get()
  @ApiOperation({
    summary: 'Violations per source, event and place, most frequent first.',
    description:
      'Counts the touchpoints that were kept. Those that a source refuses are answered to their sender, and counted ' +
      'in /metrics as temas_schema_violations_total.',
  })
  @ApiQuery({ name: 'after', required: false, description: 'Position to wait for.' })
  async violations(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: Readonly<Record<string, string>>,
  ): Promise<object> {
    await waitFor(this.reading, 'warehouse', query);
    const rows = await this.reading.warehouse.query<Record<string, unknown>>(
      `SELECT source, kind, event, violation, count() AS events, max(occurred_at) AS last_occurred_at
       FROM ${databaseOf(caller.workspace)}.events ARRAY JOIN violations AS violation
       GROUP BY source, kind, event, violation
       ORDER BY events DESC, source, kind, event, violation LIMIT ${MOST_ROWS}`,
    );
    return {
      violations: rows.map(({ events, last_occurred_at, ...row }) => ({
        ...row,
        events: Number(events),
        lastOccurredAt: `${String(last_occurred_at).replace(' ', 'T')}Z`,
      })),
    };
  }
}
