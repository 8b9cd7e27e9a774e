/** Node 24 and ES modules throughout; swc only strips the types. */
export default {
  testEnvironment: '<rootDir>/test/support/jest-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
  // A process that holds half a gigabyte needs longer than Jest's half second to go where cores are scarce. One that
  // something keeps alive is still found.
  workerGracefulExitTimeout: 10_000,
  // A limit against hanging: how long a test takes says nothing of what it tests, and processors may be busy.
  testTimeout: 120_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.warden', '<rootDir>/dist'],
};
