import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { QualityDesk } from '#config';
import type { Verdict } from '#config';
import { readCorrections } from '#correction';
import type { Correction } from '#correction';
import { identityReader } from '#identity';
import type { Ref, Workspace } from '#kernel';
import { databaseOf } from '#warehouse';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { VerdictBody } from './corrections.dto.ts';
import { JsonBody } from './json-body.pipe.ts';
import { waitFor } from './read-your-writes.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { Reading } from './reading.ts';
import { signatureOf } from './signed.dto.ts';

const ID = /^([1-9]\d{0,18})-([1-9]\d{0,18})$/;
const STATUSES = ['unverified', 'confirmed', 'rejected'];
const MAX_PAGE = 1_000;

interface ListQuery extends AfterQuery {
  readonly status?: string;
  readonly cursor?: string;
  readonly limit?: string;
}

/** Guesses at what identifiers were meant to be: the queue of those who judge them. */
@Controller('v1/corrections')
@ApiTags('data quality')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class CorrectionsController {
  constructor(
    @Inject(QualityDesk) private readonly desk: QualityDesk,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Guesses of the workspace, oldest identifier first.' })
  @ApiQuery({ name: 'status', required: false, enum: STATUSES, description: 'unverified if absent.' })
  @ApiQuery({ name: 'limit', required: false })
  @ApiQuery({ name: 'cursor', required: false })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  async list(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: ListQuery,
  ): Promise<{ corrections: readonly object[]; cursor?: string }> {
    const { status = 'unverified', cursor, limit = '100' } = query;
    if (!STATUSES.includes(status)) throw problem(400, `"status" must be one of ${STATUSES.join(', ')}`);
    const count = Number(limit);
    if (!(Number.isInteger(count) && count >= 1 && count <= MAX_PAGE))
      throw problem(400, `"limit" must be a whole number from 1 to ${MAX_PAGE}`);
    const after = cursor === undefined ? ['', '0', '0'] : ID.exec(cursor);
    if (after === null) throw problem(400, '"cursor" must be one that an earlier page gave');
    await waitFor(this.reading, 'warehouse', query);
    const rows = await this.reading.warehouse.query<Record<string, unknown> & { correction_id: string }>(
      `SELECT * EXCEPT (workspace) FROM ${databaseOf(caller.workspace)}.corrections
       WHERE status = {status:String} AND (anchor_id, guess_id) > ({anchor:UInt64}, {guess:UInt64})
       ORDER BY anchor_id, guess_id LIMIT {limit:UInt32}`,
      { status, anchor: after[1], guess: after[2], limit: count + 1 },
    );
    const page = rows.slice(0, count);
    const last = page.at(-1);
    return {
      corrections: page,
      ...(rows.length > count && last !== undefined ? { cursor: last.correction_id } : {}),
    };
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @ApiOperation({
    summary: 'The guess is what was meant: it becomes an identifier beside what was typed.',
    description: 'For a click or a double opt-in, never for a hunch. The first verdict stands for ever.',
  })
  @ApiBody({ type: VerdictBody })
  @ApiResponse({ status: 404, description: 'There is no such guess.' })
  @ApiResponse({ status: 409, description: 'It was rejected.' })
  confirm(
    @Req() request: AuthenticatedRequest,
    @Param('id') id: string,
    @Body(new JsonBody(VerdictBody)) body: VerdictBody,
    @Query() query: AfterQuery,
  ): Promise<object> {
    return this.#decide(request, id, 'confirmed', body, query);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @ApiOperation({ summary: 'The guess is not what was meant. It is never proposed again.' })
  @ApiBody({ type: VerdictBody })
  @ApiResponse({ status: 404, description: 'There is no such guess.' })
  @ApiResponse({ status: 409, description: 'It was confirmed.' })
  reject(
    @Req() request: AuthenticatedRequest,
    @Param('id') id: string,
    @Body(new JsonBody(VerdictBody)) body: VerdictBody,
    @Query() query: AfterQuery,
  ): Promise<object> {
    return this.#decide(request, id, 'rejected', body, query);
  }

  async #decide(
    { caller }: AuthenticatedRequest,
    id: string,
    verdict: Verdict,
    body: VerdictBody,
    query: AfterQuery,
  ): Promise<object> {
    const pair = ID.exec(id);
    if (pair === null) throw problem(400, 'the id must be that of a correction: <number>-<number>');
    await waitFor(this.reading, 'profiles', query);
    const { correction, fromNamespace } = await this.#find(caller.workspace, pair[1] as Ref, pair[2] as Ref);
    const { derivedFrom: from, anchor: to, namespace: toNamespace } = correction;
    const author = {
      workspace: caller.workspace,
      actor: signatureOf(caller, body),
    };
    const result = await this.desk.decideCorrection(
      author,
      { from, to, fromNamespace, toNamespace },
      verdict,
      body.reason,
    );
    if (result.outcome === 'already_decided') {
      throw problem(409, `it was ${result.verdict} before, and that stands`, { status: result.verdict });
    }
    return { ...correction, status: verdict, position: result.position.toString() };
  }

  async #find(
    workspace: Workspace,
    from: Ref,
    to: Ref,
  ): Promise<{ readonly correction: Correction; readonly fromNamespace: string }> {
    const { state } = this.reading.generation();
    const profileId = await identityReader(state).profileOf(from);
    const membership = profileId && (await identityReader(state).membership(profileId));
    const correction = (await readCorrections(state, [from])).find(({ anchor }) => anchor === to);
    if (!membership || membership.workspace !== workspace || correction === undefined)
      throw problem(404, 'there is no such correction');
    const typed = membership.members.find(({ ref }) => ref === from);
    return { correction, fromNamespace: typed?.ns ?? correction.namespace };
  }
}
