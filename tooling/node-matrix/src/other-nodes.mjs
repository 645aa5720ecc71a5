import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The other supported versions of Node with their binaries, for tests that start processes. Who wants one depends on this package: a
 * package that depends on a binary itself gets it as the `node` that its own scripts run with.
 */
export const otherNodes = [
  ['Node 22', binaryOf(require.resolve('node-22/package.json'))],
  ['Node 24', binaryOf(require.resolve('node-24/package.json'))],
];

function binaryOf(manifest) {
  return join(dirname(manifest), 'bin', 'node');
}
