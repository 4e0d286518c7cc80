/** Jest runs the same TypeScript that Node runs: types are stripped by Node itself, nothing is compiled. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/setup/strip-types.js' },
  globalSetup: '<rootDir>/test/setup/global-setup.ts',
  globalTeardown: '<rootDir>/test/setup/global-teardown.ts',
  // What takes minutes is run by `npm run prove`.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.PROVE === '1' ? [] : ['<rootDir>/test/noninterference/', '<rootDir>/test/proof/mutate/scores']),
  ],
  testTimeout: 30_000,
  // Test files share no database, and change no role for good, so they may run side by side.
  maxWorkers: '100%',
};
