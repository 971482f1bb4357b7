const STORES = ['kernel', 'touchpoint', 'event-log', 'key-store', 'state-store'];
const FOLDS = ['identity', 'profile', 'order', 'session', 'account', 'consent', 'correction'];

/** Import direction as data (design §9). Each entry: a lib and the libs it may import. */
const MAY_IMPORT = {
  kernel: [],
  postgres: ['kernel'],
  repair: [],
  touchpoint: ['kernel', 'repair'],
  webhook: ['kernel', 'touchpoint'],
  'event-log': ['kernel', 'touchpoint'],
  'key-store': ['kernel', 'touchpoint', 'postgres'],
  'state-store': ['kernel', 'touchpoint', 'postgres'],
  config: [...STORES, 'webhook', 'identity', 'repair'],
  erasure: ['kernel', 'touchpoint', 'event-log', 'key-store'],
  identity: STORES,
  profile: [...STORES, 'identity', 'repair'],
  order: ['kernel', 'touchpoint', 'state-store'],
  consent: ['kernel', 'touchpoint', 'state-store'],
  quality: [...STORES, 'config'],
  correction: ['kernel', 'touchpoint', 'state-store'],
  session: ['kernel', 'touchpoint', 'state-store'],
  account: ['kernel', 'touchpoint', 'state-store', 'profile'],
  projection: [...STORES, ...FOLDS, 'webhook', 'config', 'erasure', 'repair', 'quality'],
  warehouse: [...STORES, ...FOLDS, 'projection', 'repair'],
  tracker: [],
  analytics: [...STORES, 'warehouse'],
  scoring: [...STORES, 'config', 'warehouse', 'analytics'],
  report: ['kernel', 'scoring'],
  journey: ['kernel', 'touchpoint', 'warehouse', 'analytics'],
  explain: [...STORES, 'identity', 'profile', 'correction', 'warehouse'],
};

const direction = Object.entries(MAY_IMPORT).map(([lib, allowed]) => ({
  name: `libs-${lib}-imports-upstream-only`,
  comment: `${lib} stands on the way of a touchpoint after what it may import; importing further would turn the flow round`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(libs|apps)/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

/** Clients of engines: only `adapters/` know them, so that a port can change its engine. */
const VENDORS = 'node_modules/(lmdb|rocksdb-native|chdb|@chdb|@clickhouse|pg|@eventstore)/';

module.exports = {
  forbidden: [
    ...direction,
    {
      name: 'no-deep-imports',
      comment: 'a lib is used through its index.ts; what is not exported there is free to change',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^(libs|apps)/[^/]+/src/.+', pathNot: ['^$1/$2/', '^(libs|apps)/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'vendors-in-adapters-only',
      comment: 'an engine behind a port is replaced by replacing its adapter',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: '(/adapters/|\\.spec\\.ts$)' },
      to: { path: VENDORS },
    },
    {
      name: 'pure-core-without-nest',
      comment: 'logic lives in libs and is plain; Nest wires it in apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'a module nobody imports is dead code',
      severity: 'error',
      from: { orphan: true, path: '^libs/', pathNot: '(\\.spec\\.ts|\\.d\\.ts|index\\.ts)$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
