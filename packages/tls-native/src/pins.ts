import { createHash } from 'node:crypto';
import { TlsError, type Pin } from '@org/tls-core';
import { decodePinDigest } from '@org/tls-core/backend';

/** Refuses a path without a pinned certificate or key. */
export type CheckPins = (path: readonly Uint8Array[], chain: readonly Uint8Array[]) => void;

/**
 * What one of the certificates of a verified path must be.
 * @throws TlsError `ERR_TLS_CONFIG` on what is no SHA-256
 */
export function pinCheck(pins: readonly Pin[]): CheckPins {
  const certificates = new Set(pins.flatMap(({ certificateSha256 }) => digestsIn(certificateSha256)));
  const publicKeys = new Set(pins.flatMap(({ publicKeySha256 }) => digestsIn(publicKeySha256)));
  return (path, chain) => {
    const isPinned = path.some((der) => {
      const spki = publicKeys.size === 0 ? undefined : subjectPublicKeyInfo(der);
      return certificates.has(sha256(der)) || (spki !== undefined && publicKeys.has(sha256(spki)));
    });
    if (!isPinned) throw unpinned(path, chain);
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

function digestsIn(digest: string | Uint8Array | undefined): readonly string[] {
  return digest === undefined ? [] : [Buffer.from(decodePinDigest(digest)).toString('hex')];
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Of a certificate that the library has accepted, its very bytes (RFC 5280 §4.1); `undefined`: it is not written as DER is. */
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

/** The elements that stand in a row; none when one of them goes beyond the end, or its length is not a definite one. */
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
