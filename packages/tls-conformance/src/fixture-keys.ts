import type { MaybePromise } from '@org/tls-core';
import { certificatesInPem } from '@org/tls-core/backend';
import { defaultCrypto, signatureSchemes } from '@org/tls-crypto';
import { parsePrivateKey } from '@org/tls-crypto/keys';
import { parseCertificate } from '@org/x509';
import { certificates, type FixtureName } from './fixtures.ts';

/**
 * Signs with the key of a certificate, by the default cryptography of where it runs. It signs at once, but for RSA outside of Node, Bun and
 * Deno.
 * @param scheme the IANA name of a signature scheme that fits the key
 */
export function signBy(name: FixtureName, scheme: string, input: Uint8Array): MaybePromise<Uint8Array> {
  const found = signatureSchemes.find((each) => each.name === scheme);
  if (found === undefined) throw new Error(`nobody signs with ${scheme}`);
  return defaultCrypto.importPrivateKey(parsePrivateKey(certificates[name].privateKeyPem)).sign(found.algorithm, input);
}

/** Gives a certificate's public key as SubjectPublicKeyInfo in DER. */
export function spkiOf(name: FixtureName): Uint8Array {
  const [certificate] = certificatesInPem(certificates[name].certificatePem, 'identity');
  if (certificate === undefined) throw new Error(`${name} has no certificate`);
  return parseCertificate(certificate).publicKey.spki;
}
