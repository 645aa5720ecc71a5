import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The other supported versions of Node with their binaries, for tests that start processes. A package that needs one depends on this
 * package: if it depended on a binary itself, its own scripts would run with that one as `node`.
 */
export const otherNodes = [
  ['Node 22', binaryOf(require.resolve('node-22/package.json'))],
  ['Node 24', binaryOf(require.resolve('node-24/package.json'))],
  ['Node 26', binaryOf(require.resolve('node-26/package.json'))],
];

/** The supported lines of Node, by their major versions. The first is the oldest, which has no binary here: it runs the workspace. */
export const lines = ['20', ...otherNodes.map(([name]) => name.replace('Node ', ''))];

function binaryOf(manifest) {
  return join(dirname(manifest), 'bin', 'node');
}
