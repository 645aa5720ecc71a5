import { isTlsError, type TlsError } from '@org/tls-core';
import { DerTag, type DerReader } from '@org/tls-crypto/der';
import { nameOfAlgorithm, readAlgorithm, type AlgorithmIdentifier } from './algorithm-identifier.ts';
import { decryptCbc, type BlockCipher } from './block-ciphers.ts';
import type { Effort } from './effort.ts';
import { fault } from './identity-fault.ts';
import { deriveKey } from './key-derivation.ts';
import { oldSchemes, type OldScheme } from './old-schemes.ts';
import type { PassphraseForm } from './passphrase.ts';

/** What was encrypted with a passphrase. */
export interface Sealed {
  readonly algorithm: AlgorithmIdentifier;
  readonly encrypted: Uint8Array;
}

/** What opens it. */
export interface Unsealing {
  /** They are tried one after the other. */
  readonly forms: readonly PassphraseForm[];
  readonly effort: Effort;
  /** Makes the error for what none of them opens. */
  readonly refusal: () => TlsError;
}

/**
 * Decrypts a SEQUENCE that was encrypted with a passphrase: by PBES2 (RFC 8018 §6.2), PBES1 (§6.1) or a scheme of PKCS#12 (RFC 7292 §C).
 * @returns the SEQUENCE, which may be BER
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when the scheme is not supported, its parameters cannot be used or ask for too much, or the
 *   passphrase is wrong
 */
export async function unseal({ algorithm, encrypted }: Sealed, unsealing: Unsealing): Promise<Uint8Array> {
  const { oid, parameters } = algorithm;
  if (oid === pbes2) return unsealPbes2(parameters, encrypted, unsealing);
  const scheme = oldSchemes[oid];
  if (scheme === undefined) throw fault(`it is encrypted with ${nameOfAlgorithm(oid)}, which is not supported`);
  return unsealOld(scheme, parameters, encrypted, unsealing);
}

const pbes2 = '1.2.840.113549.1.5.13';

/** All forms of a passphrase have the same UTF-8, so that there is one attempt. */
async function unsealPbes2(
  algorithm: DerReader,
  encrypted: Uint8Array,
  { forms, effort, refusal }: Unsealing,
): Promise<Uint8Array> {
  const parameters = algorithm.sequence('PBES2-params');
  algorithm.end();
  const derivation = readAlgorithm(parameters);
  const encryption = readAlgorithm(parameters);
  parameters.end();
  const { cipher, keyLength, iv } = readCipher(encryption);
  const passphrase = forms[0]?.utf8 ?? new Uint8Array();
  const key = await deriveKey(derivation, passphrase, keyLength, effort);
  return asSequence(await decryptCbc(cipher, { key, iv, encrypted }, refusal), refusal);
}

interface ReadCipher {
  readonly cipher: BlockCipher;
  readonly keyLength: number;
  readonly iv: Uint8Array;
}

function readCipher({ oid, parameters }: AlgorithmIdentifier): ReadCipher {
  if (oid === rc2Cbc) return readRc2(parameters);
  const row = ciphers[oid];
  if (row === undefined) throw fault(`it is encrypted with ${nameOfAlgorithm(oid)}, which is not supported`);
  return { cipher: row.cipher, keyLength: row.keyLength, iv: readIv(parameters, row.ivLength) };
}

const rc2Cbc = '1.2.840.113549.3.2';
/** The ciphers of PBES2 (RFC 8018 §B.2). */
const ciphers: Readonly<Record<string, Omit<ReadCipher, 'iv'> & { readonly ivLength: number }>> = {
  '2.16.840.1.101.3.4.1.2': { cipher: 'AES', keyLength: 16, ivLength: 16 },
  '2.16.840.1.101.3.4.1.22': { cipher: 'AES', keyLength: 24, ivLength: 16 },
  '2.16.840.1.101.3.4.1.42': { cipher: 'AES', keyLength: 32, ivLength: 16 },
  '1.2.840.113549.3.7': { cipher: '3DES', keyLength: 24, ivLength: 8 },
  '1.3.14.3.2.7': { cipher: 'DES', keyLength: 8, ivLength: 8 },
};

/** Reads RC2-CBC-Parameter, whose version is a number that stands for a length of the key (RFC 8018 §B.2.3). */
function readRc2(algorithm: DerReader): ReadCipher {
  const parameters = algorithm.sequence('RC2-CBC-Parameter');
  algorithm.end();
  const version = parameters.smallInteger();
  const keyLength = rc2KeyLengths[version];
  if (keyLength === undefined) throw fault(`RC2: the version ${version} is not supported`);
  return { cipher: 'RC2', keyLength, iv: readIv(parameters, 8) };
}

const rc2KeyLengths: Readonly<Record<number, number>> = { 160: 5, 120: 8, 58: 16 };

function readIv(parameters: DerReader, length: number): Uint8Array {
  const iv = parameters.contents(DerTag.octetString);
  parameters.end();
  if (iv.length !== length) throw fault(`expected an initialization vector of ${length} bytes, got ${iv.length}`);
  return iv;
}

async function unsealOld(
  scheme: OldScheme,
  algorithm: DerReader,
  encrypted: Uint8Array,
  { forms, effort, refusal }: Unsealing,
): Promise<Uint8Array> {
  const parameters = algorithm.sequence('PBEParameter');
  algorithm.end();
  const salt = parameters.contents(DerTag.octetString);
  const iterations = parameters.smallInteger();
  parameters.end();
  let failure = refusal();
  for (const form of forms) {
    try {
      // The next form is tried only where the first does not fit.
      // oxlint-disable-next-line no-await-in-loop
      const { key, iv } = await scheme.derive({ form, salt, iterations }, effort);
      // oxlint-disable-next-line no-await-in-loop
      return asSequence(await decryptCbc(scheme.cipher, { key, iv, encrypted }, refusal), refusal);
    } catch (error) {
      if (!isTlsError(error) || effort.isExceeded) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** Refuses what a wrong key makes with padding that is right by chance. Whatever is encrypted in these files is a SEQUENCE. */
function asSequence(decrypted: Uint8Array, refusal: () => TlsError): Uint8Array {
  if (decrypted[0] !== DerTag.sequence) throw refusal();
  return decrypted;
}
