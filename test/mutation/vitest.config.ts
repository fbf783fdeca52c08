import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Stryker tests a copy of the repository whose node_modules still lead to the original: imports between workspaces are
// sent to the copy, or a mutant of one package would never be seen by another's tests.
const root = fileURLToPath(new URL('../..', import.meta.url));
const conditions = ['source', 'default'];

export default defineConfig({
  root,
  resolve: {
    conditions,
    alias: [
      {
        find: /^@livegate\/(api|inference-worker|lifecycle|webhook-dispatcher|standalone|admin)\/(.+)$/,
        replacement: `${root}services/$1/src/$2.ts`,
      },
      { find: /^@livegate\/([a-z-]+)\/(.+)$/, replacement: `${root}packages/$1/src/$2.ts` },
    ],
  },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'packages/domain/src/{check-state,verdict,verdict.property,retry-schedule}.test.ts',
      'packages/crypto/src/{webhook-signature,api-key}.test.ts',
      'packages/egress/src/{public-address,target-policy,guarded-connector,guarded-connector-outcomes}.test.ts',
      'services/webhook-dispatcher/src/classify-response.test.ts',
      'services/inference-worker/src/failure-policy.test.ts',
      'services/api/src/http/authenticate.int.test.ts',
    ],
    globalSetup: ['packages/test-kit/src/global-setup.ts'],
    testTimeout: 20_000,
  },
});
