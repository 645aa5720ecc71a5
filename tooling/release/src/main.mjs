// Releases the last commit of this workspace to a registry on this machine, and uses what came out as strangers would. It prints one line for
// each check and ends with `N passed, N failed`, and with 1 when something failed. `--keep` leaves the folder with everything for a look.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloneWorkspace } from './clone.mjs';
import { command } from './command.mjs';
import { firstRelease } from './first-release.mjs';
import { breakingCore, twoAlone } from './later-releases.mjs';
import { startRegistry } from './registry.mjs';
import { releaseFrom } from './release.mjs';
import { strangers } from './strangers.mjs';
import { createTally, StepFailed } from './tally.mjs';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const flags = process.argv.slice(2);
if (flags.some((flag) => flag !== '--keep')) throw new Error('usage: main.mjs [--keep]');

const began = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'release-'));
const tally = createTally((line) => console.log(line.replace(/^(ok|FAILED)/, `${seconds()}  $1`)));
const uplink = command('npm', ['config', 'get', 'registry'], { cwd: root }).trim();
const registry = await startRegistry(join(folder, 'registry'), uplink);
try {
  if (command('git', ['status', '--porcelain'], { cwd: root }) !== '')
    console.log('        what is not committed is not released: the check takes the last commit');
  await releaseAll();
} catch (error) {
  if (!(error instanceof StepFailed)) await tally.check('the check runs to its end', () => [error.stack]);
} finally {
  await registry.close();
  if (flags.includes('--keep')) console.log(`        everything is in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
process.exitCode = tally.finish() ? 0 : 1;

async function releaseAll() {
  const clone = join(folder, 'clone');
  let env;
  await tally.step('the last commit can be cloned and installed', () => {
    env = cloneWorkspace(root, clone, join(folder, 'home'));
    return [];
  });
  const release = releaseFrom({ clone, env, folder, registry });
  const archives = await firstRelease(tally, release, { clone, env });
  const projects = join(folder, 'projects');
  mkdirSync(projects);
  await strangers(tally, { root: clone, folder: projects, registry, archives });
  await twoAlone(tally, release, { clone, env });
  await breakingCore(tally, release, { clone, env, folder: projects, registry });
}

function seconds() {
  return `${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s`;
}
