import type { TouchpointKind } from '#touchpoint';

/** What a path asks for; `event` is one item that names its kind itself. */
export type Call = TouchpointKind | 'batch' | 'import' | 'event';

/** Before every path once more: block-lists match `/beacon/`, `analytics.js` and vendors' hosts, but not this. */
export const NEUTRAL_PREFIX = '/e';

const KINDS: Readonly<Record<string, Call>> = {
  track: 'track',
  identify: 'identify',
  page: 'page',
  screen: 'screen',
  group: 'group',
  alias: 'alias',
};

const SEGMENT: Readonly<Record<string, Call>> = { ...KINDS, batch: 'batch', import: 'import' };

const SEGMENT_BROWSER: Readonly<Record<string, Call>> = {
  t: 'track',
  i: 'identify',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
};

const JITSU: Readonly<Record<string, Call>> = { ...KINDS, event: 'event', batch: 'batch' };

/** Who sends where: a prefix and the calls under it. To serve another path, add a row. */
const TABLE: readonly (readonly [prefix: string, calls: Readonly<Record<string, Call>>])[] = [
  ['/v1', SEGMENT],
  ['/v1', SEGMENT_BROWSER],
  ['/api/s', JITSU],
  ['/api/s/s2s', JITSU],
  ['/beacon/v1', { batch: 'batch' }],
  [`${NEUTRAL_PREFIX}/v1`, SEGMENT],
  [`${NEUTRAL_PREFIX}/v1`, SEGMENT_BROWSER],
  [`${NEUTRAL_PREFIX}/api/s`, JITSU],
  [`${NEUTRAL_PREFIX}/api/s/s2s`, JITSU],
  [`${NEUTRAL_PREFIX}/beacon/v1`, { batch: 'batch' }],
  [NEUTRAL_PREFIX, SEGMENT],
  [NEUTRAL_PREFIX, SEGMENT_BROWSER],
];

const CALLS: ReadonlyMap<string, Call> = new Map(
  TABLE.flatMap(([prefix, calls]) =>
    Object.entries(calls).map(([name, call]) => [`${prefix}/${name}`, call] as const),
  ),
);

/** Paths where answers have the shape that SDKs know. */
export const INGEST_PATHS: ReadonlySet<string> = new Set(CALLS.keys());

/** What a path asks for, with or without a slash at its end; `undefined` if it takes no touchpoints. */
export function callOf(path: string): Call | undefined {
  return CALLS.get(path.replace(/\/$/, ''));
}

const WEBHOOK_PATH = /^\/v1\/sources\/[^/]+\/webhook\/?$/;

/** True for a path whose POST brings touchpoints. */
export function takesTouchpoints(path: string): boolean {
  return callOf(path) !== undefined || WEBHOOK_PATH.test(path);
}

/** Paths of the API description for single items. */
export const ITEM_PATHS: readonly string[] = Object.keys(KINDS).map((name) => `/v1/${name}`);

/** Paths of the API description for batches. */
export const BATCH_PATHS: readonly string[] = ['/v1/batch', '/v1/import'];

/** The further paths, for SDKs that have them built in. */
export const SDK_PATHS: readonly string[] = [...INGEST_PATHS].filter(
  (path) => !ITEM_PATHS.includes(path) && !BATCH_PATHS.includes(path),
);

/** Where analytics-next sends measurements of itself. */
export const SDK_METRICS_PATHS: readonly string[] = [
  '/v1/m',
  `${NEUTRAL_PREFIX}/v1/m`,
  `${NEUTRAL_PREFIX}/m`,
];

const OPEN_PREFIXES = [`${NEUTRAL_PREFIX}/`, '/api/s/', '/beacon/', '/v1/projects/'];
const OPEN_PATHS: ReadonlySet<string> = new Set([...INGEST_PATHS, ...SDK_METRICS_PATHS, '/sourceConfig']);

/** A path that scripts on foreign sites may call: to send touchpoints or to ask for an SDK's settings. */
export function isOpenToBrowsers(path: string): boolean {
  return OPEN_PATHS.has(path.replace(/\/$/, '')) || OPEN_PREFIXES.some((prefix) => path.startsWith(prefix));
}
