import type { Signer } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import { defaultCrypto, keyFitsScheme, keyFitsScheme12, signatureSchemes, type PublicKeyInfo } from '@org/tls-crypto';
import { parsePrivateKey } from '@org/tls-crypto/keys';
import type { Certificate } from '@org/x509';
import { fault } from './identity-fault.ts';
import type { OpenedKey } from './private-key.ts';

/**
 * Finds those of the certificates that were made for the key. To find out which key a signer has, it is asked to sign once.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when the key cannot be used; whatever the signer throws
 */
export async function certificatesOfKey(
  key: OpenedKey,
  certificates: readonly Certificate[],
): Promise<readonly Certificate[]> {
  const isOwn =
    key.signer === undefined ? await ownByKey(key.privateKey) : await ownBySignature(key.signer, certificates);
  const own = await Promise.all(certificates.map(async (certificate) => isOwn(certificate.publicKey)));
  return certificates.filter((_certificate, index) => own[index]);
}

type IsOwn = (publicKey: PublicKeyInfo) => boolean | Promise<boolean>;

async function ownByKey(privateKey: Uint8Array): Promise<IsOwn> {
  const spki = await defaultCrypto.importPrivateKey(parsePrivateKey(privateKey)).publicKeySpki;
  return (publicKey) => equalBytes(publicKey.spki, spki);
}

async function ownBySignature(signer: Signer, certificates: readonly Certificate[]): Promise<IsOwn> {
  const scheme = signer.signatureSchemes
    .flatMap((name) => signatureSchemes.filter((known) => known.name === name))
    .find((known) => certificates.some(({ publicKey }) => fits(publicKey, known)));
  if (scheme === undefined) {
    const names = signer.signatureSchemes.join(', ');
    throw fault(
      `the signer has no scheme for the key of any of the certificates; it has ${names === '' ? 'none' : names}`,
    );
  }
  const input = new TextEncoder().encode(probe);
  const signature = await signer.sign(scheme.name, input);
  return async (publicKey) =>
    fits(publicKey, scheme) &&
    (await defaultCrypto.importPublicKey(publicKey).verify(scheme.algorithm, input, signature));
}

/** Tells whether the key can use the scheme in some version of TLS. */
export function fits(publicKey: PublicKeyInfo, scheme: (typeof signatureSchemes)[number]): boolean {
  return keyFitsScheme(publicKey, scheme) || keyFitsScheme12(publicKey, scheme);
}

/**
 * What a signer signs to show its key. Its layout is that of RFC 8446 §4.4.3, so that it can be taken for nothing else that a
 * protocol signs.
 */
const probe = `${' '.repeat(64)}@org/tls-identity, does this key belong to its certificate\0`;
