import { cipherNames } from './cipher-names.ts';
import { nodeTruth } from './node-truth.ts';

/**
 * Gives the names of the cipher suites that some backend of ours has, in lower case, as Node's function of this name: OpenSSL's names, which
 * are IANA's for TLS 1.3.
 */
export function getCiphers(): string[] {
  return cipherNames();
}

/**
 * Writes a list of protocols into `out.ALPNProtocols` as the bytes of the extension (RFC 7301 §3.1), as Node's function of this name, which
 * it is. Node does not document it, and libraries use it.
 * @throws RangeError `ERR_OUT_OF_RANGE` on a protocol of more than 255 bytes
 */
export function convertALPNProtocols(protocols: unknown, out: { ALPNProtocols?: Uint8Array }): void {
  nodeTruth.convertALPNProtocols?.(protocols, out);
}
