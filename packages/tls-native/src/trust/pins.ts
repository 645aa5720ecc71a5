import { TlsError, type Pin } from '@org/tls-core';
import { isPinned, readPins } from '@org/tls-core/backend';
import { sha256 } from '../session/session-rules.ts';

/** Refuses a path without a pinned certificate or key. */
export type CheckPins = (path: readonly Uint8Array[], chain: readonly Uint8Array[]) => void;

/**
 * Makes the check that one of the certificates of a verified path is pinned.
 * @throws TlsError `ERR_TLS_CONFIG` on what is no SHA-256
 */
export function pinCheck(pins: readonly Pin[]): CheckPins {
  const digests = readPins(pins);
  return (path, chain) => {
    const hasPin = path.some((der) => {
      const spki = subjectPublicKeyInfo(der);
      return isPinned(digests, { certificateSha256: sha256(der), publicKeySha256: spki && sha256(spki) });
    });
    if (!hasPin) throw unpinned(path, chain);
  };
}

function unpinned(path: readonly Uint8Array[], chain: readonly Uint8Array[]): TlsError {
  const code = 'ERR_TLS_CERTIFICATE_REJECTED';
  const reason = 'no certificate of the chain is pinned';
  return new TlsError(code, reason, {
    certificate: {
      chain,
      rejectedPaths: [{ path, code, reason }],
      hint: 'compare `pins` with the SHA-256 of the certificates or public keys that the peer has now',
    },
  });
}

/**
 * Finds the SubjectPublicKeyInfo of a certificate that the library has accepted (RFC 5280 §4.1).
 * @returns its very bytes, or `undefined` where the certificate is not written in DER
 */
function subjectPublicKeyInfo(certificate: Uint8Array): Uint8Array | undefined {
  const [tbsCertificate] = elementsIn(elementsIn(certificate)[0]?.content ?? nothing);
  const fields = elementsIn(tbsCertificate?.content ?? nothing);
  // [0] version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
  return fields[fields[0]?.tag === explicitVersion ? 6 : 5]?.all;
}

const explicitVersion = 0xa0;
const nothing = new Uint8Array();

interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly all: Uint8Array;
}

/** Reads the elements that stand in a row. There are none where one of them goes beyond the end, or has no definite length. */
function elementsIn(bytes: Uint8Array): readonly DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at + 1] ?? 0;
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    const begin = at + 2 + lengthBytes;
    const length = lengthBytes === 0 ? short : bytes.subarray(at + 2, begin).reduce((sum, byte) => 256 * sum + byte, 0);
    const end = begin + length;
    if (end > bytes.length || short === 0x80 || lengthBytes > 4) return [];
    found.push({ tag: bytes[at] ?? 0, content: bytes.subarray(begin, end), all: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}
