import { ConfigFollower } from '#config';
import {
  attributionResult,
  attributionSql,
  countedPath,
  DEFAULT_CHANNEL_RULES,
  funnelPeopleSql,
  funnelResult,
  funnelSql,
  lifecycleResult,
  lifecycleSql,
  pathsResult,
  pathsSql,
  retentionResult,
  retentionSql,
} from '#journey';
import type {
  AttributionRow,
  ChannelRule,
  FunnelPerson,
  FunnelRow,
  LifecycleRow,
  PathRow,
  RetentionRow,
} from '#journey';
import { isoTime } from '#kernel';
import { databaseOf } from '#warehouse';
import type { Caller } from '../access.ts';
import { JsonBody } from '../json-body.pipe.ts';
import { Reading } from '../reading.ts';
import { ownWorkspace } from '../sources.refusal.ts';
import { ask } from './asking.ts';
import { AttributionBody } from './attribution.dto.ts';
import { FunnelBody, FunnelPeopleBody } from './funnel.dto.ts';
import { PathsBody } from './paths.dto.ts';
import {
  readAttribution,
  readFunnel,
  readFunnelPeople,
  readGivenPaths,
  readLifecycle,
  readPathsQuestion,
  readRetention,
} from './read-questions.ts';
import type { Asker } from './read-questions.ts';
import { LifecycleBody, RetentionBody } from './retention.dto.ts';

/** Questions that can be asked and saved. */
export const ANALYSES = ['funnel', 'paths', 'retention', 'attribution', 'lifecycle'] as const;

/** A question that can be asked and saved. */
export type Analysis = (typeof ANALYSES)[number];

/** Answers questions about journeys from JSON bodies. */
export class Analyses {
  constructor(
    private readonly reading: Reading,
    private readonly config: ConfigFollower,
  ) {}

  /** Checks a body without asking. Throws 400 and 403. */
  check(kind: Analysis, caller: Caller, raw: Buffer): void {
    this.#prepare(kind, caller, raw);
  }

  /** Answers a body. Throws 400, 403, 422 and 503. */
  answer(kind: Analysis, caller: Caller, raw: Buffer): Promise<object> {
    return this.#prepare(kind, caller, raw)();
  }

  /** A page of those who came to a step of a funnel, or were lost there. Throws as {@link answer}. */
  async people(caller: Caller, raw: Buffer): Promise<object> {
    const body = new JsonBody(FunnelPeopleBody).transform(raw);
    ownWorkspace(caller, body.workspace);
    const definition = readFunnel(body, this.#askerOf(caller));
    const page = readFunnelPeople(body);
    const { rows, asked } = await ask<FunnelPerson>(this.reading, caller, funnelPeopleSql(definition, page));
    const shown = rows.slice(0, page.limit).map(({ id, profile, depth, started, ended }) => ({
      id,
      profileId: profile,
      steps: depth,
      startedAt: isoTime(Number(started)),
      endedAt: isoTime(Number(ended)),
    }));
    const last = shown.at(-1);
    const more = rows.length > page.limit && last !== undefined;
    return { people: shown, ...(more ? { cursor: last.id } : {}), ...asked };
  }

  #prepare(kind: Analysis, caller: Caller, raw: Buffer): () => Promise<object> {
    const asker = this.#askerOf(caller);
    const read = <T extends { workspace?: string }>(dto: new () => T): T => {
      const body = new JsonBody(dto).transform(raw);
      ownWorkspace(caller, body.workspace);
      return body;
    };
    const { reading } = this;
    switch (kind) {
      case 'funnel': {
        const definition = readFunnel(read(FunnelBody), asker);
        return async () => {
          const { rows, asked } = await ask<FunnelRow>(reading, caller, funnelSql(definition));
          return { ...funnelResult(definition, rows), ...asked };
        };
      }
      case 'retention': {
        const definition = readRetention(read(RetentionBody), asker);
        return async () => {
          const { rows, asked } = await ask<RetentionRow>(reading, caller, retentionSql(definition));
          return { ...retentionResult(definition, rows), ...asked };
        };
      }
      case 'paths': {
        const definition = readPathsQuestion(read(PathsBody), asker);
        return async () => {
          const { rows, asked } = await ask<PathRow>(reading, caller, pathsSql(definition));
          return { ...pathsResult(definition, rows), ...asked };
        };
      }
      case 'lifecycle': {
        const definition = readLifecycle(read(LifecycleBody), asker);
        return async () => {
          const { rows, asked } = await ask<LifecycleRow>(reading, caller, lifecycleSql(definition));
          return { periods: lifecycleResult(definition, rows), ...asked };
        };
      }
      case 'attribution': {
        const body = read(AttributionBody);
        const { models, markovOrder, halfLifeDays, direct = [] } = body;
        const choice = { models, markovOrder, halfLifeDays, direct };
        if (body.paths !== undefined) {
          const paths = readGivenPaths(body.paths);
          return async () => attributionResult(paths, choice);
        }
        const definition = readAttribution(body, asker);
        return async () => {
          const { rows, asked } = await ask<AttributionRow>(reading, caller, attributionSql(definition));
          return { ...attributionResult(rows.map(countedPath), choice), ...asked };
        };
      }
    }
  }

  #askerOf({ workspace }: Caller): Asker {
    const { channelRules, timeZone } = this.config.state(workspace);
    const rules = (channelRules as readonly ChannelRule[] | null) ?? DEFAULT_CHANNEL_RULES;
    return { database: databaseOf(workspace), now: Date.now(), timeZone, rules };
  }
}
