import { Body, Controller, Delete, Get, Inject, Param, Put, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConfigFollower, FitDesk } from '#config';
import type { FitSchedule } from '#config';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { fitRequestOf, FitScheduleBody, SCHEDULE_NAME } from './fits.dto.ts';
import { scheduleView } from './fits.view.ts';
import { JsonBody } from './json-body.pipe.ts';
import { refusal } from './sources.refusal.ts';

/** Fits that are asked for again and again. */
@Controller('v1/analytics/fit-schedules')
@ApiTags('analytics')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin', 'analyst')
export class FitSchedulesController {
  constructor(
    @Inject(FitDesk) private readonly desk: FitDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
  ) {}

  @Put(':name')
  @ApiOperation({ summary: 'Sets or replaces a schedule; its first fit is asked for at once.' })
  @ApiBody({ type: FitScheduleBody })
  async set(
    @Req() { caller: { workspace, role } }: AuthenticatedRequest,
    @Param('name') name: string,
    @Body(new JsonBody(FitScheduleBody)) body: FitScheduleBody,
  ): Promise<object> {
    if (!SCHEDULE_NAME.test(name)) throw problem(400, `the name must match ${SCHEDULE_NAME.source}`);
    if (body.cutoff !== undefined) {
      const errors = [{ field: 'cutoff', message: 'has no meaning for a schedule: it is the newest day' }];
      throw problem(400, 'the body has fields that cannot be taken', { errors });
    }
    const request = fitRequestOf(body, new Date().toISOString().slice(0, 10));
    const result = await this.desk.schedule({ workspace, actor: role }, name, request, body.everyHours);
    if (result.outcome !== 'written') throw refusal(result);
    const schedule = this.config.state(workspace).fitSchedules.get(name) as FitSchedule;
    return { ...scheduleView(schedule), position: result.position.toString() };
  }

  @Get()
  @ApiOperation({ summary: 'The schedules of the workspace.' })
  list(@Req() { caller }: AuthenticatedRequest): object {
    return { schedules: [...this.config.state(caller.workspace).fitSchedules.values()].map(scheduleView) };
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Removes a schedule; the fits that it asked for stay.' })
  async remove(
    @Req() { caller: { workspace, role } }: AuthenticatedRequest,
    @Param('name') name: string,
  ): Promise<object> {
    const result = await this.desk.unschedule({ workspace, actor: role }, name);
    if (result.outcome !== 'written') throw problem(404, 'there is no such schedule');
    return { position: result.position.toString() };
  }
}
