// Compiles assembly/ and writes the module into src/wasm/binary.ts, as text that needs no file to be read at run time. What has not changed
// is not written, so that nobody who reads the file meanwhile finds half of it.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const target = new URL('../src/wasm/binary.ts', import.meta.url);
const folder = fileURLToPath(new URL('..', import.meta.url));

const options = [
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--zeroFilledMemory',
  '--noAssert',
  '-O3',
  '--baseDir',
  folder,
];

/** Gives the source of `binary.ts` as the pinned compiler makes it. */
export async function assemble() {
  let binary;
  let messages = '';
  const { error } = await main(['assembly/index.ts', '--outFile', 'module.wasm', ...options], {
    writeFile: (_name, contents) => {
      binary = contents;
    },
    stderr: {
      write: (text) => {
        messages += text;
      },
    },
  });
  if (error !== null || binary === undefined) throw new Error(`assembly/ does not compile: ${messages}`);
  return `/** The module that \`scripts/assemble.mjs\` makes of \`assembly/\`, as base64. A test holds it against its sources. */
export const binary =
  '${Buffer.from(binary).toString('base64')}';
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = await assemble();
  if (readFileSync(target, { encoding: 'utf8', flag: 'a+' }) !== source) writeFileSync(target, source);
}
