// Adds up the test reports of all packages and the failed steps named as arguments.
// Prints "N passed, N failed, N skipped" last; ends with 1 when anything failed or a package ran no test.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countsOf } from './report-counts.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const testStep = 'tests';

/** The folders of all packages that have a test script; each leaves a report named for its folder. */
function testedFolders() {
  return ['packages', 'apps', 'tooling'].flatMap((parent) =>
    readdirPackages(parent).filter((folder) => 'test' in (readJson(join(root, folder, 'package.json')).scripts ?? {})),
  );
}

function readdirPackages(parent) {
  const names = readdirSync(join(root, parent)).sort();
  return names.map((name) => `${parent}/${name}`).filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function main(failedSteps) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const folder of testedFolders()) {
    const path = join(root, '.reports', `${basename(folder)}.json`);
    const counts = existsSync(path) ? countsOf(readJson(path)) : { passed: 0, failed: 0, skipped: 0 };
    const ranNone = counts.passed + counts.failed === 0;
    if (ranNone) counts.failed = 1;
    const note = ranNone ? (existsSync(path) ? ': RAN NO TEST' : ': LEFT NO REPORT') : '';
    console.log(
      `${folder.padEnd(26)} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped${note}`,
    );
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
  for (const step of failedSteps) {
    console.log(`failed step: ${step}`);
    // Failed tests are counted one by one; the step counts when it failed for another reason.
    if (step !== testStep || total.failed === 0) total.failed += 1;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
