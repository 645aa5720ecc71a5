import { certificatesInPem, privateKeyInPem, TlsError, type Identity } from '@org/tls-core';
import type { Addon, CredentialFacts, CredentialHandle } from './addon.ts';
import { made } from './faults.ts';

/** An identity, loaded by the library. */
export interface Credential extends CredentialFacts {
  readonly handle: CredentialHandle;
  readonly identity: Identity;
}

/** What a peer says of the identity it wants. */
export interface Wanted {
  readonly signatureSchemes: readonly number[];
  readonly certificateAuthorities: readonly Uint8Array[];
}

/**
 * Loads an identity.
 * @throws TlsError `ERR_TLS_IDENTITY` when it cannot be used, `ERR_TLS_UNSUPPORTED` on fields that this backend does not have
 */
export function loadCredential(addon: Addon, identity: Identity): Credential {
  for (const field of unsupportedFields) {
    if (identity[field] === undefined) continue;
    throw new TlsError('ERR_TLS_UNSUPPORTED', `the native backend has no \`${field}\` yet; @org/tls-pure has`, {
      option: 'identity',
    });
  }
  const { certificateChain = [], privateKey = '' } = identity;
  const chain =
    typeof certificateChain === 'string' ? certificatesInPem(certificateChain, 'identity') : certificateChain;
  if (chain.length === 0)
    throw new TlsError('ERR_TLS_IDENTITY', 'there is no certificate in the chain', { option: 'identity' });
  const key = typeof privateKey === 'string' ? privateKeyInPem(privateKey).der : privateKey;
  const handle = made(addon.createCredential(chain, key));
  return { handle, identity, ...addon.describeCredential(handle) };
}

const unsupportedFields = ['signer', 'rawPublicKey', 'signatureSchemes', 'signedCertificateTimestamps'] as const;

/** The first that can sign with a scheme the peer accepts, and whose issuer it names where that matters (RFC 8446 §4.2.4). */
export function chooseCredential(list: readonly Credential[], wanted: Wanted): Credential | undefined {
  return list.find(
    ({ signatureSchemes, identity, issuers }) =>
      signatureSchemes.some((scheme) => wanted.signatureSchemes.includes(scheme)) &&
      (identity.mustMatchIssuer !== true || issuers.some((name) => isAmong(name, wanted.certificateAuthorities))),
  );
}

function isAmong(name: Uint8Array, names: readonly Uint8Array[]): boolean {
  return names.some((each) => Buffer.compare(each, name) === 0);
}
