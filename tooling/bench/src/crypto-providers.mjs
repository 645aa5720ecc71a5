// Measures what calls of nativeCrypto and of nodeCrypto cost on this Node, in microseconds: the least of many short samples, taken by turns.
// For docs/decisions/0038-openssl-without-node-crypto.md. Any Node can run it, once all is built: node tooling/bench/src/crypto-providers.mjs
import { generateKeyPairSync } from 'node:crypto';
import process from 'node:process';
import { nodeCrypto } from '@org/tls-crypto/node';
import { nativeCrypto, nativeCryptoLibrary } from '@org/tls-native/crypto';

const samples = 120;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
const spki = publicKey.export({ format: 'der', type: 'spki' });
const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d, 'base64url');
const curve = 'secp256r1';
const algorithm = { type: 'ecdsa', hash: 'sha256' };
const [nonce, header, content] = [new Uint8Array(12), new Uint8Array(5), new Uint8Array(130)];

/** The calls by name, each with how often a sample makes it. */
function callsOf(crypto) {
  const key = new Uint8Array(32).fill(1);
  const digest = new Uint8Array(32);
  const aead = crypto.createAead('aes-128-gcm', key.subarray(16));
  const peers = { x25519: nodeCrypto.generateKeyShare('x25519'), [curve]: nodeCrypto.generateKeyShare(curve) };
  const signing = crypto.importPrivateKey({ type: 'ec', curve, pkcs8, secret });
  const verifying = crypto.importPublicKey({ type: 'ec', curve, point: spki.subarray(-65), spki });
  const signature = signing.sign(algorithm, content);
  return {
    'HMAC-SHA256 of 55 bytes': [400, () => crypto.hmac('sha256', key, content.subarray(0, 55), digest)],
    ...recordCalls(aead, 100, 200),
    ...recordCalls(aead, 16_384, 60),
    'X25519, generate': [8, () => crypto.generateKeyShare('x25519')],
    'X25519, derive': deriving(crypto, peers, 'x25519'),
    'P-256, generate': [8, () => crypto.generateKeyShare(curve)],
    'P-256, derive': deriving(crypto, peers, curve),
    'P-256, sign': [8, () => signing.sign(algorithm, content)],
    'P-256, verify': [8, () => verifying.verify(algorithm, content, signature)],
    'X25519MLKEM768, generate': [2, () => crypto.generateKeyShare('x25519mlkem768')],
  };
}

function recordCalls(aead, length, times) {
  const [plaintext, sealed, opened] = [new Uint8Array(length), new Uint8Array(length + 16), new Uint8Array(length)];
  aead.seal(nonce, header, plaintext, sealed);
  return {
    [`AES-128-GCM, ${length} bytes, seal`]: [times, () => aead.seal(nonce, header, plaintext, sealed)],
    [`AES-128-GCM, ${length} bytes, open`]: [times, () => aead.open(nonce, header, sealed, opened)],
  };
}

function deriving(crypto, peers, name) {
  const share = crypto.generateKeyShare(name);
  return [8, () => share.deriveSharedSecret(peers[name].publicKey)];
}

function sample([times, call]) {
  const start = performance.now();
  for (let index = 0; index < times; index += 1) call();
  return ((performance.now() - start) * 1000) / times;
}

const [native, node] = [callsOf(nativeCrypto), callsOf(nodeCrypto)];
console.log(`Node ${process.version}, nativeCrypto over ${nativeCryptoLibrary().version}`);
console.log('| µs | nativeCrypto | nodeCrypto |\n| --- | --- | --- |');
for (const name of Object.keys(native)) {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < samples; round += 1) {
    for (const [index, calls] of [native, node].entries()) least[index] = Math.min(least[index], sample(calls[name]));
  }
  console.log(`| ${name} | ${least[0].toPrecision(3)} | ${least[1].toPrecision(3)} |`);
}
