import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { guessedOnlyFrom } from '#correction';
import { ErasureDesk, ErasureRegister } from '#erasure';
import type { ErasureSubject } from '#erasure';
import { bondsOf, identityReader } from '#identity';
import type { EventId, ProfileId, Ref, Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { UnitOfWork } from '#state-store';
import { normaliseIdentifier } from '#touchpoint';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { ErasureBody, ErasureView } from './erasures.dto.ts';
import { erasureView } from './erasures.view.ts';
import { KEY_STORE } from './identity.controller.ts';
import { JsonBody } from './json-body.pipe.ts';
import { profileIdIn } from './profile-id.ts';
import { waitFor } from './read-your-writes.ts';
import { Reading } from './reading.ts';
import { signatureOf } from './signed.dto.ts';

/** How long an order waits for the projections to know everything that the log holds of the person. */
const KNOWN_WITHIN_S = '30';

/** Erasing people, with a certificate. */
@Controller('v1/privacy/erasures')
@ApiTags('privacy')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class ErasuresController {
  constructor(
    @Inject(ErasureDesk) private readonly desk: ErasureDesk,
    @Inject(ErasureRegister) private readonly register: ErasureRegister,
    @Inject(KEY_STORE) private readonly keys: KeyStore,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Erases a person: keys, profile, rows. It cannot be taken back.',
    description:
      'Answers once the order is in the log; from then on it is carried out, whatever fails. Ask for the certificate until ' +
      'its `state` is `done`. A person who was erased before is answered with that certificate.',
  })
  @ApiBody({ type: ErasureBody })
  @ApiResponse({ status: 202, type: ErasureView })
  @ApiResponse({ status: 200, type: ErasureView, description: 'The person was erased before.' })
  @ApiResponse({
    status: 404,
    description: 'There is no such profile, or nobody was seen with the identifier.',
  })
  @ApiResponse({ status: 410, description: 'The identifier is suppressed: whoever had it was erased.' })
  @ApiResponse({ status: 504, description: 'The projections are far behind the log; ask again.' })
  async order(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(ErasureBody)) body: ErasureBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ErasureView> {
    const { workspace } = caller;
    await this.reading.whenOpen(Number(KNOWN_WITHIN_S) * 1_000);
    const head = (await this.reading.head()).toString();
    await waitFor(this.reading, 'profiles', { after: head, wait: KNOWN_WITHIN_S });
    const id = await this.#profileOf(workspace, body);
    const identity = identityReader(this.reading.generation().state);
    const membership = await identity.membership(id);
    if (membership?.workspace !== workspace) throw problem(404, 'there is no such profile');
    if (await identity.isErased(id)) {
      const before =
        (await this.register.ofProfile(workspace, membership.profileId)) ??
        (await this.register.ofProfile(workspace, id));
      if (before === undefined) throw problem(410, 'erased: this person was erased', { code: 'erased' });
      void reply.status(200);
      return erasureView(before);
    }
    const subject = await this.#subject(membership.profileId, membership.members);
    const actor = signatureOf(caller, body);
    const { outcome, found } = await this.desk.order(workspace, subject, { actor, reason: body.reason });
    if (outcome === 'repeated') void reply.status(200);
    return erasureView(found);
  }

  @Get(':id')
  @ApiOperation({ summary: 'The certificate of an erasure.' })
  @ApiResponse({ status: 200, type: ErasureView })
  @ApiResponse({ status: 404, description: 'There is no such erasure.' })
  async certificate(@Req() { caller }: AuthenticatedRequest, @Param('id') id: string): Promise<ErasureView> {
    const found = await this.register.find(id.toLowerCase() as EventId);
    if (found?.erasure.workspace !== caller.workspace) throw problem(404, 'there is no such erasure');
    return erasureView(found);
  }

  /** The profile that a body names. The value is never told. */
  async #profileOf(workspace: Workspace, { profileId, namespace, value }: ErasureBody): Promise<ProfileId> {
    if ((profileId === undefined) === (namespace === undefined && value === undefined)) {
      const errors = [{ field: 'profileId', message: 'give either profileId, or namespace and value' }];
      throw problem(400, 'the body has fields that cannot be taken', { errors });
    }
    if (profileId !== undefined) return profileIdIn(profileId);
    if (namespace === undefined || value === undefined) {
      const field = namespace === undefined ? 'namespace' : 'value';
      const errors = [{ field, message: 'is needed: namespace and value go together' }];
      throw problem(400, 'the body has fields that cannot be taken', { errors });
    }
    const normalised = normaliseIdentifier(namespace, value);
    const ref =
      normalised.outcome === 'valid'
        ? await this.keys.find(workspace, { namespace, value: normalised.value })
        : undefined;
    if (ref === 'suppressed')
      throw problem(410, 'erased: whoever had this identifier was erased', { code: 'erased' });
    const found =
      ref === undefined ? undefined : await identityReader(this.reading.generation().state).profileOf(ref);
    if (found === undefined) throw problem(404, 'nobody was seen with the identifier');
    return found;
  }

  /** What goes with a person, as of now. */
  async #subject(
    profileId: ProfileId,
    members: readonly { readonly ns: string; readonly ref: Ref }[],
  ): Promise<ErasureSubject> {
    const { state } = this.reading.generation();
    const identity = identityReader(state);
    const own = members.map(({ ref }) => ref);
    const bonds = await bondsOf(new UnitOfWork(state), own);
    const candidates = await guessedOnlyFrom(state, own);
    const known = await Promise.all(candidates.map((ref) => identity.profileOf(ref)));
    const others = new Set(bonds.namedByOthers);
    return {
      profileId,
      profiles: await identity.idsOf(profileId),
      refs: members,
      guessed: candidates.filter((_, i) => known[i] === undefined),
      kept: members.filter(({ ref }) => others.has(ref)),
      sharedWith: bonds.strangers,
    };
  }
}
