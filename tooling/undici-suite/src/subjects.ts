import { fileURLToPath } from 'node:url';
import type { Subject } from './table.ts';

/** What shows in a process that the subject is in its place; the connector is counted instead. */
export const announcements = { connector: undefined, 'node-tls': '@org/node-tls: ' } as const;

/** Gives the environment that puts a subject into each process, and into those that it starts. Without a backend it is undici as it is. */
export function under(by: Subject['by'] | 'undici', backend?: Subject['backend']): NodeJS.ProcessEnv {
  const preload = new URL('../dist/preload.js', import.meta.url).href;
  const imports = by === 'node-tls' ? [built('node-tls', 'register'), preload] : [preload];
  return {
    NODE_OPTIONS: imports.map((url) => `--import=${url}`).join(' '),
    UNDICI_SUITE_BY: by,
    ...(by === 'node-tls' && { NODE_TLS_PACKAGES: 'undici' }),
    ...(backend !== undefined && { TLS_BACKEND: fileURLToPath(built(`tls-${backend}`, 'index')) }),
  };
}

/** Gives what a package's build has made: this process may resolve a package to its source, which no other one could run. */
function built(name: string, entry: string): string {
  return new URL(`../node_modules/@org/${name}/dist/${entry}.js`, import.meta.url).href;
}
