import { Body, Controller, Delete, Get, Inject, Put, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConfigDesk, ConfigFollower } from '#config';
import { DEFAULT_CHANNEL_RULES } from '#journey';
import { AccessGuard, Allow } from '../access.ts';
import type { AuthenticatedRequest } from '../access.ts';
import { JsonBody } from '../json-body.pipe.ts';
import type { AfterQuery } from '../read-your-writes.ts';
import { waitForConfig } from '../sources.after.ts';
import { ownWorkspace } from '../sources.refusal.ts';
import { SetChannelsBody } from './channels.dto.ts';

/** Rules by which visits and touches are put into channels, whenever they were. */
@Controller('v1/channels')
@ApiTags('analytics')
@ApiBearerAuth()
@UseGuards(AccessGuard)
export class ChannelsController {
  constructor(
    @Inject(ConfigDesk) private readonly desk: ConfigDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
  ) {}

  @Get()
  @Allow('admin', 'analyst')
  @ApiOperation({ summary: 'The rules in force; those of Google Analytics 4 where none were set.' })
  async rules(@Req() { caller }: AuthenticatedRequest, @Query() query: AfterQuery): Promise<object> {
    await waitForConfig(this.config, query);
    const own = this.config.state(caller.workspace).channelRules;
    return { isDefault: own === null, rules: own ?? DEFAULT_CHANNEL_RULES };
  }

  @Put()
  @Allow('admin')
  @ApiOperation({ summary: 'Sets the rules, whole. They hold at once, for past visits too.' })
  @ApiBody({ type: SetChannelsBody })
  async set(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(SetChannelsBody)) body: SetChannelsBody,
  ): Promise<object> {
    const author = { workspace: ownWorkspace(caller, body.workspace), actor: caller.role };
    const rules = body.rules.map(({ channel, when }) => ({
      channel,
      when: when.map((condition) => ({ ...condition })),
    }));
    const { position } = await this.desk.setChannelRules(author, rules);
    return { isDefault: false, rules, position: position.toString() };
  }

  @Delete()
  @Allow('admin')
  @ApiOperation({ summary: 'Goes back to the default rules.' })
  async reset(@Req() { caller }: AuthenticatedRequest): Promise<object> {
    const author = { workspace: caller.workspace, actor: caller.role };
    const { position } = await this.desk.setChannelRules(author, null);
    return { isDefault: true, rules: DEFAULT_CHANNEL_RULES, position: position.toString() };
  }
}
