import { Body, Controller, Get, Inject, Put, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConfigDesk, ConfigFollower } from '#config';
import { AccessGuard, Allow } from '../access.ts';
import type { AuthenticatedRequest } from '../access.ts';
import { JsonBody } from '../json-body.pipe.ts';
import type { AfterQuery } from '../read-your-writes.ts';
import { waitForConfig } from '../sources.after.ts';
import { ownWorkspace } from '../sources.refusal.ts';
import { TimeZoneBody } from './time-zone.dto.ts';

/** In which time zone days, weeks and months are cut where a question names none. */
@Controller('v1/settings/time-zone')
@ApiTags('configuration')
@ApiBearerAuth()
@UseGuards(AccessGuard)
export class TimeZoneController {
  constructor(
    @Inject(ConfigDesk) private readonly desk: ConfigDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
  ) {}

  @Get()
  @Allow('admin', 'analyst')
  @ApiOperation({ summary: 'Time zone of the workspace; UTC where none was set.' })
  async zone(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: AfterQuery,
  ): Promise<{ timeZone: string }> {
    await waitForConfig(this.config, query);
    return { timeZone: this.config.state(caller.workspace).timeZone };
  }

  @Put()
  @Allow('admin')
  @ApiOperation({ summary: 'Sets the time zone. It holds at once, for past events too.' })
  @ApiBody({ type: TimeZoneBody })
  async set(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(TimeZoneBody)) { workspace, timeZone }: TimeZoneBody,
  ): Promise<{ timeZone: string; position: string }> {
    const author = { workspace: ownWorkspace(caller, workspace), actor: caller.role };
    const { position } = await this.desk.setTimeZone(author, timeZone);
    return { timeZone, position: position.toString() };
  }
}
