/**
 * Gives the modules by which a published package is entered: where its exports, its imports and its commands lead, and those in
 * `entriesByUrl`.
 * @param manifest the package.json in the workspace
 * @returns the source of each entry, below the package's folder, by the entry's name below `dist` without `.js`
 */
export function entriesOf(manifest) {
  const { exports, imports } = manifest.publishConfig ?? {};
  const targets = [exports, imports, manifest.bin].flatMap(leaves).filter((target) => built.test(target));
  const names = [...targets.map((target) => target.replace(built, '$1')), ...(entriesByUrl[manifest.name] ?? [])];
  return Object.fromEntries([...new Set(names)].map((name) => [name, `src/${name}.ts`]));
}

function leaves(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

const built = /^\.\/dist\/(.*)\.js$/;

/** The modules that no manifest names, since their package finds them by their URLs. */
const entriesByUrl = {
  '@org/tls-crypto': ['noble/aead', 'noble/key-exchange', 'noble/ml-dsa', 'noble/ml-kem', 'noble/signatures'],
  '@org/node-tls': [
    'register/import-hooks',
    'register/modules/http2',
    'register/modules/https',
    'register/modules/tls',
  ],
};
