import { cbc } from '@noble/ciphers/aes.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { Integer, OctetString, Sequence } from 'asn1js';
import { PBES2Params, PBKDF2Params, type AlgorithmIdentifier } from 'pkijs';
import { fault, typed } from './identity-fault.ts';
import { decryptOld, derivePkcs12, type OldCipher } from './node-forge.ts';
import { checkIterations, hmacHash, pbkdf2 } from './pbkdf2.ts';

/**
 * Decrypts what was encrypted with a passphrase: PBES2 (RFC 8018 §6.2) with PBKDF2 or scrypt (RFC 7914), or a scheme of PKCS#12
 * (RFC 7292 §C).
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when the scheme is not supported, its parameters are unusable, or the passphrase is wrong
 */
export async function decryptWithPassphrase(
  algorithm: AlgorithmIdentifier,
  encrypted: Uint8Array,
  passphrase: string,
): Promise<Uint8Array> {
  const { algorithmId, algorithmParams } = algorithm as { algorithmId: string; algorithmParams?: unknown };
  if (algorithmId === pbes2) {
    const { keyDerivationFunc, encryptionScheme } = await typed('its PBES2 parameters cannot be read', () => {
      return new PBES2Params({ schema: algorithmParams });
    });
    const cipher = ciphers[encryptionScheme.algorithmId];
    if (cipher === undefined)
      throw fault(`it is encrypted with ${encryptionScheme.algorithmId}, which is not supported`);
    const iv = octets(encryptionScheme.algorithmParams, cipher.ivLength);
    const key = await deriveKey(keyDerivationFunc, passphrase, cipher.keyLength);
    return cipher.decrypt(key, iv, encrypted);
  }
  const old = pkcs12Schemes[algorithmId];
  if (old === undefined) throw fault(`it is encrypted with ${algorithmId}, which is not supported`);
  return decryptPkcs12(old, algorithmParams, encrypted, passphrase);
}

interface Cipher {
  readonly keyLength: number;
  readonly ivLength: number;
  decrypt(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Promise<Uint8Array>;
}

/** Decrypts AES-CBC with padding (RFC 8018 §B.2.5). */
export async function decryptAesCbc(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Promise<Uint8Array> {
  return typed('the passphrase is wrong, or the file is damaged', () => cbc(key, iv).decrypt(encrypted));
}

const pbes2 = '1.2.840.113549.1.5.13';
const ciphers: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { keyLength: 16, ivLength: 16, decrypt: decryptAesCbc },
  '2.16.840.1.101.3.4.1.22': { keyLength: 24, ivLength: 16, decrypt: decryptAesCbc },
  '2.16.840.1.101.3.4.1.42': { keyLength: 32, ivLength: 16, decrypt: decryptAesCbc },
  '1.2.840.113549.3.7': {
    keyLength: 24,
    ivLength: 8,
    decrypt: (key, iv, encrypted) => decryptOld('3DES-CBC', key, iv, encrypted),
  },
};

async function deriveKey(algorithm: AlgorithmIdentifier, passphrase: string, length: number): Promise<Uint8Array> {
  const { algorithmId, algorithmParams } = algorithm as { algorithmId: string; algorithmParams?: unknown };
  switch (algorithmId) {
    case '1.2.840.113549.1.5.12':
      return deriveByPbkdf2(algorithmParams, passphrase, length);
    case '1.3.6.1.4.1.11591.4.11':
      return deriveByScrypt(algorithmParams, passphrase, length);
    default:
      throw fault(`its key is derived by ${algorithmId}, which is not supported`);
  }
}

/** @param parameters `PBKDF2-params` (RFC 8018 §A.2) */
export async function deriveByPbkdf2(parameters: unknown, passphrase: string, length: number): Promise<Uint8Array> {
  const read = await typed('its PBKDF2 parameters cannot be read', () => new PBKDF2Params({ schema: parameters }));
  const { salt, iterationCount, keyLength, prf } = read as { salt: unknown } & PBKDF2Params;
  if (keyLength !== undefined && keyLength !== length)
    throw fault(`PBKDF2: a key of ${keyLength} bytes, not ${length}`);
  // The hash is that of hmacWithSHA1 where the parameters name none (RFC 8018 §A.2).
  const hash = prf === undefined ? 'SHA-1' : hmacHash(prf.algorithmId);
  return pbkdf2(passphrase, hash, octets(salt), iterationCount, length);
}

/** Derives a key by scrypt (RFC 7914 §7). */
async function deriveByScrypt(parameters: unknown, passphrase: string, length: number): Promise<Uint8Array> {
  const [salt, ...numbers] = parameters instanceof Sequence ? parameters.valueBlock.value : [];
  const [N = 0, r = 0, p = 0, keyLength = length] = numbers.map(numberOf);
  if (keyLength !== length) throw fault(`scrypt: a key of ${keyLength} bytes, not ${length}`);
  // N must be a power of two (RFC 7914 §2), and the cost no more than a machine can spare.
  if (N < 2 || (N & (N - 1)) !== 0 || r < 1 || p < 1 || 128 * N * r > 2 ** 28 || p > 16)
    throw fault(`scrypt: N ${N}, r ${r} and p ${p} are not supported`);
  return scryptAsync(new TextEncoder().encode(passphrase), octets(salt), { N, r, p, dkLen: length });
}

/** A scheme of PKCS#12 (RFC 7292 §C), whose key is derived by §B.2 of that RFC with SHA-1. */
interface Pkcs12Scheme {
  readonly cipher: OldCipher;
  readonly keyLength: number;
}

const pkcs12Schemes: Readonly<Record<string, Pkcs12Scheme>> = {
  '1.2.840.113549.1.12.1.3': { cipher: '3DES-CBC', keyLength: 24 },
  '1.2.840.113549.1.12.1.4': { cipher: '3DES-CBC', keyLength: 16 },
  '1.2.840.113549.1.12.1.5': { cipher: 'RC2-CBC', keyLength: 16 },
  '1.2.840.113549.1.12.1.6': { cipher: 'RC2-CBC', keyLength: 5 },
};

async function decryptPkcs12(
  { cipher, keyLength }: Pkcs12Scheme,
  parameters: unknown,
  encrypted: Uint8Array,
  passphrase: string,
): Promise<Uint8Array> {
  const [saltValue, count] = parameters instanceof Sequence ? parameters.valueBlock.value : [];
  const iterations = numberOf(count);
  checkIterations(iterations);
  const salt = octets(saltValue);
  const key = await derivePkcs12(passphrase, salt, 1, iterations, keyLength);
  const iv = await derivePkcs12(passphrase, salt, 2, iterations, 8);
  // With two keys, the first is used again as the third.
  const twoKeys = cipher === '3DES-CBC' && keyLength === 16;
  return decryptOld(cipher, twoKeys ? Uint8Array.of(...key, ...key.subarray(0, 8)) : key, iv, encrypted);
}

/** Gives the bytes of an OCTET STRING. */
export function octets(value: unknown, length?: number): Uint8Array {
  if (!(value instanceof OctetString)) throw fault('expected an OCTET STRING');
  const bytes = new Uint8Array(value.getValue());
  if (length !== undefined && bytes.length !== length) throw fault(`expected ${length} bytes, got ${bytes.length}`);
  return bytes;
}

function numberOf(value: unknown): number {
  if (!(value instanceof Integer) || value.valueBlock.isHexOnly) throw fault('expected an INTEGER of a fitting size');
  return value.valueBlock.valueDec;
}
