// Shows how long files of at most 100 KB hold the event loop: `pnpm --filter @org/tls-identity event-loop`, after a build. Each file is as bad as one of its
// kind can be. What is printed is the longest stretch in which nothing else ran and the whole reading, both in milliseconds that the process was
// given by the machine, and the whole reading by the clock. On a machine that does nothing else, the first and the clock agree.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createRoot } from '@org/pki';
import { derElement } from '@org/tls-crypto/der';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { readIdentity, readPrivateKey } from '@org/tls-identity';

const most = 100_000;
const passphrase = 'a';
const text = (value) => new TextEncoder().encode(value);

const sequence = (...parts) => derElement(0x30, ...parts);
const octets = (bytes) => derElement(0x04, bytes);
const tagged = (number, inner) => derElement(0xa0 | number, inner);
const oid = (hex) => derElement(0x06, Buffer.from(hex, 'hex'));
const nothing = Uint8Array.of(5, 0);

function integer(value) {
  const bytes = Buffer.from(
    value.toString(16).padStart(2 * Math.ceil((value.toString(16).length + 1) / 2), '0'),
    'hex',
  );
  const first = bytes.findIndex((octet, index) => octet !== 0 || index === bytes.length - 1);
  const minimal = bytes.subarray(first);
  return derElement(0x02, (minimal[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), minimal]) : minimal);
}

/** A SEQUENCE that is filled with an element up to 100 KB. */
function filled(element, around = sequence) {
  return around(Buffer.concat(Array.from({ length: Math.floor((most - 200) / element.length) }, () => element)));
}

const data = (contents) => sequence(oid('2a864886f70d010701'), tagged(0, octets(contents)));
const pfxOf = (safes, ...mac) => sequence(integer(3), data(safes), ...mac);
const pfx = (bags) => pfxOf(sequence(data(bags)));
const bag = (type, value) => sequence(oid(`2a864886f70d010c0a01${type}`), tagged(0, value));
const keyBag = (pkcs8) => bag('01', pkcs8);
const shroudedBag = (algorithm) => bag('02', sequence(algorithm, octets(new Uint8Array(48))));
const certificateBag = (der) => bag('03', sequence(oid('2a864886f70d01091601'), tagged(0, octets(der))));

const salt = octets(new Uint8Array(8));
const mac = (hash, iterations, saltOctets = salt) =>
  sequence(sequence(sequence(oid(hash), nothing), octets(new Uint8Array(64))), saltOctets, integer(iterations));
const aes = sequence(oid('60864801650304012a'), octets(new Uint8Array(16)));
const pbes2 = (derivation) => sequence(oid('2a864886f70d01050d'), sequence(derivation, aes));
const pbkdf2 = (hmac, iterations, saltOctets = salt) =>
  pbes2(sequence(oid('2a864886f70d01050c'), sequence(saltOctets, integer(iterations), sequence(oid(hmac), nothing))));
const scrypt = (N, r, p) => pbes2(sequence(oid('2b06010401da47040b'), sequence(salt, ...[N, r, p].map(integer))));
const old = (scheme, iterations) => sequence(oid(scheme), sequence(salt, integer(iterations)));
const encryptedKey = (algorithm, length = 48) => sequence(algorithm, octets(new Uint8Array(length)));

