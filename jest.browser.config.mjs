import base from './jest.config.mjs';

export default { ...base, testMatch: ['<rootDir>/test/browser/**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/'], testTimeout: 240_000, maxWorkers: 2 };
