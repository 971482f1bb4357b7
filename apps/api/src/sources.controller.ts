import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ConfigDesk, ConfigFollower, parseSettings } from '#config';
import type { Author, GivenSettings, RawSettings } from '#config';
import { compareText } from '#kernel';
import type { SourceName } from '#kernel';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest, Caller } from './access.ts';
import { JsonBody } from './json-body.pipe.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { waitForConfig } from './sources.after.ts';
import { ChangedSourceBody, ChangeSourceBody, CreateSourceBody } from './sources.dto.ts';
import { KeyShownBody, RotateKeyBody, SourceBody } from './sources.dto.ts';
import { OptionalJsonBody } from './sources.optional-body.pipe.ts';
import { ownWorkspace, refusal } from './sources.refusal.ts';
import { changedView, keyView, sourceView } from './sources.view.ts';

const DEFAULT_OVERLAP_SECONDS = 86_400;

/** Who may send touchpoints, how much, and as whom. */
@Controller('v1/sources')
@ApiTags('sources')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class SourcesController {
  constructor(
    @Inject(ConfigDesk) private readonly desk: ConfigDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'A new source. Its key is shown this one time and works at once.' })
  @ApiBody({ type: CreateSourceBody })
  @ApiResponse({ status: 201, type: KeyShownBody })
  @ApiResponse({ status: 409, description: 'There is a source of this name.' })
  async create(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(CreateSourceBody)) body: CreateSourceBody,
  ): Promise<KeyShownBody> {
    const author = authorOf(caller, body);
    const name = body.source as SourceName;
    const result = await this.desk.createSource(author, {
      name,
      trust: body.trust,
      settings: settingsOf(body),
    });
    if (result.outcome !== 'created') throw refusal(result);
    return keyView(result);
  }

  @Get()
  @ApiOperation({
    summary: 'The sources of the workspace. Keys are never shown, only what tells them apart.',
  })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  @ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
  async list(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: AfterQuery,
  ): Promise<{ sources: SourceBody[] }> {
    await waitForConfig(this.config, query);
    const sources = [...this.config.state(caller.workspace).sources.values()];
    return { sources: sources.sort((a, b) => compareText(a.source, b.source)).map(sourceView) };
  }

  @Get(':source')
  @ApiOperation({ summary: 'One source.' })
  @ApiResponse({ status: 200, type: SourceBody })
  async one(
    @Req() { caller }: AuthenticatedRequest,
    @Param('source') name: string,
    @Query() query: AfterQuery,
  ): Promise<SourceBody> {
    await waitForConfig(this.config, query);
    const source = this.config.state(caller.workspace).sources.get(name);
    if (source === undefined) throw refusal({ outcome: 'unknown_source' });
    return sourceView(source);
  }

  @Patch(':source')
  @ApiOperation({ summary: 'Other settings; what is absent stays. The trust of a source never changes.' })
  @ApiBody({ type: ChangeSourceBody })
  @ApiResponse({ status: 200, type: ChangedSourceBody })
  async change(
    @Req() { caller }: AuthenticatedRequest,
    @Param('source') name: string,
    @Body(new JsonBody(ChangeSourceBody)) body: ChangeSourceBody,
  ): Promise<ChangedSourceBody> {
    const author = authorOf(caller, body);
    const settings = settingsOf(body);
    if (Object.keys(settings).length === 0) throw problem(400, 'the body names nothing to change');
    const result = await this.desk.changeSource(author, name as SourceName, settings);
    if (result.outcome !== 'changed') throw refusal(result);
    return changedView(result);
  }

  @Post(':source/keys')
  @HttpCode(201)
  @ApiOperation({ summary: 'A new key at once; those in force end after an overlap, one day if absent.' })
  @ApiBody({ type: RotateKeyBody, required: false })
  @ApiResponse({ status: 201, type: KeyShownBody })
  async rotate(
    @Req() { caller }: AuthenticatedRequest,
    @Param('source') name: string,
    @Body(new OptionalJsonBody(RotateKeyBody)) body: RotateKeyBody,
  ): Promise<KeyShownBody> {
    const author = authorOf(caller, body);
    const overlapSeconds = body.overlapSeconds ?? DEFAULT_OVERLAP_SECONDS;
    const result = await this.desk.rotateKey(author, name as SourceName, { overlapSeconds });
    if (result.outcome !== 'rotated') throw refusal(result);
    return keyView(result);
  }

  @Delete(':source/keys/:keyId')
  @ApiOperation({ summary: 'Ends a key at once. One of the environment too, until another stands there.' })
  @ApiResponse({ status: 200, type: ChangedSourceBody })
  async end(
    @Req() { caller }: AuthenticatedRequest,
    @Param('source') name: string,
    @Param('keyId') keyId: string,
  ): Promise<ChangedSourceBody> {
    const result = await this.desk.endKey(authorOf(caller, {}), name as SourceName, keyId);
    if (result.outcome !== 'ended') throw refusal(result);
    return changedView(result);
  }
}

function authorOf(caller: Caller, { workspace }: { readonly workspace?: string }): Author {
  return { workspace: ownWorkspace(caller, workspace), actor: caller.role };
}

function settingsOf(body: RawSettings): GivenSettings {
  const parsed = parseSettings(body);
  if (parsed.outcome === 'invalid') throw refusal(parsed);
  return parsed.settings;
}
