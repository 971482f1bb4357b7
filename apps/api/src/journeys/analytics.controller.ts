import { Controller, HttpCode, Inject, Post, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AccessGuard, Allow } from '../access.ts';
import type { AuthenticatedRequest } from '../access.ts';
import { waitFor } from '../read-your-writes.ts';
import type { AfterQuery } from '../read-your-writes.ts';
import { Reading } from '../reading.ts';
import { Analyses } from './analyses.ts';
import type { Analysis } from './analyses.ts';
import { AttributionAnswer } from './answers/attribution-answer.dto.ts';
import { FunnelAnswer, FunnelPeopleAnswer } from './answers/funnel-answer.dto.ts';
import { LifecycleAnswer } from './answers/lifecycle-answer.dto.ts';
import { PathsAnswer } from './answers/paths-answer.dto.ts';
import { RetentionAnswer } from './answers/retention-answer.dto.ts';
import { AttributionBody } from './attribution.dto.ts';
import { FunnelBody, FunnelPeopleBody } from './funnel.dto.ts';
import { PathsBody } from './paths.dto.ts';
import { LifecycleBody, RetentionBody } from './retention.dto.ts';

/** Journeys of people: what they did in which order, whether they came back, and what brought them. */
@Controller('v1/analytics')
@ApiTags('analytics')
@ApiBearerAuth()
@ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
@ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
@ApiResponse({ status: 400, description: 'Fields that cannot be taken, by their JSON path.' })
@ApiResponse({
  status: 422,
  description: 'A limit on time, memory or rows ended the question; it says which.',
})
@UseGuards(AccessGuard)
@Allow('admin', 'analyst')
export class AnalyticsController {
  constructor(
    @Inject(Analyses) private readonly analyses: Analyses,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Post('funnel')
  @HttpCode(200)
  @ApiOperation({ summary: 'How many come from step to step, and how long it takes them.' })
  @ApiBody({ type: FunnelBody })
  @ApiResponse({ status: 200, type: FunnelAnswer })
  funnel(@Req() request: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    return this.#answer('funnel', request, query);
  }

  @Post('funnel/people')
  @HttpCode(200)
  @ApiOperation({ summary: 'Who came to a step of a funnel, or was lost there, page by page.' })
  @ApiBody({ type: FunnelPeopleBody })
  @ApiResponse({ status: 200, type: FunnelPeopleAnswer })
  async people(@Req() request: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    await waitFor(this.reading, 'warehouse', query);
    return this.analyses.people(request.caller, bodyOf(request));
  }

  @Post('retention')
  @HttpCode(200)
  @ApiOperation({ summary: 'Who comes back, by cohort and period.' })
  @ApiBody({ type: RetentionBody })
  @ApiResponse({ status: 200, type: RetentionAnswer })
  retention(@Req() request: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    return this.#answer('retention', request, query);
  }

  @Post('paths')
  @HttpCode(200)
  @ApiOperation({ summary: 'Which ways people take, as nodes and links of a Sankey diagram.' })
  @ApiBody({ type: PathsBody })
  @ApiResponse({ status: 200, type: PathsAnswer })
  paths(@Req() request: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    return this.#answer('paths', request, query);
  }

  @Post('attribution')
  @HttpCode(200)
  @ApiOperation({ summary: 'Which channels, campaigns or sources conversions and their value are due to.' })
  @ApiBody({ type: AttributionBody })
  @ApiResponse({ status: 200, type: AttributionAnswer })
  attribution(@Req() request: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    return this.#answer('attribution', request, query);
  }

  @Post('lifecycle')
  @HttpCode(200)
  @ApiOperation({ summary: 'Who is new, returning, resurrected or dormant, by period.' })
  @ApiBody({ type: LifecycleBody })
  @ApiResponse({ status: 200, type: LifecycleAnswer })
  lifecycle(@Req() request: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    return this.#answer('lifecycle', request, query);
  }

  async #answer(kind: Analysis, request: AuthenticatedRequest, query: AfterQuery): Promise<object> {
    await waitFor(this.reading, 'warehouse', query);
    return this.analyses.answer(kind, request.caller, bodyOf(request));
  }
}

function bodyOf({ body }: AuthenticatedRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
