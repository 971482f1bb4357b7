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
import { ConfigDesk, ConfigFollower } from '#config';
import type { Report } from '#config';
import { compareText, isoTime } from '#kernel';
import { AccessGuard, Allow, problem } from '../access.ts';
import type { AuthenticatedRequest, Caller } from '../access.ts';
import { JsonBody } from '../json-body.pipe.ts';
import { waitFor } from '../read-your-writes.ts';
import type { AfterQuery } from '../read-your-writes.ts';
import { Reading } from '../reading.ts';
import { waitForConfig } from '../sources.after.ts';
import { ownWorkspace, refusal } from '../sources.refusal.ts';
import { Analyses } from './analyses.ts';
import type { Analysis } from './analyses.ts';
import { ReportBody, ReportSavedBody, SaveReportBody } from './reports.dto.ts';

/** Questions with a name. */
@Controller('v1/reports')
@ApiTags('analytics')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin', 'analyst')
export class ReportsController {
  constructor(
    @Inject(ConfigDesk) private readonly desk: ConfigDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
    @Inject(Analyses) private readonly analyses: Analyses,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Saves a question under a name, in place of the one that has it.' })
  @ApiBody({ type: SaveReportBody })
  @ApiResponse({ status: 200, type: ReportSavedBody })
  async save(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(SaveReportBody)) body: SaveReportBody,
  ): Promise<ReportSavedBody> {
    const { name, kind, definition } = body;
    const author = { workspace: ownWorkspace(caller, body.workspace), actor: caller.role };
    if (definition.paths !== undefined)
      throw problem(400, 'the body has fields that cannot be taken', {
        errors: [{ field: 'definition.paths', message: 'are not saved: a report is asked of the events' }],
      });
    this.analyses.check(kind, caller, json(definition));
    const result = await this.desk.saveReport(author, { name, kind, definition });
    if (result.outcome !== 'saved') throw refusal(result);
    return { ...view(result.report), position: result.position.toString() };
  }

  @Get()
  @ApiOperation({ summary: 'The saved questions of the workspace.' })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  async list(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: AfterQuery,
  ): Promise<{ reports: ReportBody[] }> {
    await waitForConfig(this.config, query);
    const reports = [...this.config.state(caller.workspace).reports.values()];
    return { reports: reports.sort((a, b) => compareText(a.name, b.name)).map(view) };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A saved question.' })
  @ApiResponse({ status: 200, type: ReportBody })
  async one(
    @Req() { caller }: AuthenticatedRequest,
    @Param('name') name: string,
    @Query() query: AfterQuery,
  ): Promise<ReportBody> {
    await waitForConfig(this.config, query);
    return view(this.#find(caller, name));
  }

  @Delete(':name')
  @ApiOperation({ summary: 'Forgets a saved question.' })
  async remove(
    @Req() { caller }: AuthenticatedRequest,
    @Param('name') name: string,
  ): Promise<{ position: string }> {
    const author = { workspace: caller.workspace, actor: caller.role };
    const result = await this.desk.removeReport(author, name);
    if (result.outcome !== 'removed') throw refusal(result);
    return { position: result.position.toString() };
  }

  @Post(':name/run')
  @HttpCode(200)
  @ApiOperation({ summary: 'Asks a saved question now; the answer is that of its analysis.' })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  async run(
    @Req() { caller }: AuthenticatedRequest,
    @Param('name') name: string,
    @Query() query: AfterQuery,
  ): Promise<object> {
    const { kind, definition } = this.#find(caller, name);
    await waitFor(this.reading, 'warehouse', query);
    const answer = await this.analyses.answer(kind as Analysis, caller, json(definition));
    return { report: name, kind, ...answer };
  }

  #find({ workspace }: Caller, name: string): Report {
    const report = this.config.state(workspace).reports.get(name);
    if (report === undefined) throw refusal({ outcome: 'unknown_report' });
    return report;
  }
}

function json(definition: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(JSON.stringify(definition));
}

function view({ name, kind, definition, savedAt, savedBy }: Report): ReportBody {
  return { name, kind, definition, savedAt: isoTime(savedAt), savedBy };
}
