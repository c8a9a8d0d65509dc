import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// `source` makes every workspace package resolve to its TypeScript, so tests need no build.
const conditions = ['source', 'node', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'workers/src/**/*.test.ts', 'fixtures/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/services/setup.ts',
    pool: 'forks',
    // The default leaves a core idle; most of these tests wait for processes of their own.
    maxWorkers: Math.max(2, availableParallelism()),
    execArgv: ['--conditions=source'],
    testTimeout: process.env.CUSTODY_LONG === '1' ? 1_800_000 : 120_000,
    hookTimeout: 120_000,
  },
});
