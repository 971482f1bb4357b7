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
import type { Held, Moment, TraitHistory } from '#explain';
import { isoTime } from '#kernel';
import type { ProfileId } from '#kernel';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest, Caller } from './access.ts';
import { momentIn, onlyNow, waitForPast } from './as-of.ts';
import type { AsOfQuery } from './as-of.ts';
import { JsonBody } from './json-body.pipe.ts';
import { cursorOf, limitOf } from './paging.ts';
import type { ListQuery } from './paging.ts';
import { profileIdIn } from './profile-id.ts';
import { LookupBody, ProfileBody, TraitBody } from './profiles.dto.ts';
import type { ShownProfile } from './profile-view.ts';
import { ProfilesService } from './profiles.service.ts';
import { waitFor } from './read-your-writes.ts';
import { Reading } from './reading.ts';

const EVENT_CURSOR = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}~[0-9a-f-]{36}$/;

/** Who a person is, or was. */
@Controller('v1/profiles')
@ApiTags('profiles')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@ApiExtraModels(TraitBody)
@ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
@ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
@ApiQuery({
  name: 'asOf',
  required: false,
  description: 'A past moment, ISO 8601 with an offset: the answer is of then.',
})
@ApiQuery({
  name: 'clock',
  required: false,
  enum: ['recorded', 'event'],
  description:
    'recorded (default): what was known at that moment, as a rebuild up to then gives it. event: the people as known now, ' +
    'with what had happened by then.',
})
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
    @Body(new JsonBody(LookupBody)) body: LookupBody,
    @Query() query: AsOfQuery,
  ): Promise<ProfileAnswer> {
    return this.#answer(await this.#heldWith(caller, body, query));
  }

  @Get('lookup')
  @ApiOperation({ summary: 'The same for tools that can only GET. The value is kept out of the logs.' })
  @ApiQuery({ name: 'namespace' })
  @ApiQuery({ name: 'value' })
  @ApiResponse({ status: 200, type: ProfileBody })
  async lookupByQuery(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: AsOfQuery & Partial<LookupBody>,
  ): Promise<ProfileAnswer> {
    const { namespace, value } = query;
    if (!namespace || !value) throw problem(400, '"namespace" and "value" are needed in the query');
    return this.#answer(await this.#heldWith(caller, { namespace, value }, query));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A profile by its id, or by the id of one that it absorbed.' })
  @ApiResponse({ status: 200, type: ProfileBody })
  async profile(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: AsOfQuery,
  ): Promise<ProfileAnswer> {
    return this.#answer(await this.#held(caller, id, query));
  }

  @Get(':id/identifiers')
  @ApiOperation({ summary: 'Identifiers of a profile.' })
  async identifiers(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: AsOfQuery,
  ): Promise<Pick<ShownProfile, 'id' | 'identifiers' | 'corrections'>> {
    const answer = await this.#answer(await this.#held(caller, id, query));
    const { id: shown, identifiers, corrections } = answer;
    return { id: shown, identifiers, ...(corrections === undefined ? {} : { corrections }) };
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'Touchpoints of a profile, newest first.' })
  async events(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: ListQuery,
  ): Promise<{ id: ProfileId; events: readonly object[]; cursor?: string }> {
    await waitFor(this.reading, 'warehouse', query);
    const { held, moment } = await this.#held(caller, id, query);
    const cursorOfPage = cursorOf(query, EVENT_CURSOR);
    const { rows, cursor } = await this.profiles.events(held, limitOf(query), cursorOfPage, moment);
    return { id: held.profileId, events: rows, cursor };
  }

  @Get(':id/traits/history')
  @ApiOperation({
    summary:
      'Everything that was said of the traits: by which source, of whom, when, by which event; what stands first.',
  })
  @ApiQuery({ name: 'trait', required: false, description: 'This trait only.' })
  async traits(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: AsOfQuery & { readonly trait?: string },
  ): Promise<{ id: ProfileId } & TraitHistory> {
    await waitFor(this.reading, 'warehouse', query);
    const { held, moment } = await this.#held(caller, id, query);
    return { id: held.profileId, ...(await this.profiles.traits(held, query.trait, moment)) };
  }

  @Get(':id/consents')
  @ApiOperation({
    summary:
      'What the person agrees to and refuses, by purpose. A purpose that is not listed is not permitted.',
  })
  async consents(
    @Req() { caller }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: AsOfQuery,
  ): Promise<{ id: ProfileId; consents: readonly object[] }> {
    onlyNow(query);
    const { held } = await this.#held(caller, id, query);
    return { id: held.profileId, consents: await this.profiles.consents(held) };
  }

  /** A profile's identifiers, of now or of the moment that a query asks for. */
  async #held({ workspace }: Caller, id: string, query: AsOfQuery): Promise<Asked> {
    const uuid = profileIdIn(id);
    const moment = await this.#moment(query);
    return { held: await this.profiles.held(workspace, uuid, moment), moment };
  }

  async #heldWith({ workspace }: Caller, { namespace, value }: LookupBody, query: AsOfQuery): Promise<Asked> {
    const moment = await this.#moment(query);
    return { held: await this.profiles.heldWith(workspace, namespace, value, moment), moment };
  }

  async #moment(query: AsOfQuery): Promise<Moment | undefined> {
    const moment = momentIn(query, Date.now());
    await (moment === undefined
      ? waitFor(this.reading, 'profiles', query)
      : waitForPast(this.reading, query));
    return moment;
  }

  async #answer({ held, moment }: Asked): Promise<ProfileAnswer> {
    const profile = await this.profiles.shown(await this.profiles.profile(held, moment), moment);
    return moment === undefined ? profile : { ...profile, asOf: isoTime(moment.at), clock: moment.clock };
  }
}

/** Whom a request asks about, and of when. */
interface Asked {
  readonly held: Held;
  readonly moment: Moment | undefined;
}

/** A profile, and the moment it is shown of if that is not now. */
type ProfileAnswer = ShownProfile & { readonly asOf?: string; readonly clock?: Moment['clock'] };
