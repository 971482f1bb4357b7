import { Body, Controller, Delete, Get, Inject, Put, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ConfigDesk, ConfigFollower, targetKey } from '#config';
import type { Author, EventSchema, SchemaTarget } from '#config';
import { compareText, isoTime } from '#kernel';
import type { SourceName } from '#kernel';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest, Caller } from './access.ts';
import { EventSchemaBody, SchemaSetBody, SchemaTargetBody, SetSchemaBody } from './event-schemas.dto.ts';
import { JsonBody } from './json-body.pipe.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { waitForConfig } from './sources.after.ts';
import { ownWorkspace, refusal } from './sources.refusal.ts';

/** The templates that events speak, the same on every channel. */
@Controller('v1/schemas')
@ApiTags('schemas')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class EventSchemasController {
  constructor(
    @Inject(ConfigDesk) private readonly desk: ConfigDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
  ) {}

  @Put()
  @ApiOperation({
    summary: 'Sets or replaces the schema of an event. Events that break it are kept and counted.',
  })
  @ApiBody({ type: SetSchemaBody })
  @ApiResponse({ status: 200, type: SchemaSetBody })
  async set(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(SetSchemaBody)) body: SetSchemaBody,
  ): Promise<SchemaSetBody> {
    const result = await this.desk.setEventSchema(authorOf(caller, body), targetOf(body), body.schema);
    if (result.outcome !== 'set') throw refusal(result);
    return { ...schemaView(result.schema), position: result.position.toString() };
  }

  @Get()
  @ApiOperation({ summary: 'The schemas of the workspace.' })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  @ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
  async list(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: AfterQuery,
  ): Promise<{ schemas: EventSchemaBody[] }> {
    await waitForConfig(this.config, query);
    const schemas = [...this.config.state(caller.workspace).schemas.values()];
    return { schemas: schemas.sort((a, b) => compareText(keyOf(a), keyOf(b))).map(schemaView) };
  }

  @Delete()
  @ApiOperation({ summary: 'Removes the schema of an event, named in the body or in the query.' })
  @ApiBody({ type: SchemaTargetBody, required: false })
  @ApiQuery({ name: 'kind', required: false })
  @ApiQuery({ name: 'event', required: false })
  @ApiQuery({ name: 'source', required: false })
  async remove(
    @Req() { caller, body: raw }: AuthenticatedRequest,
    @Query() query: Record<string, unknown>,
  ): Promise<{ position: string }> {
    const named = Buffer.isBuffer(raw) && raw.length > 0 ? raw : Buffer.from(JSON.stringify(query));
    const body = new JsonBody(SchemaTargetBody).transform(named);
    const result = await this.desk.removeEventSchema(authorOf(caller, body), targetOf(body));
    if (result.outcome !== 'removed') throw refusal(result);
    return { position: result.position.toString() };
  }
}

function authorOf(caller: Caller, { workspace }: SchemaTargetBody): Author {
  return { workspace: ownWorkspace(caller, workspace), actor: caller.role };
}

function targetOf({ kind = 'track', event, source }: SchemaTargetBody): SchemaTarget {
  const named = event ?? '';
  if ((kind === 'track') !== (named !== '')) {
    const message = kind === 'track' ? 'is needed: the name of the track' : `has no meaning for ${kind}`;
    throw problem(400, 'the body has fields that cannot be taken', { errors: [{ field: 'event', message }] });
  }
  return { kind, event: named, source: (source as SourceName | undefined) ?? null };
}

function schemaView({ kind, event, source, definition, setAt }: EventSchema): EventSchemaBody {
  return { kind, event: event === '' ? null : event, source, schema: definition, setAt: isoTime(setAt) };
}

function keyOf({ kind, event, source }: EventSchema): string {
  return targetKey(kind, event, source);
}
