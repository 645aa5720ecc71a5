import type { CipherInput } from './cipher-input.ts';
import { fault } from './identity-fault.ts';
import { Turns } from './turns.ts';

/** The part of node-forge that is used. Its byte strings are strings with one character for each byte. */
interface Forge {
  readonly cipher: { createDecipher(name: string, key: string): Decipher<{ iv: string }> };
  readonly rc2: { createDecryptionCipher(key: string, bits: number): Decipher<string> };
  readonly util: {
    createBuffer(bytes: string): Buffer;
    readonly binary: {
      readonly raw: { readonly encode: (bytes: Uint8Array) => string; readonly decode: (text: string) => Uint8Array };
    };
  };
}

interface Buffer {
  getBytes(): string;
}

interface Decipher<Start> {
  start(how: Start): void;
  update(input: Buffer): void;
  finish(): boolean;
  readonly output: Buffer;
}

/** Loads node-forge, which only those install who need the old ciphers. */
async function loadForge(cipher: string): Promise<Forge> {
  try {
    const { default: forge } = (await import('node-forge')) as { readonly default: unknown };
    return forge as Forge;
  } catch (cause) {
    throw fault(
      `it is encrypted with ${cipher}, a cipher of the past; add node-forge to your dependencies, or encrypt it anew: ` +
        '`openssl pkcs12 -legacy -in old.p12 -nodes | openssl pkcs12 -export -out new.p12`, `openssl pkey -in old.pem -aes256 -out new.pem`',
      cause,
    );
  }
}

/**
 * Gives decryption by a cipher that the platform does not have, in CBC mode with padding. It throws on wrong padding.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` without node-forge
 */
export async function forgeDecryption(cipher: '3DES' | 'RC2'): Promise<(input: CipherInput) => Promise<Uint8Array>> {
  const forge = await loadForge(cipher);
  const { encode, decode } = forge.util.binary.raw;
  return async ({ key, iv, encrypted }) => {
    const decipher = started(forge, cipher, encode(key), encode(iv));
    const turns = new Turns();
    for (let from = 0; from < encrypted.length; from += stride) {
      decipher.update(forge.util.createBuffer(encode(encrypted.subarray(from, from + stride))));
      // oxlint-disable-next-line no-await-in-loop
      await turns.share();
    }
    if (!decipher.finish()) throw fault('the padding is wrong');
    return decode(decipher.output.getBytes());
  };
}

/** How many bytes are decrypted before the time is looked at. They take some milliseconds. */
const stride = 2048;

function started(forge: Forge, cipher: '3DES' | 'RC2', key: string, iv: string): Decipher<unknown> {
  if (cipher === 'RC2') {
    const decipher = forge.rc2.createDecryptionCipher(key, 8 * key.length);
    decipher.start(iv);
    return decipher;
  }
  const decipher = forge.cipher.createDecipher('3DES-CBC', key);
  decipher.start({ iv });
  return decipher;
}
