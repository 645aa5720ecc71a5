import { createRoot } from '@org/pki';
import { Integer, Null, OctetString, Sequence } from 'asn1js';
import { AlgorithmIdentifier, DigestInfo, MacData, PFX } from 'pkijs';
import { expect, test } from 'vitest';
import { readIdentity } from '../src/index.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

const oid = {
  pbmac1: '1.2.840.113549.1.5.14',
  pbkdf2: '1.2.840.113549.1.5.12',
  'SHA-256': '1.2.840.113549.2.9',
  'SHA-512': '1.2.840.113549.2.11',
} as const;

/** Puts a PBMAC1 (RFC 9879 §4) on a file without a MAC: the tools of Debian 12 do not write it. */
async function withPbmac1(file: Uint8Array, passphrase: string, hash: 'SHA-256' | 'SHA-512'): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  const salt = new Uint8Array(16).fill(5);
  const length = hash === 'SHA-256' ? 32 : 64;
  const password = await subtle.importKey('raw', Buffer.from(passphrase), 'PBKDF2', false, ['deriveBits']);
  const raw = await subtle.deriveBits({ name: 'PBKDF2', hash, salt, iterations: 2048 }, password, 8 * length);
  const key = await subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['sign']);
  const pfx = PFX.fromBER(Uint8Array.from(file).buffer);
  const content = (pfx.authSafe.content as OctetString).getValue();
  const hmac = new AlgorithmIdentifier({ algorithmId: oid[hash], algorithmParams: new Null() });
  const parameters = [
    new OctetString({ valueHex: salt }),
    new Integer({ value: 2048 }),
    new Integer({ value: length }),
    hmac.toSchema(),
  ];
  const derivation = new AlgorithmIdentifier({
    algorithmId: oid.pbkdf2,
    algorithmParams: new Sequence({ value: parameters }),
  });
  pfx.macData = new MacData({
    mac: new DigestInfo({
      digestAlgorithm: new AlgorithmIdentifier({
        algorithmId: oid.pbmac1,
        algorithmParams: new Sequence({ value: [derivation.toSchema(), hmac.toSchema()] }),
      }),
      digest: new OctetString({ valueHex: await subtle.sign('HMAC', key, content) }),
    }),
    macSalt: new OctetString({ valueHex: new Uint8Array(1) }),
    iterations: 1,
  });
  return new Uint8Array(pfx.toSchema().toBER());
}

test.each(['SHA-256', 'SHA-512'] as const)('RFC 9879 §4 PBMAC1 with %s is checked', async (hash) => {
  using bench = new Workbench();
  const leaf = await createRoot({ isCa: false, names: ['localhost'] });
  bench.put('leaf', leaf);
  const args = ['-inkey', 'leaf.key', '-in', 'leaf.crt', '-passout', 'pass:a', '-nomac', '-keypbe', 'NONE'];
  const file = bench.openssl('pkcs12', '-export', ...args, '-certpbe', 'NONE');
  const stamped = await withPbmac1(file, 'a', hash);
  const identity = await readIdentity({ pkcs12: stamped, passphrase: 'a' });
  expect(identity.privateKey).toEqual(leaf.privateKeyDer);
  const error = await rejected(() => readIdentity({ pkcs12: stamped, passphrase: 'b' }));
  expect(error.message).toContain('the passphrase of the PKCS#12 file is wrong');
});
