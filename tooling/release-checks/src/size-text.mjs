/**
 * @typedef {object} Figures
 * @property {number} own bytes of the package's own files
 * @property {number} dependencies how many other packages come along
 * @property {number} all bytes of them all
 * @property {boolean} hasBinaries there are binaries besides, which the bytes leave out
 * @property {{ specifier: string, cpu: number, reference: number, heap: number, node: string } | undefined} start what an import costs; `undefined`:
 *   the package is a program
 * @property {number | undefined} bundle bytes of a client in one file, with gzip; `undefined`: nobody bundles this package alone
 */

export const [begin, end] = ['<!-- size: made by `pnpm --filter @org/release-checks sizes` -->', '<!-- /size -->'];

/**
 * Writes figures as a README has them.
 * @param {Figures} figures
 * @returns {string}
 */
export function sizeText({ own, dependencies, all, hasBinaries, start, bundle }) {
  const packages =
    dependencies === 0 ? 'no other package' : `${dependencies} other package${dependencies === 1 ? '' : 's'}`;
  const rows = [
    ['unpacked', `${sized(own)}${hasBinaries ? ' and its binaries' : ''}, and with ${packages} ${sized(all)}`],
    ...(start === undefined
      ? []
      : [
          [
            `\`import '${start.specifier}'\``,
            `${Math.round(start.cpu)} ms of CPU, where \`import 'node:https'\` takes ${Math.round(start.reference)}, and ${start.heap.toFixed(1)} MiB of live heap (Node ${start.node})`,
          ],
        ]),
    ...(bundle === undefined
      ? []
      : [['a client in one file', `${sized(bundle)} with gzip ([how](../../docs/bundles.md#a-page))`]]),
  ];
  return ['| size | |', '| --- | --- |', ...rows.map(([what, figure]) => `| ${what} | ${figure} |`)].join('\n');
}

/**
 * Reads what a README tells.
 * @param {string} readme
 * @returns {Figures | undefined} with bytes as they were rounded; `undefined` where it tells nothing
 */
export function toldFigures(readme) {
  const [, block = ''] = readme.split(begin);
  const [text = ''] = block.split(end);
  const size = /\| unpacked +\| ([\d.]+ .B)( and its binaries)?, and with (no|\d+) other packages? ([\d.]+ .B)/.exec(
    text,
  );
  if (size === null) return undefined;
  const [, own = '', binaries, dependencies, all = ''] = size;
  const start =
    /\| `import '([^']+)'` +\| (\d+) ms of CPU, where `import 'node:https'` takes (\d+), and ([\d.]+) MiB of live heap \(Node (\d+)\)/.exec(
      text,
    );
  const [, bundle] = /\| a client in one file +\| ([\d.]+ .B) with gzip/.exec(text) ?? [];
  return {
    own: bytesOf(own),
    dependencies: dependencies === 'no' ? 0 : Number(dependencies),
    all: bytesOf(all),
    hasBinaries: binaries !== undefined,
    start: start === null ? undefined : startOf(start),
    bundle: bundle === undefined ? undefined : bytesOf(bundle),
  };
}

/** @param {readonly string[]} match */
function startOf([, specifier = '', cpu, reference, heap, node = '']) {
  return { specifier, cpu: Number(cpu), reference: Number(reference), heap: Number(heap), node };
}

/**
 * Puts figures into a README, in place of those that it tells, or before its last line.
 * @param {string} readme
 * @param {Figures} figures
 */
export function withFigures(readme, figures) {
  const block = `${begin}\n\n${sizeText(figures)}\n\n${end}`;
  const at = readme.indexOf(begin);
  if (at !== -1) return readme.slice(0, at) + block + readme.slice(readme.indexOf(end) + end.length);
  const license = readme.lastIndexOf('\nMIT OR Apache-2.0');
  const before = license === -1 ? readme.trimEnd() : readme.slice(0, license).trimEnd();
  return `${before}\n\n${block}\n${license === -1 ? '' : `\n${readme.slice(license + 1)}`}`;
}

/** @param {number} bytes */
function sized(bytes) {
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @param {string} text */
function bytesOf(text) {
  const [number, unit] = text.split(' ');
  return Math.round(Number(number) * (unit === 'MB' ? 1_000_000 : 1000));
}
