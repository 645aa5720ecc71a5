// Builds the addon for this machine, with its C++ compiler: `node native/build.mjs` makes build/Release/tls_native.node. It needs no Python
// and no download, and does nothing when the addon is up to date. binaries.mjs builds for other machines.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonCommand, nodeApiHeaders } from './command.mjs';
import { findCompiler, fingerprint, isFresh } from './compile.mjs';
import { hostSystem } from './targets.mjs';

if (hostSystem === undefined) {
  console.log(`tls-native: nothing is built on ${process.platform}; the published package has a binary for it`);
  process.exit(0);
}

const native = import.meta.dirname;
const output = join(native, '..', 'build', 'Release');
const binary = join(output, 'tls_native.node');
const stamp = join(output, 'sources.sha256');
const compiler = findCompiler();
const { flags, inputs } = addonCommand(hostSystem, nodeApiHeaders());
const command = [...flags, '-static-libstdc++', '-static-libgcc', ...hostSystem.libraries, '-o', binary];

const expected = fingerprint(native, [compiler, ...command], [...inputs, 'linux-exports.ver']);
if (isFresh(binary, stamp, expected)) process.exit(0);

mkdirSync(output, { recursive: true });
const result = spawnSync(compiler, command, { cwd: native, stdio: 'inherit' });
if (result.status !== 0) {
  console.error(`tls-native: ${compiler} failed (${result.status ?? result.signal})`);
  process.exit(1);
}
writeFileSync(stamp, expected);
