import { availableParallelism } from 'node:os';

/**
 * What does not depend on the version of the server: on a second one, `npm run test:server` leaves it out. That leaves the schema and its
 * policies, the path of a request to them and its isolation, accounts, and all that reads catalogs (lint, matrix, mutate, explain, diff).
 */
const sameOnEveryServer = [
  // Pure functions, and rules of the repository.
  'unit/',
  // Processes, their terminals and signals, the package, pages in the browser: all of it speaks to the database through what is tested below.
  'e2e/',
  // The embedded server is of one version.
  'integration/embedded/',
  // Tokens, limits and documents that are refused before a connection is taken; values of any shape, most of which are; mail, and pages.
  'security/tokens/',
  'security/(document-limits|trusted-documents|garbage|rest-garbage)',
  'integration/(document-cost|issuers|rate-limits|account-mails|playground|viewer)',
  // Minutes each: plans over a million rows, which are promised for the version that is embedded, and each lint on a schema of its own;
  // proof/shapes lets all lints find what is planted in two.
  'integration/scale',
  // What the exported schema answers, of the documents above; the others that serve it serve the one that is built on the second server.
  'integration/exported/(?!fit|shape)',
  'proof/lint/rules',
];

/** Jest runs the same TypeScript that Node runs: types are stripped by Node itself, nothing is compiled. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/setup/strip-types.js' },
  globalSetup: '<rootDir>/test/setup/global-setup.ts',
  globalTeardown: '<rootDir>/test/setup/global-teardown.ts',
  testSequencer: '<rootDir>/test/setup/longest-first.js',
  // What takes minutes is run by `npm run prove`.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.PROVE === '1' ? [] : ['<rootDir>/test/noninterference/', '<rootDir>/test/proof/mutate/scores']),
    ...(process.env.TEST_ONLY === 'server' ? sameOnEveryServer.map((part) => `<rootDir>/test/${part}`) : []),
  ],
  testTimeout: 60_000,
  // A module looks up what is global in the sandbox of its test file, each time anew; these are handed to it.
  sandboxInjectedGlobals: [
    'Array',
    'Date',
    'Error',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Promise',
    'Set',
    'String',
    'Symbol',
    'WeakMap',
  ],
  // Test files share no database, and change no role for good, so they may run side by side. Much of what they do is waiting.
  maxWorkers: Math.max(3, availableParallelism()),
};
