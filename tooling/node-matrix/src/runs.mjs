import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('runs.json', import.meta.url));

/** What was run on each runtime, in the order of the table. */
export function readRuns() {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Writes down what all tests gave on a line of Node, in the place of what the same line gave before. */
export function recordRun({ line, where, passed, failed, skipped: leftOut, seconds }) {
  const command = `npm run test:nodes -- --node ${line}`;
  const date = new Date().toISOString().slice(0, 10);
  const run = { where, what: allTests, command, date, passed, failed, leftOut, seconds };
  const kept = readRuns().filter((each) => !(each.what === allTests && lineOf(each) === lineOf(run)));
  const ofAllTests = [...kept.filter(({ what }) => what === allTests), run].sort((a, b) => lineOf(a) - lineOf(b));
  const runs = [...ofAllTests, ...kept.filter(({ what }) => what !== allTests)];
  writeFileSync(file, `${JSON.stringify(runs, undefined, 2)}\n`);
}

function lineOf({ where }) {
  return Number(/^Node (\d+)\./.exec(where)?.[1]);
}

/** Markdown of what was run where. */
export function runTable(runs) {
  const rows = runs.map(({ where, what, passed, failed, leftOut, seconds, date, command }) => [
    where,
    what,
    ...[passed, failed, leftOut, seconds].map((count) => count.toLocaleString('en')),
    date,
    `\`${command}\``,
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const allTests = 'all tests';
const head = ['where', 'what', 'passed', 'failed', 'left out', 'seconds', 'date', 'command'];
