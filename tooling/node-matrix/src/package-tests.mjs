import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countsOf } from '../../../.ci/report-counts.mjs';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/**
 * The script that `npm test` runs too: it starts the `node` that is first on PATH, and names the folder in which packages find those that
 * they do not depend on. Without it the examples of the documents find no backend.
 */
const vitest = join(root, 'node_modules', '.bin', 'vitest');

/** How long one package may take before its run is ended as hung; the longest takes a quarter of an hour on a busy machine. */
const limit = 2 * 60 * 60 * 1000;

/**
 * Lists the packages that have tests, as folders below the workspace's root.
 * @param wanted names of folders, without their parents; none stands for all
 * @throws RangeError on a name that no package with tests has
 */
export function testedFolders(wanted) {
  const all = ['packages', 'apps', 'tooling'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => ({ name, folder: `${parent}/${name}` })),
  );
  const tested = all.filter(({ folder }) => hasTests(join(root, folder, 'package.json')));
  const unknown = wanted.filter((name) => !tested.some((each) => each.name === name));
  if (unknown.length > 0) throw new RangeError(`no package with tests is named ${unknown.join(', ')}`);
  return tested.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map(({ folder }) => folder);
}

function hasTests(manifest) {
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
}

/**
 * Runs a package's tests under a Node. The binary's folder comes first on PATH, so that what a test starts as `node` is the same version.
 * @returns passed, failed, skipped; a run that leaves no report, or ends badly without a failed test, is one failure
 */
export function runTests(node, folder) {
  const reports = mkdtempSync(join(tmpdir(), 'node-matrix-'));
  const report = join(reports, 'report.json');
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const { status } = spawnSync(vitest, args, {
      cwd: join(root, folder),
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: limit,
      killSignal: 'SIGKILL',
    });
    const counts = existsSync(report) ? countsOf(JSON.parse(readFileSync(report, 'utf8'))) : noCounts;
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

const noCounts = { passed: 0, failed: 0, skipped: 0 };
