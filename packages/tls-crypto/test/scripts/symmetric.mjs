// Prints what both providers compute, and whether WebAssembly did it: `symmetric.mjs [SITUATION]`. In the situation `background` the runtime
// compiles the module only in the background, as browsers once did on their main thread; what is printed then has two lines.

import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';

const bytes = (length) => Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 255);
const hex = (array) => Buffer.from(array).toString('hex');

function computedBy(provider) {
  const results = [];
  for (const algorithm of ['sha256', 'sha384', 'sha512'])
    for (const length of [10, 300, 5000]) {
      const out = new Uint8Array(64);
      provider.hmac(algorithm, bytes(20), bytes(length), out);
      const running = provider.createHash(algorithm);
      running.update(bytes(length));
      results.push(hex(out), hex(provider.hash(algorithm, bytes(length))), hex(running.snapshot(bytes(3))));
    }
  for (const algorithm of ['aes-128-gcm', 'aes-256-gcm', 'chacha20-poly1305'])
    for (const length of [0, 100, 5000]) {
      const aead = provider.createAead(algorithm, bytes(algorithm === 'aes-128-gcm' ? 16 : 32));
      const [sealed, opened] = [new Uint8Array(length + 16), new Uint8Array(length)];
      aead.seal(bytes(12), bytes(5), bytes(length), sealed);
      results.push(hex(sealed), aead.open(bytes(12), bytes(5), sealed, opened), hex(opened));
    }
  return { usesWebAssembly: provider.usesWebAssembly, results };
}

function print() {
  process.stdout.write(`${JSON.stringify({ node: computedBy(nodeCrypto), noble: computedBy(nobleCrypto) })}\n`);
}

if (process.argv[2] === 'missing') globalThis.WebAssembly = undefined;
if (process.argv[2] === 'background') {
  const { instantiate } = WebAssembly;
  globalThis.WebAssembly = {
    Module: function Module() {
      throw new RangeError('the module is too large for the main thread');
    },
    instantiate: (source) => instantiate(source),
  };
  print();
  while (!nodeCrypto.usesWebAssembly) await new Promise(setImmediate);
}
print();
