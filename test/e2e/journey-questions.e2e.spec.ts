import { describe, expect, it } from '@jest/globals';
import { journeyWorld } from '../support/journey-world.ts';
import type { Counts, Problem } from '../support/journey-world.ts';
import { KEYS } from '../support/temas-process.ts';

interface Described {
  readonly paths: Record<
    string,
    {
      post: { responses: Record<string, { content: Record<string, { schema: { $ref: string } }> }> };
    }
  >;
  readonly components: { readonly schemas: Record<string, { properties: object }> };
}

describe('questions about journeys', () => {
  const world = journeyWorld();
  const { ask, send } = world;

  it.each([
    ['funnel', { steps: ['Order Completed'], breakdown: { field: 'campaign' } }],
    ['funnel/people', { steps: ['Order Completed'], step: 1, outcome: 'reached' }],
    ['retention', {}],
    ['paths', {}],
    ['attribution', {}],
    ['lifecycle', {}],
  ])('describes what %s answers', async (path, body) => {
    const answer = await ask<object>(path, body);
    const { body: described } = await world.temas.get<Described>('/openapi.json');
    const ok = described.paths[`/v1/analytics/${path}`]?.post.responses['200']?.content['application/json'];
    const name = ok?.schema.$ref.split('/').at(-1) ?? '';
    const told = Object.keys(described.components.schemas[name]?.properties ?? {});
    expect(told).toEqual(expect.arrayContaining(Object.keys(answer)));
  });

  it('names the place of what it cannot take', async () => {
    const places = async (path: string, body: object): Promise<string[]> =>
      ((await ask<Problem>(path, body, 400)).errors ?? []).map(({ field }) => field);
    expect(await places('funnel', {})).toEqual(['steps']);
    expect(await places('funnel', { steps: ['a', { where: [{ field: 'nothing', op: 'is' }] }] })).toEqual([
      'steps[1].where[0].field',
      'steps[1].where[0].op',
    ]);
    expect(
      await places('funnel', {
        steps: ['a', { event: 'b', where: [{ field: 'path', op: 'gt', value: 'x' }] }],
      }),
    ).toEqual(['steps[1].where[0].value']);
    expect(await places('funnel', { steps: ['a', 'b'], exclusions: [{ event: 'c', before: 3 }] })).toEqual([
      'exclusions[0].before',
    ]);
    expect(await places('funnel', { steps: ['a'], breakdown: { segment: 'vip' } })).toEqual([
      'breakdown.segment',
    ]);
    for (const breakdown of [{ segment: 'lifecycle', trait: 'plan' }, { segment: null, field: null }, {}])
      expect(await places('funnel', { steps: ['a'], breakdown })).toEqual(['breakdown']);
    expect(await places('retention', { timeZone: 'Mars/Olympus', periods: 1.5 })).toEqual([
      'periods',
      'timeZone',
    ]);
    expect((await world.temas.call('PUT', '/v1/settings/time-zone', { timeZone: 'Mars/X' })).status).toBe(
      400,
    );
    expect(await places('paths', { steps: 99, start: 7 })).toEqual(['start', 'steps']);
    expect(
      await places('attribution', {
        paths: [
          { path: 'a > b', conversions: -1 },
          { path: [], wins: 1 },
        ],
      }),
    ).toEqual(['paths[0].conversions', 'paths[1].wins']);
    expect((await world.temas.call('POST', '/v1/analytics/funnel', [])).status).toBe(400);
    const response = await fetch(`${world.temas.url}/v1/analytics/funnel`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
  });

  it('takes null for what is not said', async () => {
    const nothing = { from: null, to: null, breakdown: null };
    const answer = await ask<Counts>('funnel', {
      ...nothing,
      steps: [{ event: 'a', kind: null, where: null }],
      windowSeconds: null,
      exclusions: null,
    });
    expect(answer.steps.map(({ count }) => count)).toEqual([0]);
    await ask('retention', { ...nothing, start: null, return: null, timeZone: null });
    await ask('lifecycle', { from: null, activity: null });
    await ask('paths', { from: null, among: null, start: null, end: null });
    await ask('attribution', { from: null, conversion: null, touches: null, direct: null });
  });

  it('asks as the SQL door can be asked again', async () => {
    const text = `it's "50 %" \\ 'ığ'\t😀`;
    await send([
      {
        type: 'track',
        event: text,
        userId: text,
        timestamp: '2025-01-07T10:00:00Z',
        properties: { label: text },
      },
    ]);
    const steps = [{ event: text, where: [{ field: 'properties.label', op: 'eq', value: text }] }];
    const answer = await ask<Counts>('funnel', { steps });
    expect(answer.steps.map(({ count }) => count)).toEqual([1]);
    expect(Object.values(answer.parameters)).toContainEqual([text]);
    expect(answer.ms).toBeGreaterThan(0);
    const search = new URLSearchParams({ default_format: 'JSONEachRow' });
    const element = (value: unknown): string =>
      typeof value === 'string'
        ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\t', '\\t')}'`
        : JSON.stringify(value);
    for (const [name, value] of Object.entries(answer.parameters)) {
      const plain = String(value).replaceAll('\\', '\\\\').replaceAll('\t', '\\t');
      search.set(`param_${name}`, Array.isArray(value) ? `[${value.map(element).join(',')}]` : plain);
    }
    const again = await fetch(`${world.temas.url}/sql?${search.toString()}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.analyst}` },
      body: answer.sql,
    });
    expect(JSON.parse(await again.text())).toMatchObject({ reached: ['1'] });
  });
});
