// Runs the test suites of all packages, or of those named as arguments (folder names), under the other supported
// versions of Node. The binaries come from npm (Linux on x64). The workspace must be built.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { otherNodes } from './other-nodes.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(here));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');

/** Lists the folders of the packages that have tests. */
function testedFolders(wanted) {
  const all = ['packages', 'apps', 'tooling'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => ({ name, folder: join(root, parent, name) })),
  );
  return all
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    .map(({ folder }) => folder)
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .filter((folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).scripts?.test !== undefined);
}

/** Runs a package's tests. The binary's folder comes first on PATH, so that what a test starts as `node` is the same version. */
function passes(node, folder) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const { status } = spawnSync(node, [vitest, 'run'], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
  return status === 0;
}

const failures = [];
for (const [name, node] of otherNodes) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!version) throw new Error(`${name} cannot be run: expected ${node}`);
  for (const folder of testedFolders(process.argv.slice(2))) {
    console.log(`\n=== ${version}: ${folder.slice(root.length + 1)}`);
    if (!passes(node, folder)) failures.push(`${version}: ${folder.slice(root.length + 1)}`);
  }
}
for (const failure of failures) console.error(`failed under ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
