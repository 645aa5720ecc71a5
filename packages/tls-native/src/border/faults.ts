import { alertName, TlsError, type TlsErrorCode } from '@org/tls-core';
import { isFailed, type Failed, type NativeFault } from './addon.ts';

const missingIssuer =
  'the issuer is not trusted, or the server did not send an intermediate certificate: add the root to `trust`, or have the server send its whole chain';

/** Tells what can be done about a refused certificate, by Node's name for the fault. */
const hints: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: missingIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: missingIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: missingIssuer,
  CERT_NOT_YET_VALID: 'check this machine’s clock',
  CERT_HAS_EXPIRED: 'the peer has to renew its certificate; check this machine’s clock too',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'to trust this one certificate, put it into `trust`',
  SELF_SIGNED_CERT_IN_CHAIN: 'to trust this root, put it into `trust`',
  INVALID_PURPOSE: 'the certificate is not for this role: its key usage or extended key usage says so',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for other names or addresses: check the host, or pass `serverName`',
};

/** Tells the same where Node has no name for the fault. */
const hintsByCode: Readonly<Partial<Record<TlsErrorCode, string>>> = {
  ERR_TLS_CERTIFICATE_UNSUPPORTED:
    'the platform does not accept a key, a hash or a critical extension of the chain: have the certificate issued with ECDSA, or RSA of 2048 bits, and SHA-256',
  ERR_TLS_CERTIFICATE_STATUS: 'the server must staple a valid OCSP response: have it fetch one from its CA',
};

/** Makes the interface's error of a connection's fault. */
export function toTlsError(fault: NativeFault, chain: () => readonly Uint8Array[]): TlsError {
  const { code, detail, nodeCode, receivedAlert, sentAlert } = fault;
  const details = {
    ...platformOf(fault),
    ...(receivedAlert !== undefined && { receivedAlert }),
    ...(receivedAlert === undefined && sentAlert !== undefined && { platformAlert: sentAlert }),
  };
  if (receivedAlert !== undefined)
    return new TlsError(code, `the peer sent the alert ${alertName(receivedAlert)}`, details);
  if (nodeCode === undefined) return new TlsError(code, detail, details);
  const path = chain();
  const hint = hintOf(code, nodeCode);
  return new TlsError(code, hint === undefined ? detail : `${detail}; ${hint}`, {
    ...details,
    certificate: {
      chain: path,
      rejectedPaths: [{ path, code, reason: detail }],
      nodeCode,
      ...(hint !== undefined && { hint }),
    },
  });
}

function hintOf(code: TlsErrorCode, nodeCode: string): string | undefined {
  return nodeCode === 'UNSPECIFIED' ? hintsByCode[code] : hints[nodeCode];
}

function platformOf({ detail, osCode }: NativeFault) {
  return { platformReason: detail, platformCode: osCode };
}

/** Makes the interface's error of a fault that kept a context or an engine from being made. */
export function toConfigError(fault: NativeFault): TlsError {
  const { code, detail } = fault;
  const option = code === 'ERR_TLS_IDENTITY' ? { option: 'identity' } : {};
  return new TlsError(code, detail, { ...platformOf(fault), ...option });
}

/** @throws TlsError when it was not made */
export function made<T extends object>(result: T | Failed): T {
  if (isFailed(result)) throw toConfigError(result.fault);
  return result;
}
