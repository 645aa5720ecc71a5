import { hmac } from '@noble/hashes/hmac.js';
import { equalSecret } from '@org/tls-core/backend';
import { DerTag, type DerReader } from '@org/tls-crypto/der';
import { nameOfAlgorithm, readAlgorithm, readBareAlgorithm, type AlgorithmIdentifier } from './algorithm-identifier.ts';
import type { Effort } from './effort.ts';
import { hashFunctions } from './hash-functions.ts';
import { fault } from './identity-fault.ts';
import { deriveKey, hmacHash, pbkdf2Oid } from './key-derivation.ts';
import type { PassphraseForm } from './passphrase.ts';
import { derivePkcs12 } from './pkcs12-derivation.ts';

/** The MAC of a PKCS#12 file (RFC 7292 §4). */
export interface MacData {
  readonly algorithm: AlgorithmIdentifier;
  readonly digest: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

export function readMacData(reader: DerReader): MacData {
  const data = reader.sequence('MacData');
  const digestInfo = data.sequence('DigestInfo');
  const algorithm = readAlgorithm(digestInfo);
  const digest = digestInfo.contents(DerTag.octetString);
  digestInfo.end();
  const salt = data.contents(DerTag.octetString);
  const iterations = data.isAtEnd ? 1 : data.smallInteger();
  data.end();
  return { algorithm, digest, salt, iterations };
}

/**
 * Finds the form of a passphrase with which the MAC over a file's contents is right: an HMAC with a key derived by RFC 7292 §B.2, or a
 * PBMAC1 (RFC 9879).
 * @returns `undefined` where none is
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` on an algorithm that is not supported, and on parameters that ask for too much
 */
export async function formOfMac(
  mac: MacData,
  content: Uint8Array,
  forms: readonly PassphraseForm[],
  effort: Effort,
): Promise<PassphraseForm | undefined> {
  if (mac.algorithm.oid === pbmac1) {
    // All forms have the same UTF-8.
    const [form] = forms;
    return form !== undefined && (await isPbmac1(mac, content, form.utf8, effort)) ? form : undefined;
  }
  const hash = hashFunctions[mac.algorithm.oid];
  if (hash === undefined)
    throw fault(`the PKCS#12 file has a MAC with ${nameOfAlgorithm(mac.algorithm.oid)}, which is not supported`);
  const { salt, iterations, digest } = mac;
  for (const form of forms) {
    const derivation = {
      hash,
      passphrase: form.bmp,
      salt,
      iterations,
      purpose: 'mac',
      length: hash.byNoble.outputLen,
    } as const;
    // The next form is tried only where the first does not fit.
    // oxlint-disable-next-line no-await-in-loop
    const key = await derivePkcs12(derivation, effort);
    if (equalSecret(hmac(hash.byNoble, key, content), digest)) return form;
  }
  return undefined;
}

const pbmac1 = '1.2.840.113549.1.5.14';

/** Checks a PBMAC1 (RFC 8018 §7.1), which must state the key's length (RFC 9879 §4). */
async function isPbmac1(
  { algorithm, digest }: MacData,
  content: Uint8Array,
  passphrase: Uint8Array,
  effort: Effort,
): Promise<boolean> {
  const parameters = algorithm.parameters.sequence('PBMAC1-params');
  algorithm.parameters.end();
  const derivation = readAlgorithm(parameters);
  const { name, outputLength } = hmacHash(readBareAlgorithm(parameters));
  parameters.end();
  if (derivation.oid !== pbkdf2Oid) throw fault('PBMAC1: expected PBKDF2');
  // In the examples of RFC 9879 §A the key is as long as the hash.
  const raw = await deriveKey(derivation, passphrase, outputLength, effort);
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', Uint8Array.from(raw), { name: 'HMAC', hash: name }, false, ['verify']);
  return subtle.verify('HMAC', key, Uint8Array.from(digest), Uint8Array.from(content));
}
