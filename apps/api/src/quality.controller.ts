import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ConfigFollower, QualityDesk } from '#config';
import type { QualityCondition, QualityRule } from '#config';
import { isoTime } from '#kernel';
import type { SourceName } from '#kernel';
import { figuresOf, qualityPage } from '#quality';
import type { Alert, PageLanguage } from '#quality';
import { AccessGuard, Allow, AllowBrowser, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { checkValue } from './check-value.ts';
import { JsonBody } from './json-body.pipe.ts';
import { CheckBody, QualityRuleBody } from './quality.dto.ts';
import { QualityService } from './quality.service.ts';
import type { Period } from './quality.service.ts';
import { waitFor } from './read-your-writes.ts';
import type { AfterQuery } from './read-your-writes.ts';
import { Reading } from './reading.ts';
import { refusal } from './sources.refusal.ts';

const RULE_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const DEFAULT_AT_LEAST = 20;

/** A page or an answer draws every day of its period. */
const MAX_DAYS = 400;
const DAY_MS = 86_400_000;

/** Query of a report. */
interface ReportQuery extends AfterQuery {
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly language?: string;
}

/** How clean the data of each source are, and who wants to be told when they no longer are. */
@Controller('v1/quality')
@ApiTags('data quality')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin', 'analyst')
export class QualityController {
  constructor(
    @Inject(QualityService) private readonly quality: QualityService,
    @Inject(QualityDesk) private readonly desk: QualityDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
    @Inject(Reading) private readonly reading: Reading,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Counts and rates by source and day of arrival, and by source over the whole period.',
    description:
      'What was refused and what came again is counted by the collector and shows some seconds later; everything ' +
      'else shows with its event.',
  })
  @ApiQuery({ name: 'from', required: false, description: 'First day, UTC; 30 days ago if absent.' })
  @ApiQuery({ name: 'to', required: false, description: 'Last day, UTC; today if absent.' })
  @ApiQuery({ name: 'source', required: false, description: 'One source; all if absent.' })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  async report(@Req() { caller }: AuthenticatedRequest, @Query() query: ReportQuery): Promise<object> {
    const period = this.#period(query);
    await waitFor(this.reading, 'warehouse', query);
    const days = await this.quality.days(caller.workspace, period, query.source ?? null);
    const sources = [...new Set(days.map(({ source }) => source))].sort();
    return {
      ...period,
      sources: sources.map((source) => ({
        source,
        ...figuresOf(days.filter((day) => day.source === source)),
      })),
      days: days.map((day) => ({ ...day, ...figuresOf([day]) })),
    };
  }

  @Get('page')
  @AllowBrowser()
  @ApiOperation({
    summary:
      'The same as a page for the eye, with the rules. A browser may ask with Basic: any user, the key as password.',
  })
  @ApiQuery({ name: 'from', required: false })
  @ApiQuery({ name: 'to', required: false })
  @ApiQuery({ name: 'source', required: false })
  @ApiQuery({ name: 'language', required: false, enum: ['en', 'tr'] })
  async page(
    @Req() { caller, headers }: AuthenticatedRequest,
    @Query() query: ReportQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const period = this.#period(query);
    const language = languageOf(query.language, headers['accept-language']);
    await waitFor(this.reading, 'warehouse', query);
    const { workspace } = caller;
    const source = query.source ? query.source : null;
    const page = qualityPage(
      {
        ...period,
        source,
        sources: this.quality.sources(workspace),
        days: await this.quality.days(workspace, period, source),
        alerts: (await this.quality.alerts(workspace)).filter(
          (one) => source === null || one.source === source,
        ),
      },
      language,
    );
    await reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
      .header('cache-control', 'no-store')
      .header('content-language', language)
      .send(page);
  }

  @Get('alerts')
  @ApiOperation({ summary: 'How every rule stands now, at each source that it is for.' })
  @ApiQuery({ name: 'after', required: false, description: 'Log position of a write to wait for.' })
  async alerts(
    @Req() { caller }: AuthenticatedRequest,
    @Query() query: AfterQuery,
  ): Promise<{ alerts: Alert[] }> {
    await waitFor(this.reading, 'warehouse', query);
    return { alerts: await this.quality.alerts(caller.workspace) };
  }

  @Get('rules')
  @ApiOperation({ summary: 'The rules of the workspace.' })
  rules(@Req() { caller }: AuthenticatedRequest): { rules: object[] } {
    return { rules: [...this.config.state(caller.workspace).qualityRules.values()].map(ruleView) };
  }

  @Put('rules/:name')
  @Allow('admin')
  @ApiOperation({
    summary: 'Sets or replaces a rule: a source is silent for hours, or its validity falls below.',
  })
  @ApiBody({ type: QualityRuleBody })
  async setRule(
    @Req() { caller }: AuthenticatedRequest,
    @Param('name') name: string,
    @Body(new JsonBody(QualityRuleBody)) body: QualityRuleBody,
  ): Promise<object> {
    const source = (body.source as SourceName | undefined) ?? null;
    const author = { workspace: caller.workspace, actor: caller.role };
    const rule = { name: ruleName(name), source, condition: conditionOf(body) };
    const result = await this.desk.setQualityRule(author, rule);
    if (result.outcome !== 'written') throw refusal(result);
    const set = this.config.state(caller.workspace).qualityRules.get(name) as QualityRule;
    return { ...ruleView(set), position: result.position.toString() };
  }

  @Delete('rules/:name')
  @Allow('admin')
  @ApiOperation({ summary: 'Removes a rule.' })
  async removeRule(
    @Req() { caller }: AuthenticatedRequest,
    @Param('name') name: string,
  ): Promise<{ position: string }> {
    const author = { workspace: caller.workspace, actor: caller.role };
    const result = await this.desk.removeQualityRule(author, ruleName(name));
    if (result.outcome !== 'written') throw problem(404, 'there is no rule of this name');
    return { position: result.position.toString() };
  }

  @Post('check')
  @HttpCode(200)
  @ApiOperation({ summary: 'What would become of typed values. Nothing is stored.' })
  @ApiBody({ type: CheckBody })
  check(@Body(new JsonBody(CheckBody)) { values }: CheckBody): { results: object[] } {
    const { to: today } = this.quality.lastDays;
    return { results: values.map((value) => checkValue(value, today)) };
  }

  #period({ from, to }: ReportQuery): Period {
    const last = this.quality.lastDays;
    const until = to ?? last.to;
    const since =
      from ??
      (to === undefined ? last.from : new Date(dayOf('to', to) - 29 * DAY_MS).toISOString().slice(0, 10));
    const [begin, end] = [dayOf('from', since), dayOf('to', until)];
    if (begin > end) throw problem(400, '"from" must not lie after "to"');
    if (end - begin >= MAX_DAYS * DAY_MS)
      throw problem(400, `from "from" to "to" are at most ${MAX_DAYS} days`);
    return { from: since, to: until };
  }
}

function dayOf(field: string, text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
  // The warehouse's type of days holds no others.
  if (!isDay || text < '1970-01-01' || text > '2149-06-06') {
    throw problem(400, `"${field}" must be a day: YYYY-MM-DD, from 1970-01-01 to 2149-06-06`);
  }
  return at;
}

function languageOf(asked: string | undefined, liked = ''): PageLanguage {
  if (asked === undefined) return /^\s*tr\b/i.test(liked) ? 'tr' : 'en';
  if (asked !== 'en' && asked !== 'tr') throw problem(400, '"language" must be one of en, tr');
  return asked;
}

function ruleName(name: string): string {
  if (!RULE_NAME.test(name)) throw problem(400, 'the name of a rule must match [A-Za-z0-9_.-]{1,64}');
  return name;
}

function conditionOf({
  kind,
  hours,
  below = 0,
  atLeast = DEFAULT_AT_LEAST,
}: QualityRuleBody): QualityCondition {
  return kind === 'silent' ? { kind, hours } : { kind, hours, below, atLeast };
}

function ruleView({ name, source, condition, setAt }: QualityRule): object {
  return { name, source, ...condition, setAt: isoTime(setAt) };
}
