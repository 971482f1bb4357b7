import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiExtraModels,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { ProfileId, Workspace } from '#kernel';
import type { Profile } from '#profile';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { JsonBody } from './json-body.pipe.ts';
import { profileIdIn } from './profile-id.ts';
import { LookupBody, ProfileBody, TraitBody } from './profiles.dto.ts';
import { ProfilesService } from './profiles.service.ts';
import { waitFor } from './read-your-writes.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { Reading } from './reading.ts';

const EVENT_CURSOR = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}~[0-9a-f-]{36}$/;
const DECISION_CURSOR = /^\d{1,20}~\d{1,9}$/;
const MAX_PAGE = 1_000;

/** Query of a list: where to go on, how much, and what to wait for. */
interface ListQuery extends AfterQuery {
  readonly cursor?: string;
  readonly limit?: string;
}

/** Who a person is, and why. */
@Controller('v1/profiles')
@ApiTags('profiles')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@ApiExtraModels(TraitBody)
@ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
@ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
@ApiResponse({
  status: 504,
  description: 'The projection has not come to `after` in time; the lag is in the answer.',
})
@Allow('admin', 'analyst')
export class ProfilesController {
  constructor(
    @Inject(ProfilesService) private readonly profiles: ProfilesService,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Post('lookup')
  @HttpCode(200)
  @ApiOperation({ summary: 'The profile that an identifier belongs to.' })
  @ApiBody({ type: LookupBody })
  @ApiResponse({ status: 200, type: ProfileBody })
  async lookup(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(LookupBody)) { namespace, value }: LookupBody,
    @Query() query: AfterQuery,
  ): Promise<Profile> {
    await waitFor(this.reading, 'profiles', query);
    return found(await this.profiles.lookup(caller.workspace, namespace, value));
  }

  @Get('lookup')
  @ApiOperation({ summary: 'The same for tools that can only GET. The value is kept out of the logs.' })
  @ApiQuery({ name: 'namespace' })
  @ApiQuery({ name: 'value' })
  @ApiResponse({ status: 200, type: ProfileBody })
  async lookupByQuery(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: AfterQuery & { namespace?: string; value?: string },
  ): Promise<Profile> {
    if (!query.namespace || !query.value)
      throw problem(400, '"namespace" and "value" are needed in the query');
    await waitFor(this.reading, 'profiles', query);
    return found(await this.profiles.lookup(caller.workspace, query.namespace, query.value));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A profile by its id, or by the id of one that it absorbed.' })
  @ApiResponse({ status: 200, type: ProfileBody })
  async profile(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: AfterQuery,
  ): Promise<Profile> {
    await waitFor(this.reading, 'profiles', query);
    return this.#byId(caller.workspace, id);
  }

  @Get(':id/identifiers')
  @ApiOperation({ summary: 'Identifiers of a profile.' })
  async identifiers(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: AfterQuery,
  ): Promise<{ id: ProfileId; identifiers: Profile['identifiers'] }> {
    await waitFor(this.reading, 'profiles', query);
    const profile = await this.#byId(caller.workspace, id);
    return { id: profile.id, identifiers: profile.identifiers };
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'Touchpoints of a profile, newest first.' })
  async events(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: ListQuery,
  ): Promise<{ id: ProfileId; events: readonly object[]; cursor?: string }> {
    await waitFor(this.reading, 'warehouse', query);
    const profile = await this.#byId(caller.workspace, id);
    const { rows, cursor } = await this.profiles.events(
      caller.workspace,
      profile,
      limitOf(query),
      cursorOf(query, EVENT_CURSOR),
    );
    return { id: profile.id, events: rows, cursor };
  }

  @Get(':id/consents')
  @ApiOperation({
    summary:
      'What the person agrees to and refuses, by purpose. A purpose that is not listed is not permitted.',
  })
  async consents(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: AfterQuery,
  ): Promise<{ id: ProfileId; consents: readonly object[] }> {
    await waitFor(this.reading, 'profiles', query);
    const profile = await this.#byId(caller.workspace, id);
    return { id: profile.id, consents: await this.profiles.consents(profile) };
  }

  @Get(':id/decisions')
  @ApiOperation({ summary: 'Why the profile is as it is: decisions in the order they were made.' })
  async decisions(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: ListQuery,
  ): Promise<{ id: ProfileId; decisions: readonly object[]; cursor?: string }> {
    await waitFor(this.reading, 'warehouse', query);
    const profile = await this.#byId(caller.workspace, id);
    const { rows, cursor } = await this.profiles.decisions(
      caller.workspace,
      profile.id,
      limitOf(query),
      cursorOf(query, DECISION_CURSOR),
    );
    return { id: profile.id, decisions: rows, cursor };
  }

  async #byId(workspace: Workspace, id: string): Promise<Profile> {
    return found(await this.profiles.byId(workspace, profileIdIn(id)));
  }
}

function found(profile: Profile | undefined): Profile {
  if (profile === undefined) throw problem(404, 'there is no such profile');
  return profile;
}

function limitOf({ limit }: ListQuery): number {
  if (limit === undefined) return 100;
  const count = Number(limit);
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_PAGE)) {
    throw problem(400, `"limit" must be a whole number from 1 to ${MAX_PAGE}`);
  }
  return count;
}

function cursorOf({ cursor }: ListQuery, form: RegExp): string | undefined {
  if (cursor !== undefined && !form.test(cursor))
    throw problem(400, '"cursor" must be one that an earlier page gave');
  return cursor;
}
