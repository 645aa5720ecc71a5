import type { CryptoKeyLike, Jwk, KeyObjectLike, PassphraseSource, PrivateKeySource, Signer } from '@org/tls-core';
import { privateKeyInPem, propertyOf, textIn, type PemBlock } from '@org/tls-core/backend';
import { DerReader, DerTag } from '@org/tls-crypto/der';
import { parsePrivateKey } from '@org/tls-crypto/keys';
import { checkLength, derOf } from './ber.ts';
import { openCryptoKey } from './crypto-key.ts';
import { Effort } from './effort.ts';
import { fault, typed } from './identity-fault.ts';
import { pkcs8OfJwk } from './jwk.ts';
import { Passphrase } from './passphrase.ts';
import { unseal } from './password-encryption.ts';
import { decryptPemBlock } from './pem-encryption.ts';
import { readEncryptedPrivateKey } from './pkcs12.ts';

/** A private key as an `Identity` holds it. */
export type OpenedKey =
  | { readonly privateKey: Uint8Array; readonly signer?: never }
  | { readonly signer: Signer; readonly privateKey?: never };

/** What opens a key that is encrypted. */
export interface Unlocking {
  readonly passphrase: Passphrase;
  readonly effort: Effort;
}

/**
 * Opens a private key, e.g. one that goes with a raw public key.
 * @param passphrase for encrypted keys; it is ignored for others
 * @param options `maxIterations`, how many iterations of key derivation an encrypted key may ask for; default: 5,000,000
 * @returns PKCS#8, SEC1 or PKCS#1 in DER, or a signer
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when it is in none of these forms, not supported, or the passphrase is wrong
 */
export async function readPrivateKey(
  source: PrivateKeySource,
  passphrase?: PassphraseSource,
  options: { readonly maxIterations?: number | undefined } = {},
): Promise<OpenedKey> {
  const unlocking = { passphrase: new Passphrase(passphrase), effort: new Effort(options.maxIterations) };
  const key = await openKey(textOrSelf(source), unlocking);
  // It is read here, so that a key that cannot be used is refused before anybody uses it.
  if (key.privateKey !== undefined) parsePrivateKey(key.privateKey);
  return key;
}

/** @param source a source as `textOrSelf` gives it */
export async function openKey(source: PrivateKeySource, unlocking: Unlocking): Promise<OpenedKey> {
  if (typeof source === 'string') return { privateKey: await openPem(privateKeyInPem(source, true), unlocking) };
  if (source instanceof Uint8Array) return { privateKey: await openDer(source, unlocking) };
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
 * @throws TlsError `ERR_TLS_IDENTITY` when JSON is malformed, or it is too long
 */
export function textOrSelf(source: PrivateKeySource): PrivateKeySource {
  if (typeof source === 'string' || source instanceof Uint8Array) checkLength(source, 'the private key');
  const text = source instanceof Uint8Array && source[0] !== DerTag.sequence ? textIn(source) : source;
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text) as Jwk;
  } catch {
    // The parser's error would quote the key, so that it is not the cause of ours.
    throw fault('it begins as JSON and is none');
  }
}

async function openPem({ label, der, dekInfo }: PemBlock, unlocking: Unlocking): Promise<Uint8Array> {
  return dekInfo === undefined
    ? openDer(der, unlocking)
    : decryptPemBlock(der, { dekInfo, what: `the ${label}` }, unlocking.passphrase);
}

/** Opens a key in DER. An EncryptedPrivateKeyInfo begins with a SEQUENCE, all other forms with an INTEGER. */
async function openDer(bytes: Uint8Array, { passphrase, effort }: Unlocking): Promise<Uint8Array> {
  const what = 'the private key';
  const der = derOf(bytes, what);
  const reader = new DerReader(der, what, 'ERR_TLS_IDENTITY');
  if (reader.within(der).sequence().peek() !== DerTag.sequence) return Uint8Array.from(der);
  const sealed = readEncryptedPrivateKey(reader);
  const forms = await passphrase.forms(what);
  return derOf(await unseal(sealed, { forms, effort, refusal: () => passphrase.refusal(what) }), 'its PKCS#8');
}

async function exportKeyObject(key: KeyObjectLike): Promise<Uint8Array> {
  if (key.type !== 'private') throw fault(`expected a private KeyObject, got a ${key.type} one`);
  return typed('the KeyObject cannot be exported', () => Uint8Array.from(key.export({ format: 'der', type: 'pkcs8' })));
}

function opened(key: Uint8Array | Signer): OpenedKey {
  return key instanceof Uint8Array ? { privateKey: key } : { signer: key };
}