const pkcs8 = (type, options) => generateKeyPairSync(type, options).privateKey.export({ format: 'der', type: 'pkcs8' });
const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const p521 = pkcs8('ec', { namedCurve: 'P-521' });
const rsa = pkcs8('rsa', { modulusLength: 2048 });
const rsa8192 = pkcs8('rsa', { modulusLength: 8192 });
const hugeRsa = sequence(
  integer(0),
  sequence(oid('2a864886f70d010101'), nothing),
  octets(sequence(integer(0), ...Array.from({ length: 8 }, () => derElement(2, new Uint8Array(12_000).fill(0x7f))))),
);
const jwk = createPrivateKey({ key: Buffer.from(rsa), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
const fromPfx =
  (file, given = {}) =>
  () =>
    readIdentity({ pfx: file, passphrase, ...given });
const fromKey = (key) => () => readPrivateKey(key, passphrase);
const pair = [keyBag(leaf.privateKeyDer), certificateBag(leaf.certificateDer)];
const certificate = leaf.certificatePem;
const manyCertificates = certificate.repeat(Math.floor(most / certificate.length));
const backends = [createPure(), createNative()];

const files = {
  'MAC, SHA-1, as many iterations as are allowed': fromPfx(pfxOf(sequence(), mac('2b0e03021a', 1_250_000))),
  'MAC, SHA-512, as many iterations as are allowed': fromPfx(pfxOf(sequence(), mac('608648016503040203', 1_250_000))),
  'MAC over 90 KB, with a salt of 9 KB': fromPfx(
    pfxOf(filled(nothing), mac('608648016503040201', 1000, octets(new Uint8Array(9000)))),
  ),
  'PBKDF2, SHA-1, as many iterations as are allowed': fromKey(encryptedKey(pbkdf2('2a864886f70d0207', 2_500_000))),
  'PBKDF2, SHA-256, as many iterations as are allowed': fromKey(encryptedKey(pbkdf2('2a864886f70d0209', 5_000_000))),
  'PBKDF2, SHA-512, as many iterations as are allowed': fromKey(encryptedKey(pbkdf2('2a864886f70d020b', 1_666_666))),
  'PBKDF2 with a salt of 90 KB': fromKey(
    encryptedKey(pbkdf2('2a864886f70d0209', 1000, octets(new Uint8Array(90_000)))),
  ),
  'scrypt with as much memory as is allowed': fromKey(encryptedKey(scrypt(2 ** 18, 8, 1))),
  'scrypt with many lanes': fromKey(encryptedKey(scrypt(2048, 1, 1024))),
  'PBE of PKCS#12, as many iterations as are allowed': fromKey(encryptedKey(old('2a864886f70d010c0103', 416_666))),
  'PBES1, as many iterations as are allowed': fromKey(encryptedKey(old('2a864886f70d010503', 1_250_000))),
  '90 KB in 3DES': fromKey(encryptedKey(old('2a864886f70d010c0103', 1), 90_000)),
  '90 KB in RC2': fromKey(encryptedKey(old('2a864886f70d010c0105', 1), 90_000)),
  '90 KB in AES': fromKey(encryptedKey(pbkdf2('2a864886f70d0209', 1), 89_984)),
  'many bags, each with a derivation': fromPfx(pfx(filled(shroudedBag(pbkdf2('2a864886f70d0209', 8000))))),
  'many bags, each with a derivation of PKCS#12': fromPfx(pfx(filled(shroudedBag(old('2a864886f70d010c0103', 200))))),
  'many keys on P-521': fromPfx(pfx(filled(keyBag(p521)))),
  'many keys of RSA': fromPfx(pfx(filled(keyBag(rsa)))),
  'many keys of RSA with 8192 bits': fromPfx(pfx(filled(keyBag(rsa8192)))),
  'many keys, of which one is meant': fromPfx(pfx(filled(keyBag(p521))), { friendlyName: 'web' }),
  'many certificates in PKCS#12': fromPfx(
    pfx(Buffer.concat([sequence(...pair, ...Array(150).fill(certificateBag(leaf.certificateDer)))])),
  ),
  'many bags that are empty': fromPfx(pfx(filled(sequence()))),
  'many attributes': fromPfx(
    pfx(
      sequence(
        sequence(
          oid('2a864886f70d010c0a0101'),
          tagged(0, leaf.privateKeyDer),
          filled(sequence(oid('2a03'), derElement(0x31, nothing)), (all) => derElement(0x31, all)),
        ),
      ),
    ),
  ),
  'many empty elements': fromPfx(filled(nothing)),
  'an OCTET STRING in many pieces': fromPfx(
    filled(Uint8Array.of(4, 1, 0), (all) =>
      sequence(integer(3), sequence(oid('2a864886f70d010701'), tagged(0, derElement(0x24, all)))),
    ),
  ),
  'elements in elements': fromPfx(Buffer.from('3080'.repeat(most / 2), 'hex')),
  'Base64 of zeros': fromPfx('A'.repeat(most)),
  'an RSA key of 100 KB': fromKey(hugeRsa),
  'an RSA key of 100 KB in a JWK': fromKey(JSON.stringify({ ...jwk, n: 'f'.repeat(most - 2000) })),
  'an RSA key of 8192 bits': fromKey(rsa8192),
  'JSON in JSON': fromKey(`{"kty":${'['.repeat(most)}`),
  'many members in a JWK': fromKey(`{"kty":"RSA",${'"a":1,'.repeat(most / 6)}"b":1}`),
  'many certificates in a JWK': () =>
    readIdentity({
      privateKey: JSON.stringify({ ...jwk, x5c: Array(200).fill(Buffer.from(leaf.certificateDer).toString('base64')) }),
    }),
  'lines that begin PEM': fromKey('-----BEGIN A-----\n'.repeat(most / 18)),
  'beginnings of PEM in one line': fromKey('-----BEGIN A'.repeat(most / 12)),
  'many blocks of PEM': fromKey('-----BEGIN A-----\nAAAA\n-----END A-----\n'.repeat(most / 41)),
  'many certificates in PEM': () =>
    readIdentity({ privateKey: leaf.privateKeyPem, certificateChain: manyCertificates }),
  'many certificates in PEM, for the backends': async () => {
    const identity = { privateKey: leaf.privateKeyPem, certificateChain: manyCertificates };
    for (const backend of backends) backend.createServerContext({ identity });
  },
  'lines that begin PEM, for the backends': async () => {
    const identity = { privateKey: leaf.privateKeyPem, certificateChain: '-----BEGIN A-----\n'.repeat(most / 18) };
    for (const backend of backends) backend.createServerContext({ identity });
  },
  'bytes that are nothing': fromKey(new Uint8Array(most).fill(0x80)),
  'text without end': fromKey(text('a'.repeat(most))),
};

const [, , part = ''] = process.argv;
let worst = 0;
process.stdout.write('  held    CPU  clock\n');
for (const [name, read] of Object.entries(files)) {
  if (!name.includes(part)) continue;
  const { held, cpu, clock, end } = await measured(read);
  worst = Math.max(worst, held);
  const figures = [held, cpu, clock].map((figure) => figure.toFixed(0).padStart(6)).join(' ');
  process.stdout.write(`${figures}  ${name}: ${end.slice(0, 110)}\n`);
}
process.stdout.write(`the event loop was held for ${worst.toFixed(0)} ms at most\n`);
process.exitCode = worst < 250 ? 0 : 1;

function spent() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Derivations on other threads count as well, but the loop has its turns beside them. */
async function measured(read) {
  let last = spent();
  let held = 0;
  const look = () => {
    const now = spent();
    held = Math.max(held, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  look();
  held = 0;
  const [from, clockFrom] = [spent(), performance.now()];
  const end = await read().then(
    () => 'read',
    (error) => `${error.code ?? error.name} ${error.message}`,
  );
  const [cpu, clock] = [spent() - from, performance.now() - clockFrom];
  // What came behind the last turn is seen in the next one.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  look();
  clearInterval(timer);
  return { held, cpu, clock, end };
}
