import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { explanationReader, pictureOf, sentencesOf } from '#explain';
import type { Asker, ExplanationReader, Told } from '#explain';
import { identityReader } from '#identity';
import type { ProfileId, Ref, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { AccessGuard, Allow, problem, seesPersonalData } from './access.ts';
import type { AuthenticatedRequest, Caller } from './access.ts';
import { onlyNow } from './as-of.ts';
import type { AsOfQuery } from './as-of.ts';
import { refuseErased } from './erased.ts';
import { ExplainBody } from './explanations.dto.ts';
import { KEY_STORE } from './identity.controller.ts';
import { JsonBody } from './json-body.pipe.ts';
import { refOf } from './named-identifier.ts';
import { formatOf, languageOf } from './presentation.ts';
import type { PresentationQuery } from './presentation.ts';
import { profileIdIn } from './profile-id.ts';
import { waitFor } from './read-your-writes.ts';
import { Reading } from './reading.ts';

/** Query of an explanation. */
interface ExplanationQuery extends AsOfQuery, PresentationQuery {
  /** `hidden`: identifiers are shown by stand-ins, for a picture that leaves the house. */
  readonly values?: string;
}

const DESCRIPTION =
  'JSON; sentences for `Accept: text/plain` or `format=text`, English or Turkish by `Accept-Language` or `language=`; a ' +
  'picture for `Accept: image/svg+xml` or `format=svg`. `values=hidden` shows identifiers by their numbers only.';

/** Why identifiers are one person's, or are not, and what would have to be undone to part them. */
@Controller('v1/profiles')
@ApiTags('profiles')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@ApiQuery({ name: 'format', required: false, enum: ['json', 'text', 'svg'] })
@ApiQuery({ name: 'language', required: false, enum: ['en', 'tr'] })
@ApiQuery({ name: 'values', required: false, enum: ['hidden'] })
@ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
@ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
@ApiProduces('application/json', 'text/plain', 'image/svg+xml')
@Allow('admin', 'analyst')
export class ExplanationsController {
  constructor(
    @Inject(KEY_STORE) private readonly keys: KeyStore,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Get(':id/explanation')
  @ApiOperation({ summary: 'Why a profile is what it is.', description: DESCRIPTION })
  async explanation(
    @Req() request: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: ExplanationQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Told | string> {
    onlyNow(query);
    await waitFor(this.reading, 'warehouse', query);
    const told = await this.#profile(askerOf(request.caller, query), profileIdIn(id));
    return written(told, request, query, reply);
  }

  @Post('explain')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Why one identifier is whose it is, or what two have to do with each other.',
    description: DESCRIPTION,
  })
  @ApiBody({ type: ExplainBody })
  async explain(
    @Req() request: AuthenticatedRequest,
    @Body(new JsonBody(ExplainBody)) { identifiers }: ExplainBody,
    @Query() query: ExplanationQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Told | string> {
    onlyNow(query);
    await waitFor(this.reading, 'warehouse', query);
    const asker = askerOf(request.caller, query);
    const refs = await Promise.all(
      identifiers.map((one, i) => refOf(this.keys, asker.workspace, one, `identifiers[${i}]`)),
    );
    const homes = await Promise.all(refs.map((ref, i) => this.#homeOf(asker.workspace, ref, i)));
    const [a, b] = refs as [Ref, Ref?];
    const told =
      b === undefined
        ? await this.#profile(asker, homes[0] as ProfileId)
        : await this.#reader().pair(asker, a, b);
    if (told === undefined) throw problem(404, 'an identifier belongs to no profile any more');
    return written(told, request, query, reply);
  }

  #reader(): ExplanationReader {
    const { state, rules } = this.reading.generation();
    return explanationReader(state, this.reading.warehouse, (workspace) => rules.of(workspace));
  }

  async #profile(asker: Asker, id: ProfileId): Promise<Told> {
    const { state } = this.reading.generation();
    await refuseErased(state, asker.workspace, id);
    const membership = await identityReader(state).membership(id);
    const told =
      membership?.workspace === asker.workspace ? await this.#reader().profile(asker, id) : undefined;
    if (told === undefined) throw problem(404, 'there is no such profile');
    return told;
  }

  /** Profile of an identifier of the workspace. */
  async #homeOf(workspace: Workspace, ref: Ref, i: number): Promise<ProfileId> {
    const reader = identityReader(this.reading.generation().state);
    const id = await reader.profileOf(ref);
    const membership = id === undefined ? undefined : await reader.membership(id);
    if (membership?.workspace !== workspace)
      throw problem(404, `nobody was seen with the identifier identifiers[${i}]`);
    return membership.profileId;
  }
}

function askerOf({ workspace, role }: Caller, { values }: ExplanationQuery): Asker {
  if (values !== undefined && values !== 'hidden') throw problem(400, '"values" can only be hidden');
  return { workspace, seesValues: values === undefined && seesPersonalData(role) };
}

function written(
  told: Told,
  { headers }: AuthenticatedRequest,
  query: PresentationQuery,
  reply: FastifyReply,
): Told | string {
  const format = formatOf(query, headers);
  void reply.header('vary', 'accept, accept-language').header('cache-control', 'no-store');
  if (format === 'json') return told;
  const language = languageOf(query, headers);
  void reply.header('content-language', language);
  if (format === 'text') {
    void reply.type('text/plain; charset=utf-8');
    return sentencesOf(told, language);
  }
  // A browser shows it as a document of our origin: nothing in it may run.
  void reply
    .type('image/svg+xml; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; sandbox");
  return pictureOf(told, language);
}
