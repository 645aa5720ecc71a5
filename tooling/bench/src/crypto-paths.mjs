/**
 * Measures what the paths through node:crypto cost on this Node, in microseconds for each call, for
 * docs/decisions/0003-node-crypto-paths.md. Any Node can run it: node tooling/bench/src/crypto-paths.mjs
 *
 * The paths alternate and the best of all rounds counts: whatever disturbs a measurement only makes it longer.
 */
import * as crypto from 'node:crypto';

const rounds = 25;
const jwk = { format: 'jwk' };
const spki = { format: 'der', type: 'spki' };

const content = crypto.randomBytes(130);
const peerShare = crypto.generateKeyPairSync('x25519', { publicKeyEncoding: jwk }).publicKey;
const peerShareSpki = Buffer.concat([
  Buffer.from('302a300506032b656e032100', 'hex'),
  Buffer.from(peerShare.x, 'base64url'),
]);
const peerPoint = crypto.createECDH('prime256v1').generateKeys();
const ec = importedPair('ec', { namedCurve: 'P-256' });
const [ecSpki, ecJwk] = [ec.publicKey.export(spki), ec.publicKey.export(jwk)];
const rsa = importedPair('rsa', { modulusLength: 2048 });
const [rsaSpki, rsaJwk] = [rsa.publicKey.export(spki), rsa.publicKey.export(jwk)];
const signature = crypto.sign('sha256', content, ec.privateKey);
const secret = new Uint8Array(crypto.randomBytes(32));
const running = crypto.createHash('sha256').update(content);
const aesKey = new Uint8Array(crypto.randomBytes(16));
const aesKeyObject = crypto.createSecretKey(aesKey);
const nonce = crypto.randomBytes(12);
const header = Buffer.alloc(5);

/** Each row has a name, the number of calls in a row, and the call. */
const paths = [
  ['X25519 key pair, public key as JWK', 50, () => keyPair('x25519', { publicKeyEncoding: jwk })],
  ['X25519 key pair, public key as DER', 50, () => keyPair('x25519', { publicKeyEncoding: spki })],
  ['X25519 public key from JWK', 100, () => crypto.createPublicKey({ key: peerShare, ...jwk })],
  ['X25519 public key from DER', 100, () => crypto.createPublicKey({ key: peerShareSpki, ...spki })],
  ['X25519 key pair and secret, all by JWK', 30, x25519Exchange],
  ['P-256 key pair and secret by createECDH', 30, ecdhExchange],
  ['P-256 key pair and secret by diffieHellman', 30, p256Exchange],
  ['ECDSA P-256 signature', 50, () => crypto.sign('sha256', content, ec.privateKey)],
  ['ECDSA P-256 verification', 50, () => crypto.verify('sha256', content, ec.publicKey, signature)],
  ['P-256 public key from SPKI', 50, () => crypto.createPublicKey({ key: ecSpki, ...spki })],
  ['P-256 public key from JWK', 50, () => crypto.createPublicKey({ key: ecJwk, ...jwk })],
  ['RSA-2048 public key from SPKI', 50, () => crypto.createPublicKey({ key: rsaSpki, ...spki })],
  ['RSA-2048 public key from JWK', 50, () => crypto.createPublicKey({ key: rsaJwk, ...jwk })],
  ['HMAC-SHA-256, key as bytes', 500, () => hmac(secret)],
  ['HMAC-SHA-256, key through createSecretKey', 500, () => hmac(crypto.createSecretKey(secret))],
  ['SHA-256, snapshot of a running hash', 500, () => running.copy().digest()],
  ...[100, 16_385].flatMap(sealing),
];

const best = paths.map(() => Number.POSITIVE_INFINITY);
for (let round = 0; round < rounds; round += 1) {
  for (const [index, [, calls, call]] of paths.entries()) {
    const startedAt = performance.now();
    for (let count = 0; count < calls; count += 1) call();
    best[index] = Math.min(best[index], ((performance.now() - startedAt) * 1000) / calls);
  }
}
process.stdout.write(`${process.version}\n`);
for (const [index, [name]] of paths.entries()) {
  process.stdout.write(`${name.padEnd(56)} ${best[index].toFixed(1).padStart(6)}\n`);
}

function sealing(length) {
  const plaintext = new Uint8Array(crypto.randomBytes(length));
  const out = new Uint8Array(length + 16);
  const name = `AES-128-GCM of ${length} bytes, key as`;
  return [
    [`${name} bytes`, 200, () => seal(aesKey, plaintext, out)],
    [`${name} KeyObject`, 200, () => seal(aesKeyObject, plaintext, out)],
    [`${name} KeyObject, not copied`, 200, () => seal(aesKeyObject, plaintext, undefined)],
  ];
}

function seal(key, plaintext, out) {
  const cipher = crypto.createCipheriv('aes-128-gcm', key, nonce, { authTagLength: 16 });
  cipher.setAAD(header);
  const sealed = cipher.update(plaintext);
  cipher.final();
  const tag = cipher.getAuthTag();
  out?.set(sealed);
  out?.set(tag, plaintext.length);
}

function hmac(key) {
  return crypto.createHmac('sha256', key).update(content).digest();
}

function x25519Exchange() {
  const { privateKey } = keyPair('x25519', { publicKeyEncoding: jwk });
  crypto.diffieHellman({ privateKey, publicKey: crypto.createPublicKey({ key: peerShare, ...jwk }) });
}

function ecdhExchange() {
  const ecdh = crypto.createECDH('prime256v1');
  ecdh.generateKeys();
  ecdh.computeSecret(peerPoint);
}

function p256Exchange() {
  const { privateKey } = keyPair('ec', { namedCurve: 'P-256', publicKeyEncoding: jwk });
  crypto.diffieHellman({ privateKey, publicKey: crypto.createPublicKey({ key: ecJwk, ...jwk }) });
}

function keyPair(type, options) {
  return crypto.generateKeyPairSync(type, options);
}

/** The pair is imported, because exporting a generated one can hang Node 20. */
function importedPair(type, options) {
  const pkcs8 = { format: 'der', type: 'pkcs8' };
  const pair = keyPair(type, { ...options, publicKeyEncoding: spki, privateKeyEncoding: pkcs8 });
  return {
    publicKey: crypto.createPublicKey({ key: pair.publicKey, ...spki }),
    privateKey: crypto.createPrivateKey({ key: pair.privateKey, ...pkcs8 }),
  };
}
