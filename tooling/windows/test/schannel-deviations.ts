import { cases } from '@org/tls-conformance';
import { nodeCases } from '@org/tls-conformance/node';
import type { ProtocolVersion } from '@org/tls-core';

type Deviations = Readonly<Record<ProtocolVersion, Readonly<Record<string, string>>>>;

/** Cases of the kit by their ids, in which `*` stands for anything: those where it is so over either version, and over one alone. */
interface Deviation extends Partial<Readonly<Record<ProtocolVersion, string>>> {
  readonly reason: string;
  readonly cases?: string;
}

const asClient: readonly Deviation[] = [
  {
    reason: 'which algorithms and names are offered is the system’s policy: the option is refused',
    cases: `
      handshake/groups handshake/certificate-ecdsa-p256 handshake/certificate-ecdsa-p384
      handshake/certificate-ecdsa-p521 handshake/certificate-rsa-2048 handshake/identity-by-scheme
      handshake/selected-identity-by-scheme handshake/no-common-suite signer/several signer/none-accepted tls-1.2/cipher-suites tls-1.2/groups
      tls-1.2/certificate-ecdsa-p384-ecdsa_secp384r1_sha384 tls-1.2/certificate-ecdsa-p521-ecdsa_secp521r1_sha512
      tls-1.2/certificate-rsa-2048-rsa_pss_rsae_sha256 tls-1.2/certificate-rsa-2048-rsa_pkcs1_sha256
      tls-1.3/curve-and-hash tls-1.2/server-ecdsa-* tls-1.2/curve-of-certificate`,
    'TLSv1.3': 'handshake/cipher-suites handshake/hello-retry-request key-share/retry-each key-share/cookie',
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
    reason: 'CryptoAPI has one word for an issuer that is no CA and for too many CAs below one',
    cases: `
      certificate-matrix/path-length-exceeded certificate-matrix/path-length-of-two
      certificate-matrix/path-length-of-root`,
  },
  {
    reason: 'Wine’s CryptoAPI takes no root of version 1, and no leaf that may sign certificates',
    cases: 'certificate-matrix/odd-root-version-1 certificate-matrix/odd-leaf-cert-sign',
  },
  {
    reason: 'Wine’s CryptoAPI does not know the extensions of policies',
    cases: `
      certificate-matrix/odd-policy-held certificate-matrix/odd-policy-missing
      certificate-matrix/odd-any-policy-inhibited`,
  },
  {
    reason: 'Wine’s CryptoAPI counts certificates that are self-issued',
    cases: 'certificate-matrix/path-length-self-issued',
  },
  {
    reason: 'Wine’s CryptoAPI does not look at it',
    cases: 'certificate-matrix/eku-ca-client certificate-matrix/eku-root-client certificate-matrix/weak-key',
    'TLSv1.3': 'certificate-matrix/duplicate-extension',
  },
  {
    reason: 'GnuTLS refuses it before we are shown it, and Wine says only that something failed',
    cases: `
      certificate-matrix/ku-sign-only-certs certificate-matrix/ku-encipher certificate-matrix/odd-empty-name
      signer/wrong-signature proven-chains/key-*
      misbehaving-server/without-supported-versions misbehaving-server/selected-version
      misbehaving-server/legacy-version misbehaving-server/cipher-suite misbehaving-server/compression-method
      misbehaving-server/server-hello-misplaced-extension misbehaving-server/server-hello-followed
      misbehaving-server/server-hello-extension-twice misbehaving-server/server-hello-trailing-byte
      misbehaving-server/server-hello-short misbehaving-server/key-share-* misbehaving-server/psk-unasked
      misbehaving-server/encrypted-misplaced-extension misbehaving-server/alpn-unasked
      misbehaving-server/encrypted-left-out misbehaving-server/certificate-*
      misbehaving-server/message-of-a-client misbehaving-server/scheme-* misbehaving-server/pkcs1-signature
      misbehaving-server/early-data-unasked misbehaving-server/signature misbehaving-server/finished
      misbehaving-server/finished-short misbehaving-server/finished-long misbehaving-server/downgrade-*
      misbehaving-server-1.2/extension-of-tls-1.3 misbehaving-server-1.2/renegotiation-info
      misbehaving-server-1.2/change-cipher-spec-first misbehaving-server-1.2/certificate-*
      misbehaving-server-1.2/key-exchange-left-out misbehaving-server-1.2/scheme-*
      misbehaving-server-1.2/signature misbehaving-server-1.2/key-changed misbehaving-server-1.2/finished
      misbehaving-server-1.2/finished-empty`,
    'TLSv1.2': 'certificate-matrix/duplicate-extension certificate-matrix/algorithms-differ',
  },
  {
    reason: 'Wine does not tell which alert came, or how a record was broken',
    cases: 'record/bad-mac mutated/behind-close-* client-authentication/required-1.3',
    'TLSv1.3': `
      hook-matrix/server-clock-throws hook-matrix/server-clock-rejects hook-matrix/server-clock-returns-error
      hook-matrix/server-clock-gives-garbage hook-matrix/server-clock-gives-promise
      hook-matrix/server-clock-fails-the-engine hook-matrix/server-signer.sign-throws
      hook-matrix/server-signer.sign-rejects hook-matrix/server-signer.sign-returns-error
      hook-matrix/server-signer.sign-gives-error hook-matrix/server-signer.sign-gives-garbage
      hook-matrix/server-signer.sign-gives-garbage-later hook-matrix/server-signer.sign-fails-the-engine`,
  },
  {
    reason: 'Wine’s ClientHello of TLS 1.2 has no supported_versions',
    'TLSv1.2': 'hook/select-identity-at-once hook/select-identity-later',
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
      client-authentication/expired-1.3 client-authentication/accept-any-1.3 client-authentication/verify-peer-1.3
      client-authentication/by-scheme-1.3 client-authentication/by-issuer-1.3
      client-authentication/select-identity-1.3 client-authentication/chain-1.3
      hook-matrix/client-selectIdentity-* hook-matrix/server-verifyPeer-* option/polluted-certificates
      tls-1.2/client-ecdsa-* client-authentication/select-identity-by-scheme-* proven-chains/clients record-run/pause-*
      hook-matrix/server-revocation.lists-sends`,
    'TLSv1.2': 'signer/chosen',
  },
  {
    reason: 'SChannel signs by itself, with a scheme of its choice: it takes no signer, and no schemes of an identity',
    cases: `
      hook/client-signer-at-once hook/client-signer-fails-at-once hook/client-signer-later
      hook/client-signer-fails-later hook-matrix/client-signer.sign-*`,
    'TLSv1.2': `
      signer/ecdsa_secp256r1_sha256 signer/ecdsa_secp384r1_sha384 signer/ecdsa_secp521r1_sha512
      signer/rsa_pss_rsae_sha256 signer/rsa_pkcs1_sha256 signer/rsa_pss_rsae_sha384 signer/rsa_pkcs1_sha384
      signer/rsa_pss_rsae_sha512 signer/rsa_pkcs1_sha512 identity/only-ecdsa_secp256r1_sha256
      identity/only-ecdsa_secp384r1_sha384 identity/only-ecdsa_secp521r1_sha512 identity/only-rsa_pss_rsae_sha256
      identity/only-rsa_pkcs1_sha256 identity/only-rsa_pss_rsae_sha384 identity/only-rsa_pkcs1_sha384
      identity/only-rsa_pss_rsae_sha512 identity/only-rsa_pkcs1_sha512 signer/order`,
  },
  {
    reason: 'TLS 1.3 encrypts signatures, and SChannel does not tell their schemes',
    'TLSv1.3': `
      signer/ecdsa_secp256r1_sha256 signer/ecdsa_secp384r1_sha384 signer/ecdsa_secp521r1_sha512
      signer/rsa_pss_rsae_sha256 signer/rsa_pss_rsae_sha384 signer/rsa_pss_rsae_sha512
      identity/only-ecdsa_secp256r1_sha256 identity/only-ecdsa_secp384r1_sha384
      identity/only-ecdsa_secp521r1_sha512 identity/only-rsa_pss_rsae_sha256 identity/only-rsa_pss_rsae_sha384
      identity/only-rsa_pss_rsae_sha512 signer/order signer/chosen`,
  },
  {
    reason: 'the case turns keyLog on, which SChannel does not have: the option is refused',
    cases: `
      inside/*-send inside/*-close inside/*-key-update inside/*-export inside/*-fail inside/*-destroy
      sink-throws/* inside/every-event option/polluted-plain`,
  },
  {
    reason: 'GnuTLS passes over it',
    cases: `
      misbehaving-server/session-id-echo misbehaving-server/server-hello-unknown-extension
      misbehaving-server/encrypted-unknown-extension misbehaving-server/alpn-other misbehaving-server/alpn-two
      misbehaving-server/server-name-body misbehaving-server-1.2/unknown-extension`,
  },
  {
    reason:
      'a socket that is closed while session tickets wait in it resets the connection under Wine, with either backend',
    'TLSv1.3': 'socket/goodbye',
  },
];

const asServer: readonly Deviation[] = [
  {
    reason: 'which algorithms and names are offered is the system’s policy: the option is refused',
    cases: `
      handshake/groups handshake/no-common-suite client-authentication/by-scheme-1.2
      client-authentication/by-issuer-1.2 client-authentication/select-identity-1.2 tls-1.2/server-cipher-suites
      tls-1.2/groups client-authentication/by-scheme-1.3 client-authentication/by-issuer-1.3
      client-authentication/select-identity-1.3 tls-1.2/client-ecdsa-*
      client-authentication/select-identity-by-scheme-*`,
    'TLSv1.3': 'handshake/hello-retry-request key-share/chosen key-share/retry-each key-share/plain',
  },
  {
    reason: 'Wine’s servers send the leaf alone, and the case is about what is above it',
    cases: `
      certificate/intermediate certificate-matrix/two-intermediates certificate-matrix/any-order
      certificate-matrix/surplus certificate-matrix/twice certificate-matrix/with-root certificate-matrix/cross-signed
      certificate-matrix/expired-twin certificate-matrix/no-key-usage certificate-matrix/path-length
      certificate-matrix/path-length-self-issued certificate-matrix/eku-ca certificate-matrix/unknown-extension
      certificate-matrix/constraint-permitted certificate-matrix/constraint-not-excluded
      certificate-matrix/constraint-ip certificate-matrix/constraint-other-form
      certificate-matrix/odd-name-in-other-letters certificate-matrix/odd-name-in-another-string
      certificate-matrix/odd-dot-permitted certificate-matrix/odd-mail-permitted certificate-matrix/odd-uri-permitted
      certificate-matrix/odd-policy-held certificate-matrix/odd-any-policy-inhibited certificate-matrix/gap
      certificate-matrix/root-instead certificate-matrix/stranger certificate-matrix/loop
      certificate-matrix/signature-ca certificate-matrix/expired-ca certificate-matrix/future-ca
      certificate-matrix/no-basic-constraints certificate-matrix/not-a-ca certificate-matrix/leaf-as-issuer
      certificate-matrix/version-1-ca certificate-matrix/no-cert-sign certificate-matrix/path-length-exceeded
      certificate-matrix/path-length-of-two certificate-matrix/path-length-of-root
      certificate-matrix/constraint-not-permitted certificate-matrix/constraint-label
      certificate-matrix/constraint-second-name certificate-matrix/constraint-excluded
      certificate-matrix/constraint-excluded-within certificate-matrix/constraint-wildcard
      certificate-matrix/constraint-ip-not-permitted certificate-matrix/constraint-ip-excluded
      certificate-matrix/constraint-directory certificate-matrix/constraint-directory-excluded
      certificate-matrix/constraint-of-root certificate-matrix/constraint-two-levels
      certificate-matrix/odd-dot-excluded certificate-matrix/odd-mail-not-permitted
      certificate-matrix/odd-policy-missing certificate-matrix/eku-ca-client certificate-matrix/critical-ca
      certificate-matrix/weak-hash certificate-matrix/algorithms-differ`,
  },
  {
    reason: 'GnuTLS does not serve with this certificate, or under this name, and Wine says only that something failed',
    cases: `
      certificate-matrix/ku-sign-only-certs certificate-matrix/ku-encipher certificate-matrix/odd-underscore
      certificate-matrix/odd-underscore-wildcard certificate-matrix/odd-empty-name`,
  },
  {
    reason: 'GnuTLS takes no protocol name that is so long',
    cases: 'alpn/bytes',
  },
  {
    reason: 'Wine does not tell which alert came, or how a record was broken',
    cases: 'record/bad-mac mutated/behind-close-* socket/unheard-error-garbage',
    'TLSv1.3': `
      certificate/wrong-host certificate/common-name certificate/wildcard-two-labels certificate/wildcard-no-label
      certificate/expired certificate/not-yet-valid certificate/wrong-purpose certificate/untrusted
      certificate/self-signed certificate/missing-intermediate certificate-matrix/leaf-alone
      certificate-matrix/self-signed certificate-matrix/namesake certificate-matrix/duplicate-extension
      certificate-matrix/signature-leaf certificate-matrix/name-parent certificate-matrix/name-wildcard-partial
      certificate-matrix/name-wildcard-middle certificate-matrix/name-wildcard-twice
      certificate-matrix/name-wildcard-top certificate-matrix/name-wildcard-alone certificate-matrix/name-ip-other
      certificate-matrix/name-ip-as-dns certificate-matrix/name-dns-as-mail certificate-matrix/name-nul
      certificate-matrix/expired-root certificate-matrix/expired-leaf certificate-matrix/future-leaf
      certificate-matrix/eku-client certificate-matrix/eku-any certificate-matrix/eku-root-client
      certificate-matrix/ca-as-leaf certificate-matrix/critical-leaf certificate-matrix/weak-key
      hook-matrix/client-isPublicSuffix-throws hook-matrix/client-isPublicSuffix-rejects
      hook-matrix/client-isPublicSuffix-returns-error hook-matrix/client-isPublicSuffix-gives-garbage
      hook-matrix/client-isPublicSuffix-gives-promise hook-matrix/client-isPublicSuffix-fails-the-engine
      certificate/wrong-address hook/verify-peer-rejects-at-once hook/verify-peer-rejects-later pins/refused
      hook-matrix/client-clock-throws hook-matrix/client-clock-rejects hook-matrix/client-clock-returns-error
      hook-matrix/client-clock-gives-garbage hook-matrix/client-clock-gives-promise
      hook-matrix/client-clock-fails-the-engine hook-matrix/client-verifyPeer-throws
      hook-matrix/client-verifyPeer-rejects hook-matrix/client-verifyPeer-returns-error
      hook-matrix/client-verifyPeer-gives-error hook-matrix/client-verifyPeer-gives-garbage
      hook-matrix/client-verifyPeer-gives-garbage-later hook-matrix/client-verifyPeer-fails-the-engine`,
  },
  {
    reason: 'SChannel signs by itself, with a scheme of its choice: it takes no signer, and no schemes of an identity',
    cases: `
      option/identity signer/chosen hook/signer-at-once hook/signer-fails-at-once hook/signer-later hook/signer-fails-later
      signer/ecdsa_secp256r1_sha256 signer/ecdsa_secp384r1_sha384 signer/ecdsa_secp521r1_sha512
      signer/rsa_pss_rsae_sha256 signer/rsa_pss_rsae_sha384 signer/rsa_pss_rsae_sha512
      identity/only-ecdsa_secp256r1_sha256 identity/only-ecdsa_secp384r1_sha384
      identity/only-ecdsa_secp521r1_sha512 identity/only-rsa_pss_rsae_sha256 identity/only-rsa_pss_rsae_sha384
      identity/only-rsa_pss_rsae_sha512 signer/order signer/several signer/none-accepted signer/wrong-signature
      hook-matrix/server-signer.sign-*`,
    'TLSv1.2': `
      signer/rsa_pkcs1_sha256 signer/rsa_pkcs1_sha384 signer/rsa_pkcs1_sha512 identity/only-rsa_pkcs1_sha256
      identity/only-rsa_pkcs1_sha384 identity/only-rsa_pkcs1_sha512`,
  },
  {
    reason: 'Wine’s servers ask for no certificate',
    cases: `
      client-authentication/provided-1.2 client-authentication/nothing-to-show-1.2
      client-authentication/untrusted-1.2 client-authentication/wrong-purpose-1.2
      client-authentication/expired-1.2 client-authentication/accept-any-1.2 client-authentication/verify-peer-1.2
      client-authentication/chain-1.2 hook/client-signer-at-once hook/client-signer-fails-at-once
      hook/client-signer-later hook/client-signer-fails-later hook/client-select-identity-at-once
      hook/client-select-identity-fails-at-once hook/client-select-identity-later
      hook/client-select-identity-fails-later client-authentication/provided-1.3
      client-authentication/nothing-to-show-1.3 client-authentication/required-1.3
      client-authentication/untrusted-1.3 client-authentication/wrong-purpose-1.3
      client-authentication/expired-1.3 client-authentication/accept-any-1.3 client-authentication/verify-peer-1.3
      client-authentication/chain-1.3 hook-matrix/server-verifyPeer-* hook-matrix/client-selectIdentity-*
      hook-matrix/client-signer.sign-* option/polluted-certificates misbehaving-client-1.2/certificate-left-out
      misbehaving-client-1.2/certificate-verify-left-out misbehaving-client-1.2/scheme-not-offered
      misbehaving-client-1.2/scheme-of-another-key misbehaving-client-1.2/signature record-run/pause-*`,
    'TLSv1.3': 'misbehaving-client/early-data-late-in-flight',
  },
  {
    reason: 'the case turns tickets off, which SChannel has no option for: the option is refused',
    cases: `
      proven-chains/name proven-chains/time proven-chains/chain proven-chains/trust proven-chains/verify-peer
      proven-chains/key-* proven-chains/clients`,
  },
  {
    reason: 'TLS 1.3 encrypts signatures, and SChannel does not tell their schemes',
    'TLSv1.3': 'handshake/certificate-rsa-2048',
  },
  {
    reason: 'the case turns keyLog on, which SChannel does not have: the option is refused',
    cases: `
      inside/*-send inside/*-close inside/*-key-update inside/*-export inside/*-fail inside/*-destroy
      sink-throws/*`,
  },
  {
    reason: 'GnuTLS refuses it before we are shown it, and Wine says only that something failed',
    cases: `
      long-lists/key-shares misbehaving-client/legacy-version misbehaving-client/compression-method misbehaving-client/without-key-share
      misbehaving-client/without-supported-groups misbehaving-client/without-signature-algorithms
      misbehaving-client/share-length misbehaving-client/share-zeros misbehaving-client/share-point
      misbehaving-client/no-common-group misbehaving-client/no-common-scheme misbehaving-client/psk-without-modes
      misbehaving-client/psk-not-last misbehaving-client/finished misbehaving-client/finished-replaced
      misbehaving-client/early-data-unannounced misbehaving-client/early-data-late
      misbehaving-client/early-data-without-end misbehaving-client-1.2/without-null-compression
      misbehaving-client-1.2/renegotiation-info misbehaving-client-1.2/renegotiation-info-length
      misbehaving-client-1.2/extended-main-secret-body misbehaving-client-1.2/no-common-group
      misbehaving-client-1.2/hello-followed misbehaving-client-1.2/change-cipher-spec-behind-hello
      misbehaving-client-1.2/change-cipher-spec-left-out misbehaving-client-1.2/change-cipher-spec-twice
      misbehaving-client-1.2/change-cipher-spec-length misbehaving-client-1.2/change-cipher-spec-early
      misbehaving-client-1.2/key-exchange-* misbehaving-client-1.2/certificate-unasked
      misbehaving-client-1.2/certificate-verify-without-certificate misbehaving-client-1.2/finished
      misbehaving-client-1.2/finished-* misbehaving-client-1.2/data-in-the-clear`,
  },
  {
    reason: 'GnuTLS passes over it',
    cases: `
      misbehaving-client/misplaced-extension misbehaving-client/share-without-its-group
      misbehaving-client/share-twice misbehaving-client/psk-binders misbehaving-client/finished-followed
      misbehaving-client-1.2/point-formats misbehaving-client-1.2/point-formats-empty
      misbehaving-client-1.2/without-signature-algorithms`,
  },
  {
    reason: 'the ClientHello of the case is for TLS 1.3',
    'TLSv1.2': 'client-hello/length client-hello/records client-hello/records-read-twice',
  },
  {
    reason: 'Wine’s server of TLS 1.2 names a session that it does not resume',
    'TLSv1.2': 'option/polluted-plain',
  },
];

/** Gives the reason of each case. @throws TypeError on a pattern that names no case, and on a case with two reasons */
function over(protocol: ProtocolVersion, deviations: readonly Deviation[]): Readonly<Record<string, string>> {
  const [own, other] = protocol === 'TLSv1.2' ? ['1.2', '1.3'] : ['1.3', '1.2'];
  const reasons: Record<string, string> = {};
  for (const { reason, cases = '', [protocol]: alone = '' } of deviations) {
    const patterns = `${cases} ${alone}`.split(/\s+/).filter((pattern) => pattern !== '');
    for (const id of patterns.flatMap((pattern) => idsOf(pattern))) {
      // a case that has a version in its id is of that one
      if (id.includes(other) && !id.includes(own)) continue;
      if (reasons[id] !== undefined && reasons[id] !== reason) throw new TypeError(`\`${id}\` has two reasons`);
      reasons[id] = reason;
    }
  }
  return reasons;
}

function idsOf(pattern: string): readonly string[] {
  const parts = pattern.split('*').map((part) => part.replaceAll('.', String.raw`\.`));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  const ids = [...cases, ...nodeCases].map(({ id }) => id).filter((id) => expression.test(id));
  if (ids.length === 0) throw new TypeError(`\`${pattern}\` names no case of the kit`);
  return ids;
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
