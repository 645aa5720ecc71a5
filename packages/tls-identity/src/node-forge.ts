import { fault } from './identity-fault.ts';

/** The names that node-forge has for the block ciphers of the past. */
export type OldCipher = '3DES-CBC' | 'DES-CBC' | 'RC2-CBC';

/** The part of node-forge that is used. Its byte strings are strings with one character for each byte. */
interface Forge {
  readonly cipher: { createDecipher(name: string, key: string): Decipher<{ iv: string }> };
  readonly rc2: { createDecryptionCipher(key: string, bits: number): Decipher<string> };
  readonly pbe: {
    generatePkcs12Key(passphrase: string, salt: Buffer, id: number, iterations: number, length: number): Buffer;
  };
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
async function loadForge(): Promise<Forge> {
  try {
    const { default: forge } = (await import('node-forge')) as { readonly default: unknown };
    return forge as Forge;
  } catch (cause) {
    throw fault(
      'it is encrypted in a way of the past (DES, 3DES or RC2); add node-forge to your dependencies, or encrypt it anew: ' +
        '`openssl pkcs12 -legacy -in old.p12 -nodes | openssl pkcs12 -export -out new.p12`, `openssl pkey -in old.pem -aes256 -out new.pem`',
      cause,
    );
  }
}

/**
 * Decrypts with a cipher that neither WebCrypto nor noble has.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` without node-forge, and on wrong padding, as after a wrong passphrase
 */
export async function decryptOld(
  cipher: OldCipher,
  key: Uint8Array,
  iv: Uint8Array,
  encrypted: Uint8Array,
): Promise<Uint8Array> {
  const forge = await loadForge();
  const { encode, decode } = forge.util.binary.raw;
  const decipher = started(forge, cipher, encode(key), encode(iv));
  decipher.update(forge.util.createBuffer(encode(encrypted)));
  if (!decipher.finish()) throw fault('the passphrase is wrong, or the file is damaged');
  return decode(decipher.output.getBytes());
}

function started(forge: Forge, cipher: OldCipher, key: string, iv: string): Decipher<unknown> {
  if (cipher === 'RC2-CBC') {
    const decipher = forge.rc2.createDecryptionCipher(key, 8 * key.length);
    decipher.start(iv);
    return decipher;
  }
  const decipher = forge.cipher.createDecipher(cipher, key);
  decipher.start({ iv });
  return decipher;
}

/**
 * Derives a key as PKCS#12 does with SHA-1 (RFC 7292 §B.2).
 * @param id 1 for a key, 2 for an initialization vector (RFC 7292 §B.3)
 */
export async function derivePkcs12(
  passphrase: string,
  salt: Uint8Array,
  id: 1 | 2,
  iterations: number,
  length: number,
): Promise<Uint8Array> {
  const { pbe, util } = await loadForge();
  const { encode, decode } = util.binary.raw;
  return decode(pbe.generatePkcs12Key(passphrase, util.createBuffer(encode(salt)), id, iterations, length).getBytes());
}
