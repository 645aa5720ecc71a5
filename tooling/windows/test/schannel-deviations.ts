import type { ProtocolVersion } from '@org/tls-core';

type Deviations = Readonly<Record<ProtocolVersion, Readonly<Record<string, string>>>>;

interface Deviation {
  readonly reason: string;
  /** The kit's cases, by their ids. */
  readonly cases: string;
  /** Where it is so over one of the versions alone. */
  readonly only?: ProtocolVersion;
}

const asClient: readonly Deviation[] = [
  {
    reason: 'which algorithms and names are offered is the system’s policy: the option is refused',
    only: 'TLSv1.3',
    cases: 'handshake/cipher-suites handshake/hello-retry-request key-share/retry-each key-share/cookie',
  },
  {
    reason: 'which algorithms and names are offered is the system’s policy: the option is refused',
    cases: `
      handshake/groups handshake/certificate-ecdsa-p256 handshake/certificate-ecdsa-p384
      handshake/certificate-ecdsa-p521 handshake/certificate-rsa-2048 handshake/identity-by-scheme
      handshake/no-common-suite signer/several signer/none-accepted tls-1.2/cipher-suites tls-1.2/groups
      tls-1.2/certificate-ecdsa-p384-ecdsa_secp384r1_sha384
      tls-1.2/certificate-ecdsa-p521-ecdsa_secp521r1_sha512 tls-1.2/certificate-rsa-2048-rsa_pss_rsae_sha256
      tls-1.2/certificate-rsa-2048-rsa_pkcs1_sha256`,
  },
  {
    reason: 'GnuTLS takes no protocol name that is so long',
    cases: 'alpn/bytes',
  },
  {
    reason: 'Wine’s CryptoAPI finds another fault in the same chain',
    cases: `
      certificate-matrix/no-basic-constraints certificate-matrix/version-1-ca certificate-matrix/no-cert-sign
      certificate-matrix/weak-hash`,
  },
  {
    reason: 'Wine’s CryptoAPI counts certificates that are self-issued',
    cases: 'certificate-matrix/path-length-self-issued',
  },
  {
    reason: 'Wine’s CryptoAPI does not look at it',
    only: 'TLSv1.3',
    cases: 'certificate-matrix/duplicate-extension',
  },
  {
    reason: 'Wine’s CryptoAPI does not look at it',
    cases: 'certificate-matrix/eku-ca-client certificate-matrix/eku-root-client certificate-matrix/weak-key',
  },
  {
    reason: 'GnuTLS refuses it before we are shown it, and Wine says only that something failed',
    only: 'TLSv1.2',
    cases: 'certificate-matrix/duplicate-extension certificate-matrix/algorithms-differ',
  },
  {
    reason: 'GnuTLS refuses it before we are shown it, and Wine says only that something failed',
    cases: 'certificate-matrix/ku-sign-only-certs certificate-matrix/ku-encipher signer/wrong-signature',
  },
  {
    reason: 'Wine does not tell which alert came, or how a record was broken',
    cases: 'record/bad-mac client-authentication/required-1.3',
  },
  {
    reason: 'Wine’s ClientHello of TLS 1.2 has no supported_versions',
    only: 'TLSv1.2',
    cases: 'hook/select-identity-at-once hook/select-identity-later',
  },
  {
    reason: 'Wine asks nobody for a certificate in the middle of a handshake, and the client’s has none at its start',
    only: 'TLSv1.2',
    cases: 'signer/chosen',
  },
  {
    reason: 'Wine asks nobody for a certificate in the middle of a handshake, and the client’s has none at its start',
    cases: `
      client-authentication/provided-1.2 client-authentication/untrusted-1.2
      client-authentication/wrong-purpose-1.2 client-authentication/expired-1.2
      client-authentication/accept-any-1.2 client-authentication/verify-peer-1.2
      client-authentication/by-scheme-1.2 client-authentication/by-issuer-1.2
      client-authentication/select-identity-1.2 client-authentication/chain-1.2
      hook/client-select-identity-at-once hook/client-select-identity-fails-at-once
      hook/client-select-identity-later hook/client-select-identity-fails-later revocation/client-revoked
      client-authentication/provided-1.3 client-authentication/nothing-to-show-1.3
      client-authentication/untrusted-1.3 client-authentication/wrong-purpose-1.3
      client-authentication/expired-1.3 client-authentication/accept-any-1.3
      client-authentication/verify-peer-1.3 client-authentication/by-scheme-1.3
      client-authentication/by-issuer-1.3 client-authentication/select-identity-1.3
      client-authentication/chain-1.3`,
  },
  {
    reason: 'SChannel signs by itself, with a scheme of its choice: it takes no signer, and no schemes of an identity',
    only: 'TLSv1.2',
    cases: `
      signer/ecdsa_secp256r1_sha256 signer/ecdsa_secp384r1_sha384 signer/ecdsa_secp521r1_sha512
      signer/rsa_pss_rsae_sha256 signer/rsa_pkcs1_sha256 signer/rsa_pss_rsae_sha384 signer/rsa_pkcs1_sha384
      signer/rsa_pss_rsae_sha512 signer/rsa_pkcs1_sha512 identity/only-ecdsa_secp256r1_sha256
      identity/only-ecdsa_secp384r1_sha384 identity/only-ecdsa_secp521r1_sha512
      identity/only-rsa_pss_rsae_sha256 identity/only-rsa_pkcs1_sha256 identity/only-rsa_pss_rsae_sha384
      identity/only-rsa_pkcs1_sha384 identity/only-rsa_pss_rsae_sha512 identity/only-rsa_pkcs1_sha512
      signer/order`,
  },
  {
    reason: 'SChannel signs by itself, with a scheme of its choice: it takes no signer, and no schemes of an identity',
    cases: `
      hook/client-signer-at-once hook/client-signer-fails-at-once hook/client-signer-later
      hook/client-signer-fails-later`,
  },
  {
    reason: 'TLS 1.3 encrypts signatures, and SChannel does not tell their schemes',
    only: 'TLSv1.3',
    cases: `
      signer/ecdsa_secp256r1_sha256 signer/ecdsa_secp384r1_sha384 signer/ecdsa_secp521r1_sha512
      signer/rsa_pss_rsae_sha256 signer/rsa_pss_rsae_sha384 signer/rsa_pss_rsae_sha512
      identity/only-ecdsa_secp256r1_sha256 identity/only-ecdsa_secp384r1_sha384
      identity/only-ecdsa_secp521r1_sha512 identity/only-rsa_pss_rsae_sha256 identity/only-rsa_pss_rsae_sha384
      identity/only-rsa_pss_rsae_sha512 signer/order signer/chosen`,
  },
];

