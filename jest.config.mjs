export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  testRunner: '<rootDir>/test/support/runner/index.mjs',
  transform: {},
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/property-seed.ts'],
  testTimeout: 60_000,
  maxWorkers: 2,
  // The modules of finished files stay in memory: without an end, marking several gigabytes takes a third of the processor.
  workerIdleMemoryLimit: '900MB',
};
