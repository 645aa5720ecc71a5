import type { NodeCodeOf, TlsErrorCode } from './error-code.ts';
import { TlsError, type RejectedPath, type TlsErrorDetails } from './tls-error.ts';

type FaultRow = {
  readonly [Code in TlsErrorCode]: {
    readonly code: Code;
    /** Node's code for the fault, where it differs from the first one that the table of codes has. */
    readonly nodeCode?: NodeCodeOf<Code>;
    /** What a person can do about it. */
    readonly hint: string;
  };
}[TlsErrorCode];

/**
 * What can be wrong with a peer's chain. Whoever judges one says it in these words, so that a program meets the same codes and a person the same
 * advice whichever verifier is at work. The most telling fault comes first: of the faults of several paths, the first in this table is reported.
 */
const table = {
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
    hint: 'have the certificate issued for the peer itself, with the extended key usage serverAuth (for servers) or clientAuth (for clients) and digitalSignature',
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
  distrusted: {
    code: 'ERR_TLS_CERTIFICATE_REJECTED',
    hint: 'this machine distrusts a certificate of the chain: look at the settings of its own certificate store',
  },
  criticalExtension: {
    code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED',
    hint: 'have the certificate issued without the extension, or with the extension not marked critical',
  },
  algorithm: {
    code: 'ERR_TLS_CERTIFICATE_UNSUPPORTED',
    hint: 'have the certificate issued with ECDSA (P-256, P-384, P-521), Ed25519 or RSA of 2048 bits or more, signed with SHA-256 or better',
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
  form: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the certificate breaks a rule about form that `certificateProfile` demands; have it issued anew, or choose the profile `compatible`',
  },
  malformed: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the certificate is not valid DER or breaks RFC 5280’s syntax',
  },
  budget: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the chain takes more work to check than any honest one does',
  },
  unexplained: {
    code: 'ERR_TLS_CERTIFICATE_BAD',
    hint: 'the platform’s verifier says no more than that; a verifier that is brought along, as peerVerifier of @org/x509, may say more',
  },
} as const satisfies Readonly<Record<string, FaultRow>>;

/** The name of a fault of a peer's chain. */
export type CertificateFault = keyof typeof table;

/** The faults, the most telling first. */
export const certificateFaults: Readonly<Record<CertificateFault, FaultRow>> = table;

const ranking = Object.keys(table);

/** Tells whether `left` says more to a person than `right`. */
export function isMoreTelling(left: CertificateFault, right: CertificateFault): boolean {
  return ranking.indexOf(left) < ranking.indexOf(right);
}

/** What is known of a chain that was refused. */
export interface RefusedChain extends Omit<TlsErrorDetails, 'certificate'> {
  /** The chain as the peer sent it, DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  readonly rejectedPaths: readonly RejectedPath[];
  /** Node's code, where a platform has another one for the fault than the table. */
  readonly nodeCode?: string;
}

/**
 * Makes the error for a chain that is not acceptable.
 * @param text one line that states what was got and what was expected; the advice is put behind it
 */
export function certificateError(fault: CertificateFault, text: string, refused: RefusedChain): TlsError {
  const { code, hint, nodeCode: usualCode } = certificateFaults[fault];
  const { chain, rejectedPaths, nodeCode = usualCode, ...details } = refused;
  const certificate = { chain, rejectedPaths, hint, ...(nodeCode !== undefined && { nodeCode }) };
  return new TlsError(code, `${text}; ${hint}`, { ...details, certificate });
}

const maxShownNames = 8;
/** The longest name that DNS carries, in characters as they are written (RFC 1035 §2.3.4). */
const maxShownLength = 253;

/**
 * Says that a certificate is for other names than the one that was wanted.
 * @param names the host names and addresses of the certificate; a peer chose them
 */
export function otherNameText(wanted: string, names: readonly string[]): string {
  return `the certificate is not for ${wanted}, it is for ${describe(names)}`;
}

function describe(names: readonly string[]): string {
  if (names.length === 0) return 'no host name and no IP address';
  const shown = names.slice(0, maxShownNames).map(shortened).join(', ');
  return names.length > maxShownNames ? `${shown} and ${names.length - maxShownNames} more` : shown;
}

/** A name that is none shows where it begins and ends, so that nobody takes it for several. */
function shortened(name: string): string {
  const text = name.length > maxShownLength ? `${name.slice(0, maxShownLength)}…` : name;
  return /^[\w.:*…-]+$/u.test(text) ? text : JSON.stringify(text);
}
