import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';

/** Siblings resolve to their sources, as they do for the compiler: no test waits for a build. */
const conditions = ['@org/source', 'module', 'node', 'development|production'];

/**
 * The vitest configuration that every package starts from.
 * With `CI_REPORTS` set, the results land in `.reports/<name>.json` at the root, where `.ci/run` counts them.
 * @param name the folder's name, unique in the workspace
 */
export function packageConfig(name: string, overrides: ViteUserConfig['test'] = {}): ViteUserConfig {
  const reports = process.env['CI_REPORTS'] !== undefined && process.env['CI_REPORTS'] !== '';
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['@org/source', 'node'] } },
    test: {
      name,
      include: ['test/**/*.test.ts'],
      reporters: reports ? ['default', 'json'] : ['default'],
      ...(reports && { outputFile: { json: `${import.meta.dirname}/.reports/${name}.json` } }),
      allowOnly: false,
      // These end a test that hangs; they say nothing of how long one may take, which a busy machine decides.
      testTimeout: 600_000,
      hookTimeout: 600_000,
      maxWorkers: 2,
      ...overrides,
    },
  });
}
