import { TlsError, type NodeCodeOf, type RejectedPath, type TlsErrorCode } from '@org/tls-core';

/**
 * The reason why a path is not acceptable. It is collected rather than thrown: a search may reject thousands of paths before it finds a
 * good one.
 */
export interface Rejection {
  readonly reason: RejectionReason;
  /** One line that states what was got and what was expected. */
  readonly text: string;
}

type ReasonRow = {
  readonly [Code in TlsErrorCode]: {
    readonly code: Code;
    /** Node's code for the fault, where it differs from the first one that the table of codes has. */
    readonly nodeCode?: NodeCodeOf<Code>;
    readonly hint: string;
  };
}[TlsErrorCode];

/** The reasons, the most useful first: of the reasons of all paths, the first in this table is reported. */
const reasons = {
  hostName: {
    code: 'ERR_TLS_CERTIFICATE_NAME',
    hint: 'connect by a name that the certificate lists, or have it issued for this name as a subjectAltName; the common name is not looked at',
  },
  expired: {
    code: 'ERR_TLS_CERTIFICATE_EXPIRED',
    hint: 'renew the certificate; if it looks valid, check this machine’s clock',
  },
  notYetValid: {
    code: 'ERR_TLS_CERTIFICATE_NOT_YET_VALID',
    hint: 'check this machine’s clock, and the time at which the certificate was issued',
  },
  revoked: {
    code: 'ERR_TLS_CERTIFICATE_REVOKED',
    hint: 'its issuer took it back; the peer needs a new certificate',
  },
  unknownStatus: {
    code: 'ERR_TLS_CERTIFICATE_STATUS',
    nodeCode: 'UNABLE_TO_GET_CRL',
    hint: 'give `revocation` a valid list of each issuer of the chain, look up less with `depth`, or accept an `unknownStatus`',
  },
  mustStaple: {
    code: 'ERR_TLS_CERTIFICATE_STATUS',
    hint: 'the server must staple a valid OCSP response: have it fetch one from its CA',
  },
  purpose: {
    code: 'ERR_TLS_CERTIFICATE_PURPOSE',
    hint: 'have the certificate issued with the extended key usage serverAuth (for servers) or clientAuth (for clients) and digitalSignature',
  },
  nameConstraint: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the issuing CA is limited by name constraints and must not vouch for this name',
  },
  policy: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'a CA of the chain, or `certificatePolicies`, demands a policy that all certificates of the chain must have',
  },
  pin: {
    code: 'ERR_TLS_CERTIFICATE_REJECTED',
    hint: 'compare `pins` with the SHA-256 of the certificates or public keys that the peer has now',
  },
  criticalExtension: {
    code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED',
    hint: 'have the certificate issued without the extension, or with the extension not marked critical',
  },
  algorithm: {
    code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED',
    hint: 'have the certificate issued with ECDSA (P-256, P-384, P-521), Ed25519 or RSA of 2048 bits or more, signed with SHA-256 or better',
  },
  form: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the certificate breaks a rule about form that `certificateProfile` demands; have it issued anew, or choose the profile `compatible`',
  },
  pathLength: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    nodeCode: 'PATH_LENGTH_EXCEEDED',
    hint: 'a CA of the chain may not have so many CAs below it',
  },
  notCa: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    nodeCode: 'INVALID_CA',
    hint: 'the issuer is not a CA: its certificate needs basicConstraints with cA, and keyCertSign where it has a keyUsage',
  },
  signature: {
    code: 'ERR_TLS_CERTIFICATE_SIGNATURE',
    hint: 'the certificate was changed after it was signed, or an issuer of the same name but with another key was given',
  },
  tooLong: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    nodeCode: 'CERT_CHAIN_TOO_LONG',
    hint: 'the chain has more intermediate certificates than are accepted',
  },
  selfSignedLeaf: {
    code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    nodeCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    hint: 'the certificate is self-signed; if you know it to be the right one, put this exact certificate into `trust`',
  },
  selfSignedRoot: {
    code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    nodeCode: 'SELF_SIGNED_CERT_IN_CHAIN',
    hint: 'the chain ends at a root that is not trusted here; if it should be, put the root certificate into `trust`',
  },
  missingIntermediate: {
    code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    hint: 'the peer sent its own certificate only: it should send the intermediate too (its full chain), or its CA belongs into `trust`',
  },
  rootInstead: {
    code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    hint: 'the peer sent a root in the place of the intermediate that issued its certificate: it should send the intermediate',
  },
  wrongIntermediate: {
    code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    hint: 'the peer sent other certificates, but not the one of its certificate’s issuer: it should send the right intermediate, or its CA belongs into `trust`',
  },
  unknownIssuer: {
    code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER',
    nodeCode: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    hint: 'the peer did not send an intermediate that the chain needs, or its root is missing from `trust`',
  },
  malformed: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the certificate is not valid DER or breaks RFC 5280’s syntax',
  },
  budget: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the chain takes more work to check than any honest one does',
  },
} as const satisfies Readonly<Record<string, ReasonRow>>;

export type RejectionReason = keyof typeof reasons;

const ranking = Object.keys(reasons);

export function reject(reason: RejectionReason, text: string): Rejection {
  return { reason, text };
}

/** Tells whether `left` says more to a person than `right`. */
export function isMoreUseful(left: Rejection, right: Rejection): boolean {
  return ranking.indexOf(left.reason) < ranking.indexOf(right.reason);
}

export function codeOf({ reason }: Rejection): TlsErrorCode {
  return reasons[reason].code;
}

/** Makes the error for a chain of which no path is acceptable. */
export function rejectionError(
  rejection: Rejection,
  chain: readonly Uint8Array[],
  rejectedPaths: readonly RejectedPath[],
  cause?: unknown,
): TlsError {
  const { code, nodeCode, hint }: ReasonRow = reasons[rejection.reason];
  return new TlsError(code, `${rejection.text}; ${hint}`, {
    cause,
    certificate: { chain, rejectedPaths, hint, ...(nodeCode !== undefined && { nodeCode }) },
  });
}
