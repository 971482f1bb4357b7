import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ConfigDesk, ConfigFollower, newestRules } from '#config';
import { DEFAULT_RULES, rulesOf } from '#identity';
import type { IdentityRules, RuleChanges } from '#identity';
import type { Workspace } from '#kernel';
import type { KeyStore } from '#key-store';
import { RulePlans } from '#apps/projector';
import { AccessGuard, Allow, problem } from './access.ts';
import type { AuthenticatedRequest } from './access.ts';
import { readGivenRules } from './given-rules.ts';
import { KEY_STORE } from './identity.controller.ts';
import { PlanRulesBody, PublishRulesBody } from './identity-rules.dto.ts';
import { changesView, planView, rulesView, versionView } from './identity-rules.view.ts';
import { JsonBody } from './json-body.pipe.ts';
import { Reading } from './reading.ts';
import { signatureOf } from './signed.dto.ts';

/** The rules by which people are told apart: what they are, what others would do, and publishing them. */
@Controller('v1/identity/rules')
@ApiTags('identity')
@ApiBearerAuth()
@UseGuards(AccessGuard)
@Allow('admin')
export class IdentityRulesController {
  constructor(
    @Inject(ConfigDesk) private readonly desk: ConfigDesk,
    @Inject(ConfigFollower) private readonly config: ConfigFollower,
    @Inject(KEY_STORE) private readonly keys: KeyStore,
    @Inject(Reading) private readonly reading: Reading,
    @Inject(RulePlans) private readonly plans: RulePlans,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The rules, their versions, and which of them the answers of now follow.',
    description: '`inForce` is behind `published` until the rebuild that follows a publication has ended.',
  })
  rules(@Req() { caller: { workspace } }: AuthenticatedRequest): object {
    const { identityRules } = this.config.state(workspace);
    const { rules, changes } = this.#published(workspace);
    return {
      inForce: this.reading.generation().rules.of(workspace).version,
      published: rules.version,
      changes: changesView(changes),
      rules: rulesView(rules, changes),
      defaults: rulesView(DEFAULT_RULES, {}),
      history: identityRules.map(versionView),
    };
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Publishes rules; everything is then told anew by them, from the whole log.',
    description:
      'Answers once they are in the log. The rebuild begins by itself (`GET /v1/projections/rebuild`); answers follow the ' +
      'old rules until it has ended.',
  })
  @ApiBody({ type: PublishRulesBody })
  @ApiResponse({ status: 409, description: 'Another version was published meanwhile.' })
  async publish(
    @Req() { caller }: AuthenticatedRequest,
    @Body(new JsonBody(PublishRulesBody)) body: PublishRulesBody,
  ): Promise<object> {
    const { expectedVersion, reason } = body;
    const { workspace } = caller;
    const changes = await readGivenRules(this.keys, workspace, body.changes);
    const actor = signatureOf(caller, body);
    const result = await this.desk.publishRules({ workspace, actor }, { expectedVersion, changes, reason });
    if (result.outcome === 'stale') {
      const { version } = result;
      throw problem(409, `version ${version} is published, not ${expectedVersion}`, { version });
    }
    return { ...versionView(result.rules), position: result.position.toString() };
  }

  @Post('plans')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Dry run: what rules would make of the people of now. Changes nothing.',
    description: 'Folds the whole log by the published rules and by these, and compares who is who.',
  })
  @ApiBody({ type: PlanRulesBody })
  @ApiResponse({ status: 409, description: 'Another dry run is under way.' })
  async plan(
    @Req() { caller: { workspace } }: AuthenticatedRequest,
    @Body(new JsonBody(PlanRulesBody)) body: PlanRulesBody,
  ): Promise<object> {
    this.reading.generation();
    const changes = await readGivenRules(this.keys, workspace, body.changes);
    const published = this.#published(workspace);
    const base = { version: published.rules.version, changes: published.changes };
    const state = await this.plans.start({ workspace, changes, base });
    if (state === undefined) throw problem(409, 'a dry run is under way');
    return planView(state);
  }

  @Get('plans')
  @ApiOperation({ summary: 'The dry run under way, or how the last one ended.' })
  async progress(@Req() { caller }: AuthenticatedRequest): Promise<object> {
    return planView(await this.plans.stateOf(caller.workspace));
  }

  @Delete('plans')
  @ApiOperation({ summary: 'Cancels the dry run under way.' })
  @ApiResponse({ status: 404, description: 'None is under way.' })
  async cancel(@Req() { caller }: AuthenticatedRequest): Promise<object> {
    const state = await this.plans.cancel(caller.workspace);
    if (state === undefined) throw problem(404, 'no dry run is under way');
    return planView(state);
  }

  #published(workspace: Workspace): { readonly rules: IdentityRules; readonly changes: RuleChanges } {
    const newest = newestRules(this.config.state(workspace).identityRules);
    if (newest === undefined) return { rules: DEFAULT_RULES, changes: {} };
    return { rules: rulesOf(newest.changes, newest.version), changes: newest.changes };
  }
}