const asServer: readonly Deviation[] = [
  {
    reason: 'which algorithms and names are offered is the system’s policy: the option is refused',
    only: 'TLSv1.3',
    cases: 'handshake/hello-retry-request key-share/chosen key-share/retry-each key-share/plain',
  },
  {
    reason: 'which algorithms and names are offered is the system’s policy: the option is refused',
    cases: `
      handshake/groups handshake/no-common-suite client-authentication/by-scheme-1.2
      client-authentication/by-issuer-1.2 client-authentication/select-identity-1.2
      tls-1.2/server-cipher-suites tls-1.2/groups client-authentication/by-scheme-1.3
      client-authentication/by-issuer-1.3 client-authentication/select-identity-1.3`,
  },
  {
    reason: 'Wine signs with RSA alone, and this certificate is for ECDSA',
    cases: `
      handshake/certificate-ecdsa-p256 handshake/certificate-ecdsa-p384 handshake/certificate-ecdsa-p521
      certificate/wrong-host certificate/common-name certificate/wildcard-two-labels
      certificate/wildcard-no-label certificate/expired certificate/not-yet-valid certificate/wrong-purpose
      certificate/untrusted certificate/self-signed certificate/missing-intermediate certificate/intermediate
      certificate/wildcard certificate/exact-trust certificate/trust-union certificate/accept-any
      certificate-matrix/two-intermediates certificate-matrix/any-order certificate-matrix/surplus
      certificate-matrix/twice certificate-matrix/with-root certificate-matrix/gap
      certificate-matrix/cross-signed certificate-matrix/expired-twin certificate-matrix/stranger
      certificate-matrix/namesake certificate-matrix/loop certificate-matrix/signature-leaf
      certificate-matrix/signature-ca certificate-matrix/expired-ca certificate-matrix/future-ca
      certificate-matrix/expired-root certificate-matrix/no-basic-constraints certificate-matrix/not-a-ca
      certificate-matrix/leaf-as-issuer certificate-matrix/version-1-ca certificate-matrix/no-cert-sign
      certificate-matrix/no-key-usage certificate-matrix/path-length certificate-matrix/path-length-exceeded
      certificate-matrix/path-length-of-two certificate-matrix/path-length-self-issued
      certificate-matrix/path-length-of-root certificate-matrix/no-eku certificate-matrix/eku-both
      certificate-matrix/eku-client certificate-matrix/eku-any certificate-matrix/eku-ca
      certificate-matrix/eku-ca-client certificate-matrix/eku-root-client certificate-matrix/ku-none
      certificate-matrix/ku-sign-only-certs certificate-matrix/ku-encipher certificate-matrix/ca-as-leaf
      certificate-matrix/unknown-extension certificate-matrix/critical-leaf certificate-matrix/critical-ca
      certificate-matrix/duplicate-extension certificate-matrix/algorithms-differ certificate-matrix/weak-key
      certificate-matrix/name-case certificate-matrix/name-second certificate-matrix/name-parent
      certificate-matrix/name-a-label certificate-matrix/name-wildcard-partial
      certificate-matrix/name-wildcard-middle certificate-matrix/name-wildcard-twice
      certificate-matrix/name-wildcard-top certificate-matrix/name-wildcard-alone certificate-matrix/name-ipv6
      certificate-matrix/name-ip-other certificate-matrix/name-ip-as-dns certificate-matrix/name-dns-as-mail
      certificate-matrix/name-empty-subject certificate-matrix/constraint-permitted
      certificate-matrix/constraint-not-permitted certificate-matrix/constraint-label
      certificate-matrix/constraint-second-name certificate-matrix/constraint-excluded
      certificate-matrix/constraint-not-excluded certificate-matrix/constraint-excluded-within
      certificate-matrix/constraint-wildcard certificate-matrix/constraint-ip
      certificate-matrix/constraint-ip-not-permitted certificate-matrix/constraint-ip-excluded
      certificate-matrix/constraint-other-form certificate-matrix/constraint-directory
      certificate-matrix/constraint-directory-excluded certificate-matrix/constraint-of-root
      certificate-matrix/constraint-two-levels certificate-options/profile certificate-options/must-staple
      certificate-options/trust-anchor hook/select-identity-at-once hook/select-identity-later
      option/unsupported option/identity-ocspResponse option/identity-forms select-context/chosen
      signer/chosen tls-1.2/cipher-suites tls-1.2/certificate-ecdsa-p384-ecdsa_secp384r1_sha384
      tls-1.2/certificate-ecdsa-p521-ecdsa_secp521r1_sha512 revocation/server-revoked revocation/server-good
      revocation/out-of-date pins/accepted`,
  },
  {
    reason: 'GnuTLS takes no protocol name that is so long',
    cases: 'alpn/bytes',
  },
  {
    reason: 'Wine does not tell which alert came, or how a record was broken',
    only: 'TLSv1.3',
    cases: 'certificate/wrong-address hook/verify-peer-rejects-at-once hook/verify-peer-rejects-later pins/refused',
  },
  {
    reason: 'Wine does not tell which alert came, or how a record was broken',
    cases: 'record/bad-mac',
  },
  {
    reason: 'SChannel signs by itself, with a scheme of its choice: it takes no signer, and no schemes of an identity',
    only: 'TLSv1.2',
    cases: `
      signer/rsa_pkcs1_sha256 signer/rsa_pkcs1_sha384 signer/rsa_pkcs1_sha512 identity/only-rsa_pkcs1_sha256
      identity/only-rsa_pkcs1_sha384 identity/only-rsa_pkcs1_sha512`,
  },
  {
    reason: 'SChannel signs by itself, with a scheme of its choice: it takes no signer, and no schemes of an identity',
    cases: `
      option/identity hook/signer-at-once hook/signer-fails-at-once hook/signer-later hook/signer-fails-later
      signer/ecdsa_secp256r1_sha256 signer/ecdsa_secp384r1_sha384 signer/ecdsa_secp521r1_sha512
      signer/rsa_pss_rsae_sha256 signer/rsa_pss_rsae_sha384 signer/rsa_pss_rsae_sha512
      identity/only-ecdsa_secp256r1_sha256 identity/only-ecdsa_secp384r1_sha384
      identity/only-ecdsa_secp521r1_sha512 identity/only-rsa_pss_rsae_sha256 identity/only-rsa_pss_rsae_sha384
      identity/only-rsa_pss_rsae_sha512 signer/order signer/several signer/none-accepted
      signer/wrong-signature`,
  },
  {
    reason: 'Wine’s servers ask for no certificate',
    cases: `
      client-authentication/provided-1.2 client-authentication/nothing-to-show-1.2
      client-authentication/untrusted-1.2 client-authentication/wrong-purpose-1.2
      client-authentication/expired-1.2 client-authentication/accept-any-1.2
      client-authentication/verify-peer-1.2 client-authentication/chain-1.2 hook/client-signer-at-once
      hook/client-signer-fails-at-once hook/client-signer-later hook/client-signer-fails-later
      hook/client-select-identity-at-once hook/client-select-identity-fails-at-once
      hook/client-select-identity-later hook/client-select-identity-fails-later
      client-authentication/provided-1.3 client-authentication/nothing-to-show-1.3
      client-authentication/required-1.3 client-authentication/untrusted-1.3
      client-authentication/wrong-purpose-1.3 client-authentication/expired-1.3
      client-authentication/accept-any-1.3 client-authentication/verify-peer-1.3
      client-authentication/chain-1.3`,
  },
  {
    reason: 'TLS 1.3 encrypts signatures, and SChannel does not tell their schemes',
    only: 'TLSv1.3',
    cases: 'handshake/certificate-rsa-2048',
  },
];

function over(protocol: ProtocolVersion, deviations: readonly Deviation[]): Readonly<Record<string, string>> {
  const other = protocol === 'TLSv1.2' ? '1.3' : '1.2';
  const those = deviations.filter(({ only = protocol }) => only === protocol);
  return Object.fromEntries(
    those.flatMap(({ cases, reason }) => {
      // a case that has a version in its id is of that one
      const ids = cases
        .trim()
        .split(/\s+/)
        .filter((id) => !id.includes(other));
      return ids.map((id) => [id, reason]);
    }),
  );
}

/** What SChannel under Wine does otherwise as a client, and why; each must still fail. */
export const clientDeviations: Deviations = {
  'TLSv1.2': over('TLSv1.2', asClient),
  'TLSv1.3': over('TLSv1.3', asClient),
};

/** As a server. */
export const serverDeviations: Deviations = {
  'TLSv1.2': over('TLSv1.2', asServer),
  'TLSv1.3': over('TLSv1.3', asServer),
};
