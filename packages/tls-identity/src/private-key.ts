import type { Signer } from '@org/tls-core';
import { privateKeyInPem, propertyOf, type PemBlock } from '@org/tls-core/backend';
import { Sequence } from 'asn1js';
import { readBer } from './ber.ts';
import { openCryptoKey, type CryptoKeyLike } from './crypto-key.ts';
import { fault, typed } from './identity-fault.ts';
import { pkcs8OfJwk, type Jwk } from './jwk.ts';
import { Passphrase, type PassphraseSource } from './passphrase.ts';
import { decryptPemBlock } from './pem-encryption.ts';
import { decryptPkcs8 } from './pkcs12.ts';

/**
 * A private key in any of its forms: PEM, or the text of a JWK; the bytes of a file with either of them; DER of PKCS#8 (encrypted or not),
 * SEC1 or PKCS#1; a JWK; node's `KeyObject`; a `CryptoKey`, extractable or not; or an object that signs elsewhere.
 */
export type PrivateKeySource = string | Uint8Array | Jwk | KeyObjectLike | CryptoKeyLike | Signer;

/** The part of node's `KeyObject` that is used. */
export interface KeyObjectLike {
  readonly type: string;
  export(options: { readonly format: 'der'; readonly type: 'pkcs8' }): Uint8Array;
}

/** A private key as an `Identity` holds it. */
export type OpenedKey =
  | { readonly privateKey: Uint8Array; readonly signer?: never }
  | { readonly signer: Signer; readonly privateKey?: never };

/**
 * Opens a private key, e.g. one that goes with a raw public key.
 * @param passphrase for encrypted keys; it is ignored for others
 * @returns PKCS#8, SEC1 or PKCS#1 in DER, or a signer
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when it is in none of these forms, not supported, or the passphrase is wrong
 */
export async function readPrivateKey(source: PrivateKeySource, passphrase?: PassphraseSource): Promise<OpenedKey> {
  return openKey(textOrSelf(source), new Passphrase(passphrase));
}

/** @param source a source as `textOrSelf` gives it */
export async function openKey(source: PrivateKeySource, passphrase: Passphrase): Promise<OpenedKey> {
  if (typeof source === 'string') return { privateKey: await openPem(privateKeyInPem(source, true), passphrase) };
  if (source instanceof Uint8Array) return { privateKey: await openDer(source, passphrase) };
  if (typeof source !== 'object' || source === null) throw fault(`expected a private key, got ${typeof source}`);
  if (isOf<Signer>(source, 'signatureSchemes')) return { signer: source };
  if (isOf<Jwk>(source, 'kty')) return { privateKey: await pkcs8OfJwk(source) };
  if (isOf<CryptoKeyLike>(source, 'usages')) return opened(await openCryptoKey(source));
  if (isOf<KeyObjectLike>(source, 'export')) return { privateKey: await exportKeyObject(source) };
  throw fault(
    propertyOf(source, 'keys') !== undefined
      ? 'expected one JWK, got a set of them'
      : 'expected a private key: PEM, DER, JWK, KeyObject, CryptoKey or a signer',
  );
}

/** Tells whether an object has a form, by a property that the object or its class has, and that not every object has. */
function isOf<Form extends object>(source: object, property: keyof Form & string): source is Form {
  return propertyOf(source, property) !== undefined;
}

/**
 * Gives the text where bytes hold text, and the JWK where text holds one; anything else it gives back.
 * @throws TlsError `ERR_TLS_IDENTITY` when bytes are neither DER nor text, or when JSON is malformed
 */
export function textOrSelf(source: PrivateKeySource): PrivateKeySource {
  const text = source instanceof Uint8Array && source[0] !== derSequence ? decodeText(source) : source;
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text) as Jwk;
  } catch {
    // The parser's error would quote the key, so that it is not the cause of ours.
    throw fault('it begins as JSON and is none');
  }
}

const derSequence = 0x30;

/** @throws TlsError `ERR_TLS_IDENTITY` when the bytes are not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fault('expected DER, or text in UTF-8');
  }
}

async function openPem({ label, der, dekInfo }: PemBlock, passphrase: Passphrase): Promise<Uint8Array> {
  if (dekInfo !== undefined) return decryptPemBlock(der, dekInfo, await passphrase.get(`the ${label}`));
  return openDer(der, passphrase);
}

/** Opens a key in DER. An EncryptedPrivateKeyInfo begins with a SEQUENCE, all other forms with an INTEGER. */
async function openDer(der: Uint8Array, passphrase: Passphrase): Promise<Uint8Array> {
  const block = await readBer(der, 'the private key');
  const [first] = block instanceof Sequence ? block.valueBlock.value : [];
  if (!(first instanceof Sequence)) return Uint8Array.from(der);
  return decryptPkcs8(block, await passphrase.get('the private key'));
}

async function exportKeyObject(key: KeyObjectLike): Promise<Uint8Array> {
  if (key.type !== 'private') throw fault(`expected a private KeyObject, got a ${key.type} one`);
  return typed('the KeyObject cannot be exported', () => Uint8Array.from(key.export({ format: 'der', type: 'pkcs8' })));
}

function opened(key: Uint8Array | Signer): OpenedKey {
  return key instanceof Uint8Array ? { privateKey: key } : { signer: key };
}
