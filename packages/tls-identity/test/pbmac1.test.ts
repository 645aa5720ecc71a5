import { createHmac, pbkdf2Sync } from 'node:crypto';
import { createRoot } from '@org/pki';
import { expect, test } from 'vitest';
import { readIdentity } from '../src/index.ts';
import { encoded, integer, nullValue, objectIdentifier, octetString, sequence, tagged } from './support/der-tree.ts';
import { certificateBag, dataOf, keyBag } from './support/pkcs12-parts.ts';
import { rejected } from './support/rejected.ts';

const hmacOid = { sha256: '1.2.840.113549.2.9', sha512: '1.2.840.113549.2.11' } as const;

test.each(['sha256', 'sha512'] as const)('RFC 9879 §4 PBMAC1 with %s is checked', async (hash) => {
  const leaf = await createRoot({ isCa: false, names: ['localhost'] });
  const parts = sequence(dataOf(sequence(keyBag(leaf.privateKeyDer), certificateBag(leaf.certificateDer))));
  const file = stamped(encoded(parts), 'a', hash);
  const identity = await readIdentity({ pfx: file, passphrase: 'a' });
  expect(identity.privateKey).toEqual(leaf.privateKeyDer);
  const error = await rejected(() => readIdentity({ pfx: file, passphrase: 'b' }));
  expect(error.message).toContain('the passphrase of the PKCS#12 file is wrong');
});

/** Makes a file with a PBMAC1 (RFC 9879 §4), which the tools of Debian 12 do not write. */
function stamped(safes: Uint8Array, passphrase: string, hash: 'sha256' | 'sha512'): Uint8Array {
  const salt = new Uint8Array(16).fill(5);
  const length = hash === 'sha256' ? 32 : 64;
  const key = pbkdf2Sync(passphrase, salt, 2048, length, hash);
  const hmac = sequence(objectIdentifier(hmacOid[hash]), nullValue);
  const derivation = sequence(
    objectIdentifier('1.2.840.113549.1.5.12'),
    sequence(octetString(salt), integer(2048), integer(length), hmac),
  );
  const algorithm = sequence(objectIdentifier('1.2.840.113549.1.5.14'), sequence(derivation, hmac));
  const digest = octetString(createHmac(hash, key).update(safes).digest());
  const mac = sequence(sequence(algorithm, digest), octetString(new Uint8Array(1)), integer(1));
  const data = sequence(objectIdentifier('1.2.840.113549.1.7.1'), tagged(0, octetString(safes)));
  return encoded(sequence(integer(3), data, mac));
}
