import crypto, { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { badShare, type Kem } from '../provider-rules/kem.ts';
import { noble } from '#noble';
import { mlKems, mlKemSeedLength, type MlKem } from '../key-exchange.ts';
import { importSpki } from './public-key.ts';

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
  const kem = functions === undefined ? noble.mlKem().nobleMlKem[parameterSet] : kemOf(functions, parameterSet);
  kems.set(parameterSet, kem);
  return kem;
}

const kems = new Map<MlKem, Kem>();

/** Finds Node's functions and tries a key: they may stand over a libcrypto without ML-KEM (OpenSSL before 3.5, or another library). */
function nodeFunctions(parameterSet: MlKem): KemFunctions | undefined {
  const { encapsulate, decapsulate } = crypto as unknown as Partial<KemFunctions>;
  if (encapsulate === undefined || decapsulate === undefined) return undefined;
  try {
    privateKeyOf(parameterSet, new Uint8Array(mlKemSeedLength));
    return { encapsulate, decapsulate };
  } catch {
    return undefined;
  }
}

function kemOf({ encapsulate, decapsulate }: KemFunctions, parameterSet: MlKem): Kem {
  const { publicKeyLength, ciphertextLength } = mlKems[parameterSet];
  return {
    generate(given) {
      const seed = given ?? crypto.randomBytes(mlKemSeedLength);
      const privateKey = privateKeyOf(parameterSet, seed);
      if (given === undefined) seed.fill(0);
      const encoded = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
      return {
        publicKey: encoded.subarray(encoded.length - publicKeyLength),
        decapsulate(ciphertext) {
          if (ciphertext.length !== ciphertextLength)
            throw badShare(`ML-KEM: expected ${ciphertextLength} bytes, got ${ciphertext.length}`);
          return orBadShare('ciphertext', () => decapsulate(privateKey, ciphertext));
        },
      };
    },
    encapsulate(publicKey, message) {
      if (message !== undefined) return noble.mlKem().nobleMlKem[parameterSet].encapsulate(publicKey, message);
      if (publicKey.length !== publicKeyLength)
        throw badShare(`ML-KEM: expected ${publicKeyLength} bytes, got ${publicKey.length}`);
      // OpenSSL checks that the coefficients of the key are below the modulus (FIPS 203 §7.2) when it imports it.
      return orBadShare('encapsulation key', () => {
        const der = Buffer.concat([spkiHeader(parameterSet), publicKey]);
        const { sharedKey, ciphertext } = encapsulate(importSpki(der));
        return { ciphertext, sharedSecret: sharedKey };
      });
    },
  };
}

/**
 * Imports a seed as a private key. Keys are generated this way, since an export of a generated KeyObject can hang some versions of Node.
 */
function privateKeyOf(parameterSet: MlKem, seed: Uint8Array): KeyObject {
  if (seed.length !== mlKemSeedLength)
    throw new RangeError(`seed: expected ${mlKemSeedLength} bytes, got ${seed.length}`);
  const der = Buffer.concat([pkcs8Header(parameterSet), seed]);
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

/** Makes the DER of a PrivateKeyInfo in the seed form, up to the seed (RFC 9935 §6). */
function pkcs8Header(parameterSet: MlKem): Uint8Array {
  return Buffer.from(`305402010030${identifierOf(parameterSet)}04428040`, 'hex');
}

/** Makes the DER of a SubjectPublicKeyInfo up to the key (RFC 9935 §4). Every key is so long that its lengths take two octets. */
function spkiHeader(parameterSet: MlKem): Uint8Array {
  const identifier = identifierOf(parameterSet);
  const bits = mlKems[parameterSet].publicKeyLength + 1;
  const length = 1 + identifier.length / 2 + 4 + bits;
  return Buffer.from(`3082${uint16(length)}30${identifier}0382${uint16(bits)}00`, 'hex');
}

/** Gives what follows the tag of an AlgorithmIdentifier, in hexadecimal digits: its length and the object identifier (RFC 9935 §3). */
function identifierOf(parameterSet: MlKem): string {
  return `0b060960864801650304040${mlKems[parameterSet].identifier}`;
}

function uint16(value: number): string {
  return value.toString(16).padStart(4, '0');
}
