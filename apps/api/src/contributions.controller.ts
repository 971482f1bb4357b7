import { Controller, Get, Inject, Param, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ConfigFollower } from '#config';
import { readContributions } from '#explain';
import type { Contributions } from '#explain';
import type { SourceName } from '#kernel';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { waitFor } from './read-your-writes.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { Reading } from './reading.ts';

/** What sources are good for. */
@Controller('v1/sources')
@ApiTags('sources')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin', 'analyst')
export class ContributionsController {
  constructor(
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Get(':source/contributions')
  @ApiOperation({
    summary:
      'What a source brought: touchpoints, identifiers first named, traits won and lost, decisions caused.',
  })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  @ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
  async contributions(
    @Req() { caller }: AuthenticatedRequest,
    @Param('source') source: string,
    @Query() query: AfterQuery,
  ): Promise<{ source: string } & Contributions> {
    const { sources } = this.config.state(caller.workspace);
    if (!sources.has(source)) throw problem(404, 'there is no such source');
    await waitFor(this.reading, 'warehouse', query);
    const found = await readContributions(this.reading.warehouse, caller.workspace, source as SourceName);
    return { source, ...found };
  }
}
