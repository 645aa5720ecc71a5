// What the paths through node:crypto cost on this Node, in microseconds per call; for docs/decisions/0003-node-crypto-paths.md.
// Run it with any Node: node tooling/bench/src/crypto-paths.mjs
import * as crypto from 'node:crypto';

const jwkBoth = { publicKeyEncoding: { format: 'jwk' }, privateKeyEncoding: { format: 'jwk' } };
const jwkPublic = { publicKeyEncoding: { format: 'jwk' } };
const derPublic = { publicKeyEncoding: { format: 'der', type: 'spki' } };

const peer = crypto.generateKeyPairSync('x25519', jwkBoth).publicKey;
const ecdh = crypto.createECDH('prime256v1');
const point = ecdh.generateKeys();
const ecdsa = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = ecdsa.publicKey.export({ format: 'der', type: 'spki' });
const content = Buffer.alloc(130);
const signature = crypto.sign('sha256', content, ecdsa.privateKey);
const secret = crypto.randomBytes(32);
const label = crypto.randomBytes(54);
const running = crypto.createHash('sha256').update(content);
const key = crypto.randomBytes(16);
const keyObject = crypto.createSecretKey(key);
const nonce = crypto.randomBytes(12);
const header = Buffer.alloc(5);

process.stdout.write(`${process.version}\n`);
measure('x25519 key pair, public key as JWK', 3000, () => crypto.generateKeyPairSync('x25519', jwkPublic));
measure('x25519 key pair, public key as DER', 3000, () => crypto.generateKeyPairSync('x25519', derPublic));
measure('x25519 public key from JWK', 3000, () => crypto.createPublicKey({ key: peer, format: 'jwk' }));
measure('P-256 key pair and secret by createECDH', 3000, () => {
  const own = crypto.createECDH('prime256v1');
  own.generateKeys();
  own.computeSecret(point);
});
measure('ECDSA P-256 signature', 3000, () => crypto.sign('sha256', content, ecdsa.privateKey));
measure('ECDSA P-256 verification', 3000, () => crypto.verify('sha256', content, ecdsa.publicKey, signature));
measure('P-256 public key from SPKI', 3000, () => crypto.createPublicKey({ key: spki, format: 'der', type: 'spki' }));
measure('HMAC-SHA-256, key as bytes', 20_000, () => crypto.createHmac('sha256', secret).update(label).digest());
measure('HMAC-SHA-256, key through createSecretKey', 20_000, () =>
  crypto.createHmac('sha256', crypto.createSecretKey(secret)).update(label).digest(),
);
measure('SHA-256, snapshot of a running hash', 20_000, () => running.copy().digest());
for (const size of [100, 16_385]) {
  const plaintext = crypto.randomBytes(size);
  measure(`AES-128-GCM of ${size} bytes, key as bytes`, 20_000, () => seal(key, plaintext));
  measure(`AES-128-GCM of ${size} bytes, key as KeyObject`, 20_000, () => seal(keyObject, plaintext));
}

function seal(withKey, plaintext) {
  const cipher = crypto.createCipheriv('aes-128-gcm', withKey, nonce);
  cipher.setAAD(header);
  cipher.update(plaintext);
  cipher.final();
  return cipher.getAuthTag();
}

function measure(name, count, call) {
  for (let index = 0; index < count / 10; index += 1) call();
  const startedAt = performance.now();
  for (let index = 0; index < count; index += 1) call();
  process.stdout.write(`${name.padEnd(46)} ${(((performance.now() - startedAt) * 1000) / count).toFixed(1)}\n`);
}
