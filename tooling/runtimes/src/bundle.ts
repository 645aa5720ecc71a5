import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** A script in one file, and what is still to be imported when it runs. */
export interface Bundle {
  readonly code: string;
  readonly imports: readonly string[];
}

/**
 * Puts a script of this room, as it was built, and all that it imports into one file, as a page's author does. The packages' own conditions
 * choose what that is: a browser gets nothing that they keep for Node.
 */
export async function bundle(script: string, platform: 'browser' | 'node'): Promise<Bundle> {
  const built = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
  const build = await rolldown({
    input: join(built, script),
    platform,
    external: /^node:/,
    resolve: {
      conditionNames: ['module', platform, 'import', 'default'],
      alias: { vitest: join(built, 'vitest-stand-in.js') },
    },
    logLevel: 'silent',
  });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false });
    const [chunk] = output;
    return { code: chunk.code, imports: [...chunk.imports, ...chunk.dynamicImports] };
  } finally {
    await build.close();
  }
}
