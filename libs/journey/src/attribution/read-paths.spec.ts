import { expect, it } from '@jest/globals';
import { attributionResult } from './attribution-result.ts';
import { MAX_GIVEN_PATHS, readPaths } from './read-paths.ts';

it('reads lists and texts', () => {
  expect(
    readPaths([
      { path: ' a >b', conversions: 1, value: 2.5 },
      { path: ['c'], nulls: 3, ageDays: [1] },
    ]),
  ).toEqual({
    outcome: 'read',
    paths: [
      { touches: ['a', 'b'], conversions: 1, value: 2.5, nulls: 0 },
      { touches: ['c'], conversions: 0, value: 0, nulls: 3, ageDays: [1] },
    ],
  });
});

it.each([
  ['paths', {}],
  ['paths', new Array(MAX_GIVEN_PATHS + 1).fill({})],
  ['paths[0]', ['a > b']],
  ['paths[0].path', [{ conversions: 1 }]],
  ['paths[0].path', [{ path: 'a > > b' }]],
  ['paths[0].nulls', [{ path: 'a', nulls: '3' }]],
  ['paths[0].value', [{ path: 'a', value: -1 }]],
  ['paths[0].ageDays', [{ path: 'a > b', ageDays: [1] }]],
  ['paths[0].count', [{ path: 'a', count: 1 }]],
])('names the place of what it cannot take: %s', (field, raw) => {
  const read = readPaths(raw);
  expect(read.outcome === 'invalid' && read.problems[0]?.field).toBe(field);
});

it('says which model needs more than the paths tell', () => {
  const read = readPaths([{ path: 'Direct > ads > Direct', conversions: 1 }]);
  const choice = {
    models: ['time_decay', 'last_non_direct'] as const,
    markovOrder: 1,
    halfLifeDays: 7,
    direct: [],
  };
  const result = attributionResult(read.outcome === 'read' ? read.paths : [], choice);
  expect(result.left.map(({ model }) => model)).toEqual(['time_decay']);
  expect(result.models.last_non_direct).toEqual([
    { name: 'Direct', conversions: 0, share: 0, value: 0 },
    { name: 'ads', conversions: 1, share: 1, value: 0 },
  ]);
});

it('knows direct touches of lists from elsewhere in any case', () => {
  const read = readPaths([{ path: 'ads > direct > App > (DIRECT)', conversions: 1 }]);
  const choice = { models: ['last_non_direct'] as const, markovOrder: 1, halfLifeDays: 7, direct: ['app'] };
  const result = attributionResult(read.outcome === 'read' ? read.paths : [], choice);
  expect(result.models.last_non_direct).toContainEqual({ name: 'ads', conversions: 1, share: 1, value: 0 });
});
