import crypto, { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { badShare, type Kem } from '../kem.ts';
import { nobleMlKem } from '../noble/ml-kem.ts';

type ParameterSet = keyof typeof nobleMlKem;

/** What Node has from 24.7 on, and no types know yet. */
interface KemFunctions {
  encapsulate(publicKey: KeyObject): { readonly sharedKey: Uint8Array; readonly ciphertext: Uint8Array };
  decapsulate(privateKey: KeyObject, ciphertext: Uint8Array): Uint8Array;
}

/** ML-KEM (FIPS 203) by node:crypto where that has it, else by noble. Only noble takes randomness from outside. */
export function nodeMlKem(parameterSet: ParameterSet): Kem {
  const functions = nodeFunctions();
  return functions === undefined ? nobleMlKem[parameterSet] : kemOf(functions, parameterSet);
}

function nodeFunctions(): KemFunctions | undefined {
  const { encapsulate, decapsulate } = crypto as unknown as Partial<KemFunctions>;
  return encapsulate === undefined || decapsulate === undefined ? undefined : { encapsulate, decapsulate };
}

const seedLength = 64;
/** Up to the seed of a PrivateKeyInfo in the seed form, and up to the key of a SubjectPublicKeyInfo (RFC 9935 §6, §4). */
const headers: Readonly<
  Record<ParameterSet, { readonly pkcs8: string; readonly spki: string; readonly length: number }>
> = {
  'ml-kem-768': {
    pkcs8: '3054020100300b06096086480165030404020442' + '8040',
    spki: '308204b2300b0609608648016503040402038204a100',
    length: 1184,
  },
  'ml-kem-1024': {
    pkcs8: '3054020100300b06096086480165030404030442' + '8040',
    spki: '30820632300b06096086480165030404030382062100',
    length: 1568,
  },
};

function kemOf({ encapsulate, decapsulate }: KemFunctions, parameterSet: ParameterSet): Kem {
  const { pkcs8, spki, length } = headers[parameterSet];
  const noble = nobleMlKem[parameterSet];
  return {
    generate(given) {
      const seed = given ?? crypto.randomBytes(seedLength);
      const der = Buffer.concat([Buffer.from(pkcs8, 'hex'), seed]);
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      der.fill(0);
      const encoded = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
      return {
        publicKey: encoded.subarray(encoded.length - length),
        decapsulate: (ciphertext) => orBadShare('ciphertext', () => decapsulate(privateKey, ciphertext)),
      };
    },
    encapsulate(publicKey, message) {
      if (message !== undefined) return noble.encapsulate(publicKey, message);
      if (publicKey.length !== length) throw badShare(`ML-KEM: expected ${length} bytes, got ${publicKey.length}`);
      return orBadShare('encapsulation key', () => {
        const der = Buffer.concat([Buffer.from(spki, 'hex'), publicKey]);
        const { sharedKey, ciphertext } = encapsulate(createPublicKey({ key: der, format: 'der', type: 'spki' }));
        return { ciphertext, sharedSecret: sharedKey };
      });
    },
  };
}

function orBadShare<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw badShare(`ML-KEM: the peer’s ${what} is none`, cause);
  }
}
