import { Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { readDecisions } from '#explain';
import type { ToldDecision } from '#explain';
import type { ProfileId } from '#kernel';
import { AccessGuard, Allow, problem, seesPersonalData } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { momentIn, waitForPast } from './as-of.ts';
import { cursorOf, limitOf } from './paging.ts';
import type { ListQuery } from './paging.ts';
import { formatOf, languageOf } from './presentation.ts';
import type { PresentationQuery } from './presentation.ts';
import { profileIdIn } from './profile-id.ts';
import { ProfilesService } from './profiles.service.ts';
import { waitFor } from './read-your-writes.ts';
import { Reading } from './reading.ts';

const CURSOR = /^\d{1,20}~\d{1,9}$/;

/** What was decided about people, when, and why. */
@Controller('v1/profiles')
@ApiTags('profiles')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
@ApiQuery({ name: 'wait', required: false, description: 'Seconds to wait at most, 0 to 60; 10 if absent.' })
@ApiQuery({ name: 'asOf', required: false, description: 'Decisions made up to this moment only.' })
@Allow('admin', 'analyst')
export class DecisionsController {
  constructor(
    @Inject(ProfilesService) private readonly profiles: ProfilesService,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Get(':id/decisions')
  @ApiOperation({
    summary:
      'Why the profile is as it is: decisions about it and those it absorbed, in the order they were made.',
    description:
      'JSON, each with a sentence in the language of `Accept-Language`; sentences only for `Accept: text/plain`.',
  })
  @ApiProduces('application/json', 'text/plain')
  async decisions(
    @Req() { caller, headers }: AuthenticatedRequest,
    @Param('id') id: string,
    @Query() query: ListQuery & PresentationQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ id: ProfileId; decisions: readonly ToldDecision[]; cursor?: string } | string> {
    const moment = momentIn(query, Date.now());
    if (moment?.clock === 'event')
      throw problem(400, '"clock" can only be recorded here: decisions have no other time');
    const format = formatOf(query, headers);
    if (format === 'svg')
      throw problem(400, '"format" must be json or text here; the explanation has a picture');
    await (moment === undefined
      ? waitFor(this.reading, 'warehouse', query)
      : waitForPast(this.reading, query));
    const held = await this.profiles.held(caller.workspace, profileIdIn(id), moment);
    const [position, n] = cursorOf(query, CURSOR)?.split('~') ?? [];
    const language = languageOf(query, headers);
    const { decisions, next } = await readDecisions(
      { state: this.reading.generation().state, warehouse: this.reading.warehouse },
      { workspace: caller.workspace, seesValues: seesPersonalData(caller.role) },
      held.profileId,
      language,
      {
        limit: limitOf(query),
        ...(position === undefined ? {} : { after: { position, n: Number(n) } }),
        ...(moment === undefined ? {} : { until: moment.at }),
      },
    );
    void reply.header('vary', 'accept, accept-language').header('content-language', language);
    if (format === 'text') {
      void reply.type('text/plain; charset=utf-8');
      return decisions.map(lineOf).join('');
    }
    const cursor = next === undefined ? {} : { cursor: `${next.position}~${next.n}` };
    return { id: held.profileId, decisions, ...cursor };
  }
}

function lineOf({ decided_at, text, rule, source, evidence_event_id }: ToldDecision): string {
  return `${decided_at}  ${text} (${[rule, source, evidence_event_id].filter((part) => part !== '').join(', ')})\n`;
}
