// Prints how many files an import of a specifier reads, and whether it loads node:tls: node count-files.mjs SPECIFIER FOLDER, where it is
// resolved from the folder.
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

const [, , specifier, folder] = process.argv;
const count = new Int32Array(new SharedArrayBuffer(4));
const entry = createRequire(`${folder}/package.json`).resolve(specifier);
register(new URL('count-files-hooks.mjs', import.meta.url), { data: { count } });
await import(pathToFileURL(entry).href);
console.log(
  JSON.stringify({ files: Atomics.load(count, 0), hasTls: process.moduleLoadList.includes('NativeModule tls') }),
);
