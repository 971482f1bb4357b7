/** Jest runs the TypeScript sources as ES modules; `#lib` imports resolve to source through the `source` condition. */
const kinds = {
  unit: ['(?<!\\.(int|e2e|long))\\.spec\\.ts$'],
  all: ['(?<!\\.long)\\.spec\\.ts$'],
  long: [
    '\\.(long|prop)\\.spec\\.ts$',
    // They have a longer form as well.
    '/(matcher\\.int|rocks-state-store\\.int|models|fit|read-records)\\.spec\\.ts$',
  ],
};

export default {
  rootDir: '../..',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testRegex: kinds[process.env.TEMAS_TEST_KIND ?? 'all'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  // A patience, not a measure: a busy machine takes ten times as long for the same work.
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/infra/quality/closing-line.mjs'],
  maxWorkers: 2,
};
