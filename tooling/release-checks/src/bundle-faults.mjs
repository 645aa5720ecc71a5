import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createRoot } from '@org/pki';
import { rolldown } from 'rolldown';

/**
 * Puts a client into one file for a page, as its author would, of the unpacked packages. It must import nothing of Node, hold no part that a client
 * alone does not have, and stay below a size; and it must do a handshake with a server of the whole package.
 * @param folder the folder with the unpacked packages in its node_modules
 */
export async function bundleFaults(folder) {
  const { code, size, imports, modules } = await bundledClient(folder);
  const bundle = join(folder, 'client.mjs');
  writeFileSync(bundle, code);
  console.log(`a client in one file: ${code.length} bytes, ${size} with gzip`);
  const foreign = modules.filter((module) => unwanted.some((pattern) => pattern.test(module)));
  const faults = [
    ...imports.map((each) => `imports ${each}`),
    ...foreign.map((each) => `holds ${each.slice(folder.length)}`),
    ...(size > maxSize ? [`has ${size} bytes with gzip, more than ${maxSize}`] : []),
    ...(await handshakeFaults(folder, bundle)),
  ];
  return faults.map((fault) => `a client in one file ${fault}`);
}

/**
 * @param folder as above
 * @returns the file, its size with gzip, what it imports, and the modules that are in it
 */
export async function bundledClient(folder) {
  const page = join(folder, 'page.mjs');
  writeFileSync(page, source);
  const bundle = await bundled(page);
  return { ...bundle, size: gzipSync(bundle.code, { level: 9 }).length };
}

async function bundled(input) {
  const build = await rolldown({ input, platform: 'browser', logLevel: 'silent' });
  try {
    const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
    const [{ code, imports, dynamicImports, modules }] = output;
    const rendered = Object.entries(modules).filter(([, { renderedLength }]) => renderedLength > 0);
    return { code, imports: [...imports, ...dynamicImports], modules: rendered.map(([module]) => module) };
  } finally {
    await build.close();
  }
}

async function handshakeFaults(folder, bundle) {
  const script = fileURLToPath(new URL('bundled-handshake.mjs', import.meta.url));
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  const pems = { root: root.certificatePem, chain: leaf.chainPem, key: leaf.privateKeyPem };
  const args = [script, bundle, join(folder, 'node_modules/@org/tls-pure/dist/index.js')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, PEMS: JSON.stringify(pems) },
  });
  if (status !== 0) return [`does no handshake:\n${stderr}`];
  const { protocol, group } = JSON.parse(stdout);
  return protocol === 'TLSv1.3' && group === 'x25519' ? [] : [`does a handshake of ${protocol} with ${group}`];
}

const source = `
export { createClientBackend } from '@org/tls-pure/client';
export { classicalNobleCrypto } from '@org/tls-crypto/noble/classical';
`;

/** What a page does without: the server, Encrypted Client Hello, post-quantum cryptography, and the providers that it does not use. */
const unwanted = [
  /@noble[+/]post-quantum/,
  /\/hpke\//,
  /tls-pure\/dist\/shared\/(?:backend|keys)\.js/,
  /tls-crypto\/dist\/node\//,
];

/** Of about 103,000 bytes noble has 28,000. The rest is TLS 1.2 and 1.3, certificates and the checks of the configuration. */
const maxSize = 104_000;
