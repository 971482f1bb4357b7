import { Body, Controller, Delete, Get, Inject, Put, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConfigFollower, QualityDesk } from '#config';
import type { NationalIdsUse } from '#config';
import { AccessGuard, Allow } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { JsonBody } from './json-body.pipe.ts';
import { NationalIdsBody } from './quality.dto.ts';

/** Whether a workspace uses national ids as identifiers. It does not, until it says for what. */
@Controller('v1/settings/national-ids')
@ApiTags('configuration')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class NationalIdsController {
  constructor(
    @Inject(QualityDesk) private readonly desk: QualityDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
  ) {}

  @Get()
  @ApiOperation({ summary: 'For what national ids are used; `use: null` where they are not.' })
  use(@Req() { caller }: AuthenticatedRequest): { use: NationalIdsUse | null } {
    return { use: this.config.state(caller.workspace).nationalIds };
  }

  @Put()
  @ApiOperation({
    summary: 'National ids (`national_id` in context.externalIds) are identifiers from now on.',
  })
  @ApiBody({ type: NationalIdsBody })
  async allow(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(NationalIdsBody)) { purpose, legalBasis }: NationalIdsBody,
  ): Promise<{ use: NationalIdsUse; position: string }> {
    const author = { workspace: caller.workspace, actor: caller.role };
    const use = { purpose, legalBasis };
    const { position } = await this.desk.setNationalIds(author, use);
    return { use, position: position.toString() };
  }

  @Delete()
  @ApiOperation({ summary: 'National ids are no identifiers from now on. What they linked before stays.' })
  async forbid(@Req() { caller }: AuthenticatedRequest): Promise<{ use: null; position: string }> {
    const author = { workspace: caller.workspace, actor: caller.role };
    const { position } = await this.desk.setNationalIds(author, null);
    return { use: null, position: position.toString() };
  }
}
