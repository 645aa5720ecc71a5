import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Holds how many files an import of each entry reads, from its own package and from all others. That is what starting costs, told without
 * a clock: a file costs more than what stands in it.
 */
export function startFaults({ name, unpacked, manifest }) {
  return Object.keys(manifest.exports ?? {}).flatMap((entry) => {
    const specifier = name + entry.slice(1);
    const most = mostFiles[specifier];
    if (most === undefined) return [];
    const read = filesRead(specifier, unpacked);
    console.log(`${specifier}: an import reads ${read} files`);
    return read <= most ? [] : [`${name}: an import of ${specifier} reads ${read} files, more than ${most}`];
  });
}

function filesRead(specifier, unpacked) {
  const counter = fileURLToPath(new URL('count-files.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [counter, specifier, unpacked], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the files of ${specifier} cannot be counted:\n${stderr}`);
  return Number(stdout);
}

/** The most files of an import of each entry. */
const mostFiles = {
  '@org/tls-core': 4,
};
