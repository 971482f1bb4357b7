import { Controller, Get, HttpCode, Inject, Post, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Operations } from '#apps/projector';
import type { RebuildState } from '#apps/projector';
import { digest } from '#warehouse';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { waitFor } from './read-your-writes.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { Reading } from './reading.ts';

/** What an operator asks of the projections. */
@Controller('v1/projections')
@ApiTags('operation')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class AdminController {
  constructor(
    @Inject(Operations) private readonly operations: Operations,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How far the projections are behind the log.' })
  async projections(): Promise<object> {
    const lags = await this.operations.lags();
    return { projections: lags.map((lag) => ({ ...lag, position: lag.position.toString() })) };
  }

  @Get('digests')
  @ApiOperation({
    summary:
      'SHA-256 of every public view in key order: two rebuilds give equal ones. Waits for all that the log holds.',
  })
  @ApiQuery({ name: 'after', required: false, description: 'Log position to wait for instead of its head.' })
  @ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
  async digests(@Req() { caller }: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    await waitFor(this.reading, 'warehouse', {
      after: (await this.reading.head()).toString(),
      ...query,
    });
    return { views: await digest(this.reading.warehouse, caller.workspace) };
  }

  @Post('rebuild')
  @HttpCode(202)
  @ApiOperation({ summary: 'Builds profiles and tables anew beside the live ones, compares, switches over.' })
  async rebuild(): Promise<RebuildState> {
    const state = await this.operations.startRebuild();
    if (state === undefined) throw problem(409, 'a rebuild is under way');
    return state;
  }

  @Get('rebuild')
  @ApiOperation({ summary: 'The rebuild under way, or how the last one ended.' })
  progress(): Promise<RebuildState> {
    return this.operations.rebuildState();
  }
}
