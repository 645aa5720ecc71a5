import { runShim } from './shim.ts';
import { subjectName, subjectNamed } from './subjects.ts';

/** Runs one test in a process of its own, to debug it: `node dist/one-shot.js <the runner's flags>`. */
const { stdout, stderr, exitCode } = await runShim(
  subjectNamed(subjectName).create(),
  process.argv.slice(2).map((arg) => Buffer.from(arg, 'utf8').toString('latin1')),
);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
