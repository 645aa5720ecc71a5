import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Holds how many files an import of each entry reads, from its own package and from all others, and that it does not load node:tls. That is what
 * starting costs, told without a clock: a file costs more than what stands in it, and node:tls as much as a dozen.
 * @param {any} archive what was packed
 * @param {Readonly<Record<string, number>>} most the most files of an import of each entry; an entry that is not in it may read any number
 */
export function startFaults({ name, unpacked, manifest }, most = mostFiles) {
  return Object.keys(manifest.exports ?? {}).flatMap((entry) => {
    const specifier = name + entry.slice(1);
    const limit = most[specifier];
    if (limit === undefined) return [];
    const { files, hasTls } = readBy(specifier, unpacked);
    console.log(`${specifier}: an import reads ${files} files`);
    return [
      ...(files > limit ? [`${name}: an import of ${specifier} reads ${files} files, more than ${limit}`] : []),
      ...(hasTls ? [`${name}: an import of ${specifier} loads node:tls`] : []),
    ];
  });
}

function readBy(specifier, unpacked) {
  const counter = fileURLToPath(new URL('count-files.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [counter, specifier, unpacked], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the files of ${specifier} cannot be counted:\n${stderr}`);
  return JSON.parse(stdout);
}

/** The most files of an import of each entry, on the Node that the checks run on. */
const mostFiles = {
  '@org/tls-core': 2,
  '@org/tls-core/node': 4,
  '@org/tls-core/web': 2,
  '@org/tls-crypto': 9,
  '@org/tls-native': 8,
  '@org/tls-pure': 19,
  '@org/tls-pure/client': 16,
  '@org/x509': 14,
};
