import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lines } from '@org/node-matrix';
import { isForTestRunner } from './import-faults.mjs';

/**
 * Compiles a program that imports every entry of the unpacked packages, with their declarations checked too (`skipLibCheck: false`), as a
 * user may, against the types of each line of Node, which are dependencies of this room.
 * @param archives what was packed, with what it depends on beside it
 * @param folder the folder with the unpacked packages in its node_modules
 */
export function typeFaults(archives, folder) {
  const specifiers = archives.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((entry) => !isForTestRunner(manifest, entry))
      .map((entry) => name + entry.slice(1)),
  );
  const imports = specifiers.map((specifier, index) => `export * as entry${index} from '${specifier}';\n`);
  writeFileSync(join(folder, 'program.mts'), imports.join(''));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['program.mts'] }));
  return lines.flatMap((line) => faultsWith(line, folder));
}

function faultsWith(line, folder) {
  const types = join(folder, 'node_modules', '@types', 'node');
  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  rmSync(types, { recursive: true, force: true });
  symlinkSync(join(modules, `types-node-${line}`), types, 'dir');
  const args = ['-p', join(folder, 'tsconfig.json'), '--pretty', 'false'];
  const { status, stdout } = spawnSync(join(modules, '.bin', 'tsc'), args, { cwd: folder, encoding: 'utf8' });
  if (status === 0) return [];
  return stdout
    .split('\n')
    .filter((text) => text.includes('error TS'))
    .map((text) => `with the types of Node ${line}: ${text}`);
}

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));

const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
};
