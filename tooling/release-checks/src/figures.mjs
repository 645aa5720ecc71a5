import { execFileSync } from 'node:child_process';
import { otherNodes } from '@org/node-matrix';
import { bundledClient } from './bundle-faults.mjs';
import { isForTestRunner } from './import-faults.mjs';
import { installedSize } from './installed-size.mjs';
import { reference, startCosts } from './start-cost.mjs';

/**
 * Measures what READMEs tell of sizes and starts. Figures of a start are of one version of Node, whichever runs this.
 * @param {readonly any[]} archives what was packed, with what they need beside them
 * @param {string} folder where they were unpacked
 * @param {number} rounds of each import
 * @returns {Promise<ReadonlyMap<string, import('./size-text.mjs').Figures>>} by the names of packages
 */
export async function measureFigures(archives, folder, rounds) {
  const [, node = process.execPath] = otherNodes.find(([name]) => name === measuredNode) ?? [];
  const version = execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).trim();
  const specifiers = archives.map(startOf).filter((specifier) => specifier !== undefined);
  const costs = startCosts({ node, folder, specifiers: [reference, ...specifiers], rounds });
  const ofNode = costs.get(reference);
  const bundle = await bundledClient(folder);
  const figures = archives.map((archive) => {
    const specifier = startOf(archive);
    const cost = costs.get(specifier);
    const start = cost === undefined ? undefined : { specifier, ...cost, reference: ofNode.cpu, node: version };
    const isBundled = archive.name === '@org/tls-pure';
    return [archive.name, { ...installedSize(archive, archives), start, bundle: isBundled ? bundle.size : undefined }];
  });
  return new Map(figures);
}

/** The entry by which a program of Node begins; `undefined` where it is a program itself. */
function startOf({ name, manifest }) {
  if (manifest.exports === undefined || isForTestRunner(manifest, '.')) return undefined;
  return name === '@org/tls-core' ? `${name}/node` : name;
}

const measuredNode = 'Node 24';
