import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const script = join(import.meta.dirname, 'enter-root.sh');

/**
 * Runs the probe in the root of another system.
 * @param check one of `runs`
 * @param stage the folder with the installed packages and the probe
 * @returns what is wrong, as a list of sentences
 */
export function loadFaults({ target, where, root, node, emulator, library }, stage) {
  const { folder, program } = node();
  const command = ['sh', script, root(), stage, folder, emulator ?? '', `/node/${program}`, '/stage/src/probe.mjs'];
  const { status, signal, error, stdout, stderr } = spawnSync('unshare', [...spaces, ...command], {
    encoding: 'utf8',
    timeout: 300_000,
    env: { PATH: process.env.PATH },
  });
  if (status !== 0) return [`${target}, ${where}: ended with ${error?.message ?? status ?? signal}:\n${stderr}`];
  const answer = JSON.parse(stdout);
  console.log(`binaries: ${target}, ${where}: ${stdout.trim()}`);
  const faults = [];
  if (answer.binary !== target) faults.push(`${answer.binary} was loaded`);
  if (answer.ofNode !== (library === 'node')) faults.push(`${answer.version} was used, which is not of the ${library}`);
  if (answer.protocols.length !== 6 || answer.protocols.some((each) => each !== 'TLSv1.3')) {
    faults.push(`handshakes gave ${answer.protocols.join(', ')}`);
  }
  return faults.map((fault) => `${target}, ${where}: ${fault}`);
}

/** What the run has for itself, so that nothing of it has to be undone. */
const spaces = '--mount --pid --fork --kill-child --propagation=private'.split(' ');
