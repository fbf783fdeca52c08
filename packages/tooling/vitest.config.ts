import { defineConfig } from 'vitest/config';

// The `source` condition lets tests read every workspace's TypeScript directly: no build, never a stale one.
const conditions = ['source', 'default'];
const common = {
  root: new URL('../..', import.meta.url).pathname,
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
};

export default defineConfig({
  ...common,
  test: {
    projects: [
      {
        ...common,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['{packages,services}/*/src/**/*.test.ts', 'test/{repository,infra}/**/*.test.ts'],
          exclude: ['**/*.int.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 20_000,
        },
      },
      {
        ...common,
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{packages,services}/*/src/**/*.int.test.ts'],
          globalSetup: ['packages/test-kit/src/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...common,
        test: {
          name: 'e2e',
          // Browsers, crashes and timings want the machine for themselves.
          sequence: { groupOrder: 2 },
          include: ['test/e2e/**/*.test.ts', 'test/infra/**/*.int.test.ts'],
          globalSetup: ['packages/test-kit/src/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        ...common,
        test: {
          name: 'conformance',
          sequence: { groupOrder: 3 },
          include: ['test/{conformance,fuzz}/**/*.test.ts'],
          globalSetup: ['packages/test-kit/src/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        ...common,
        test: {
          name: 'resilience',
          // Real processes and faults that last: after everything else, and one file at a time.
          sequence: { groupOrder: 4 },
          include: ['test/resilience/**/*.test.ts'],
          globalSetup: ['packages/test-kit/src/global-setup.ts'],
          testTimeout: 240_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
