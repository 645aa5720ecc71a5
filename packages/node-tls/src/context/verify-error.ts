/** What OpenSSL says of a chain: Node's code, and OpenSSL's words. `UNSPECIFIED` is Node's code for what it has none for. */
const faults = {
  unableToGetIssuer: ['UNABLE_TO_GET_ISSUER_CERT', 'unable to get issuer certificate'],
  unableToGetCrl: ['UNABLE_TO_GET_CRL', 'unable to get certificate CRL'],
  signature: ['CERT_SIGNATURE_FAILURE', 'certificate signature failure'],
  crlSignature: ['CRL_SIGNATURE_FAILURE', 'CRL signature failure'],
  notYetValid: ['CERT_NOT_YET_VALID', 'certificate is not yet valid'],
  expired: ['CERT_HAS_EXPIRED', 'certificate has expired'],
  crlNotYetValid: ['CRL_NOT_YET_VALID', 'CRL is not yet valid'],
  crlExpired: ['CRL_HAS_EXPIRED', 'CRL has expired'],
  selfSignedLeaf: ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
  selfSignedInChain: ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain'],
  unableToGetIssuerLocally: ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
  unableToVerifyLeaf: ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
  chainTooLong: ['CERT_CHAIN_TOO_LONG', 'certificate chain too long'],
  revoked: ['CERT_REVOKED', 'certificate revoked'],
  pathLength: ['PATH_LENGTH_EXCEEDED', 'path length constraint exceeded'],
  invalidCa: ['INVALID_CA', 'invalid CA certificate'],
  purpose: ['INVALID_PURPOSE', 'unsuitable certificate purpose'],
  noCertSign: ['UNSPECIFIED', 'key usage does not include certificate signing'],
  noCrlSign: ['UNSPECIFIED', 'key usage does not include CRL signing'],
  notPermitted: ['UNSPECIFIED', 'permitted subtree violation'],
  excluded: ['UNSPECIFIED', 'excluded subtree violation'],
  criticalCrlExtension: ['UNSPECIFIED', 'unhandled critical CRL extension'],
  criticalExtension: ['UNSPECIFIED', 'unhandled critical extension'],
  weakLeafKey: ['UNSPECIFIED', 'EE certificate key too weak'],
  weakCaKey: ['UNSPECIFIED', 'CA certificate key too weak'],
  weakDigest: ['UNSPECIFIED', 'CA signature digest algorithm too weak'],
} as const satisfies Readonly<Record<string, readonly [code: string, words: string]>>;

/** What can be wrong with a chain. */
export type ChainFault = keyof typeof faults;

/** The error that Node makes of what OpenSSL says. */
export function verifyError(fault: ChainFault, cause?: unknown): Error {
  const [code, words] = faults[fault];
  return nodeVerifyError(code, words, cause);
}

/** An error of Node's verifier with words of our own. */
export function nodeVerifyError(code: string, words: string, cause?: unknown): Error {
  return Object.assign(new Error(words, cause === undefined ? undefined : { cause }), { code });
}
