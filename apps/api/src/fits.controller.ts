import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ConfigFollower, FitDesk } from '#config';
import type { FitRun } from '#config';
import type { EventId } from '#kernel';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { FitBody, fitRequestOf } from './fits.dto.ts';
import { fitSummary, fitView } from './fits.view.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { RunningFits } from './running-fits.ts';
import { waitForConfig } from './sources.after.ts';
import { OptionalJsonBody } from './sources.optional-body.pipe.ts';
import { refusal } from './sources.refusal.ts';

/** Models of value and churn: asked for, watched, cancelled. */
@Controller('v1/analytics/fits')
@ApiTags('analytics')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin', 'analyst')
export class FitsController {
  constructor(
    @Inject(FitDesk) private readonly desk: FitDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
    @Inject(RunningFits) private readonly running: RunningFits,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Fits a model of value and churn to the orders and scores every customer.',
    description:
      'Answers at once; the fit sees every event that was in the log by then. Fits run one after another. Scores stand in `profile_scores`, what they are worth in `model_runs`.',
  })
  @ApiBody({ type: FitBody })
  @ApiResponse({ status: 202, description: '`runId`, and the `position` of the request in the log.' })
  @ApiResponse({ status: 409, description: 'Too many fits are waiting.' })
  async request(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new OptionalJsonBody(FitBody)) body: FitBody,
  ): Promise<object> {
    const request = fitRequestOf(body, new Date().toISOString().slice(0, 10));
    const result = await this.desk.request({ workspace: caller.workspace, actor: caller.role }, request);
    if (result.outcome !== 'queued') throw refusal(result);
    return { runId: result.runId, status: 'queued', position: result.position.toString() };
  }

  @Get()
  @ApiOperation({ summary: 'The fits asked for so far, newest first.' })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  @ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
  async list(@Req() { caller }: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    await waitForConfig(this.config, query);
    const runs = [...this.config.state(caller.workspace).fits.values()].reverse();
    return { fits: runs.map((run) => fitSummary(run, this.running.progressOf(run.runId))) };
  }

  @Get(':runId')
  @ApiOperation({ summary: 'A fit: how far it is, its parameters, and how wrong it is.' })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  @ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
  async show(
    @Req() request: AuthenticatedRequest,
    @Param('runId') runId: string,
    @Query() query: AfterQuery,
  ): Promise<object> {
    await waitForConfig(this.config, query);
    return this.#view(request, runId);
  }

  @Delete(':runId')
  @ApiOperation({ summary: 'Cancels a fit that waits or runs. One that has ended keeps its end.' })
  @ApiResponse({ status: 409, description: 'It has ended before.' })
  async cancel(@Req() request: AuthenticatedRequest, @Param('runId') runId: string): Promise<object> {
    const { workspace, role } = request.caller;
    const result = await this.desk.end({ workspace, actor: role }, runId as EventId, { status: 'cancelled' });
    if (result.outcome === 'unknown_fit') throw problem(404, 'there is no such fit');
    if (result.outcome === 'ended') throw problem(409, 'the fit has ended before');
    return this.#view(request, runId);
  }

  #view({ caller }: AuthenticatedRequest, runId: string): object {
    const run: FitRun | undefined = this.config.state(caller.workspace).fits.get(runId as EventId);
    if (run === undefined) throw problem(404, 'there is no such fit');
    return fitView(run, this.running.progressOf(run.runId));
  }
}
