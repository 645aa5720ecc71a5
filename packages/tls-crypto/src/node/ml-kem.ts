import crypto, { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { badShare, type Kem } from '../provider-rules/kem.ts';
import { nobleMlKem } from '../noble/ml-kem.ts';
import type { MlKem } from '../provider.ts';

/** The functions that Node has from 24.7 on and that its types do not know yet. */
interface KemFunctions {
  readonly encapsulate: (publicKey: KeyObject) => { readonly sharedKey: Uint8Array; readonly ciphertext: Uint8Array };
  readonly decapsulate: (privateKey: KeyObject, ciphertext: Uint8Array) => Uint8Array;
}

/** Gives ML-KEM (FIPS 203) by node:crypto where that has it, else by noble. Only noble takes an encapsulation's randomness from outside. */
export function nodeMlKem(parameterSet: MlKem): Kem {
  const known = kems.get(parameterSet);
  if (known !== undefined) return known;
  const functions = nodeFunctions(parameterSet);
  const kem = functions === undefined ? nobleMlKem[parameterSet] : kemOf(functions, parameterSet);
  kems.set(parameterSet, kem);
  return kem;
}

const kems = new Map<MlKem, Kem>();
const seedLength = 64;
const ciphertextLength: Readonly<Record<MlKem, number>> = { 'ml-kem-768': 1088, 'ml-kem-1024': 1568 };

/** Finds Node's functions and tries a key: they may stand over a libcrypto without ML-KEM (OpenSSL before 3.5, or another library). */
function nodeFunctions(parameterSet: MlKem): KemFunctions | undefined {
  const { encapsulate, decapsulate } = crypto as unknown as Partial<KemFunctions>;
  if (encapsulate === undefined || decapsulate === undefined) return undefined;
  try {
    privateKeyOf(parameterSet, new Uint8Array(seedLength));
    return { encapsulate, decapsulate };
  } catch {
    return undefined;
  }
}

function kemOf({ encapsulate, decapsulate }: KemFunctions, parameterSet: MlKem): Kem {
  const { spki, length } = headers[parameterSet];
  const noble = nobleMlKem[parameterSet];
  return {
    generate(given) {
      const seed = given ?? crypto.randomBytes(seedLength);
      const privateKey = privateKeyOf(parameterSet, seed);
      if (given === undefined) seed.fill(0);
      const encoded = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
      return {
        publicKey: encoded.subarray(encoded.length - length),
        decapsulate(ciphertext) {
          if (ciphertext.length !== ciphertextLength[parameterSet])
            throw badShare(`ML-KEM: expected ${ciphertextLength[parameterSet]} bytes, got ${ciphertext.length}`);
          return orBadShare('ciphertext', () => decapsulate(privateKey, ciphertext));
        },
      };
    },
    encapsulate(publicKey, message) {
      if (message !== undefined) return noble.encapsulate(publicKey, message);
      if (publicKey.length !== length) throw badShare(`ML-KEM: expected ${length} bytes, got ${publicKey.length}`);
      // OpenSSL checks that the coefficients of the key are below the modulus (FIPS 203 §7.2) when it imports it.
      return orBadShare('encapsulation key', () => {
        const der = Buffer.concat([spki, publicKey]);
        const { sharedKey, ciphertext } = encapsulate(createPublicKey({ key: der, format: 'der', type: 'spki' }));
        return { ciphertext, sharedSecret: sharedKey };
      });
    },
  };
}

/**
 * Imports a seed as a private key. Keys are generated this way, since an export of a generated KeyObject can hang some versions of Node.
 */
function privateKeyOf(parameterSet: MlKem, seed: Uint8Array): KeyObject {
  if (seed.length !== seedLength) throw new RangeError(`seed: expected ${seedLength} bytes, got ${seed.length}`);
  const der = Buffer.concat([headers[parameterSet].pkcs8, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return privateKey;
}

function orBadShare<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw badShare(`ML-KEM: the peer’s ${what} is none`, cause);
  }
}

/**
 * For each parameter set, the DER of a PrivateKeyInfo up to the seed (RFC 9935 §6) and of a SubjectPublicKeyInfo up to the key
 * (RFC 9935 §4).
 */
const headers: Readonly<Record<MlKem, { readonly pkcs8: Buffer; readonly spki: Buffer; readonly length: number }>> = {
  'ml-kem-768': {
    pkcs8: Buffer.from('3054020100300b060960864801650304040204428040', 'hex'),
    spki: Buffer.from('308204b2300b0609608648016503040402038204a100', 'hex'),
    length: 1184,
  },
  'ml-kem-1024': {
    pkcs8: Buffer.from('3054020100300b060960864801650304040304428040', 'hex'),
    spki: Buffer.from('30820632300b06096086480165030404030382062100', 'hex'),
    length: 1568,
  },
};
