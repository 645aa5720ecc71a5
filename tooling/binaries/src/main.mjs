// Builds the binaries of tls-native for every platform, looks into each and into the Nodes whose OpenSSL they use, and loads each where its loader
// can be had: `npm run binaries`. With `--build` it stops before loading, which takes root on Debian.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runs } from './checks.mjs';
import { run, SetupError } from './command.mjs';
import { deploy } from './deploy.mjs';
import { loadFaults } from './load.mjs';
import { exportFaults, nodes } from './node-exports.mjs';
import { structureFaults } from './structure.mjs';
import { platforms } from './platforms.mjs';
import { zig } from './zig.mjs';

const workspace = dirname(dirname(dirname(import.meta.dirname)));
const native = join(workspace, 'packages', 'tls-native');

function main() {
  const { values: options } = parseArgs({ options: { build: { type: 'boolean' } } });
  run(process.execPath, [join(native, 'native', 'binaries.mjs')], { env: { ...process.env, ZIG: zig() } });
  const names = Object.keys(platforms);
  const faults = names.flatMap((name) => structureFaults(name, join(native, 'prebuilds', `${name}.node`)));
  faults.push(...nodes.flatMap(exportFaults));
  if (options.build !== true) faults.push(...loadAll());
  for (const fault of faults) console.error(`binaries: ${fault}`);
  console.log(
    `binaries: ${names.length} binaries, ${nodes.length} Nodes beside them, ${options.build === true ? 0 : runs.length} runs, ${faults.length} faults`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}

/** Installs the packages as they are published into one folder, and runs the probe over it in the root of each system. */
function loadAll() {
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid() !== 0) {
    throw new SetupError('NOTHING WAS LOADED: root on Debian or Ubuntu on x64 is needed; --build leaves that out');
  }
  const folder = mkdtempSync(join(tmpdir(), 'tls-binaries-'));
  const stage = join(folder, 'stage');
  try {
    deploy(workspace, '@org/binaries', stage);
    return runs.flatMap((each) => loadFaults(each, stage));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`binaries: ${error.message}`);
  process.exitCode = 1;
}
