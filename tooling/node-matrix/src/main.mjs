// Runs the test suites of all packages, or of those named as arguments (folder names), under the supported lines of Node that do not run
// this, or under those of `--node 20,26`. With `--write`, what came of all packages is written into the table of docs/runtimes.md. The
// binaries come from npm (Linux on x64). The workspace must be built.

import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { lines, otherNodes } from './other-nodes.mjs';
import { runTests, testedFolders } from './package-tests.mjs';
import { recordRun } from './runs.mjs';

const { values, positionals } = parseArgs({
  options: { node: { type: 'string' }, write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (values.write && positionals.length > 0) throw new RangeError('the table has what all packages gave, not some');

const [own] = process.versions.node.split('.');
const binaries = new Map([
  ...otherNodes.map(([name, binary]) => [name.replace('Node ', ''), binary]),
  [own, process.execPath],
]);
const wanted = values.node?.split(',') ?? lines.filter((line) => line !== own);
const folders = testedFolders(positionals);
const failures = [];
const summary = [];

for (const line of wanted) {
  const node = binaries.get(line);
  if (node === undefined) throw new RangeError(`Node ${line} is not there, only: ${[...binaries.keys()].join(', ')}`);
  const where = versionsOf(node);
  const began = Date.now();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const folder of folders) {
    console.log(`\n=== ${where}: ${folder}`);
    const counts = runTests(node, folder);
    for (const key of Object.keys(total)) total[key] += counts[key];
    if (counts.failed > 0) failures.push(`${where}: ${folder}: ${counts.failed}`);
  }
  const seconds = Math.round((Date.now() - began) / 1000);
  summary.push(`${where}: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped, ${seconds} s`);
  if (values.write) recordRun({ line, where, ...total, seconds });
}
for (const failure of failures) console.error(`failed under ${failure}`);
for (const each of summary) console.log(each);
process.exitCode = failures.length === 0 ? 0 : 1;

/** What the table calls a Node: its version, and that of the OpenSSL inside it. */
function versionsOf(node) {
  const program = '`Node ${process.versions.node}, OpenSSL ${process.versions.openssl}`';
  const { stdout } = spawnSync(node, ['--print', program], { encoding: 'utf8' });
  if (!stdout) throw new Error(`${node} cannot be run`);
  return stdout.trim();
}
