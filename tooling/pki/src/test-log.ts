import { webcrypto } from 'node:crypto';
import { OctetString } from 'asn1js';
import { createCMSECDSASignature, Extension } from 'pkijs';

/** What a log signs: a finished certificate, or one that is not signed yet, with its issuer's SubjectPublicKeyInfo. */
export type LogEntry =
  | { readonly certificateDer: Uint8Array }
  | { readonly tbsCertificate: Uint8Array; readonly issuerKey: Uint8Array };

/** A log of certificates (RFC 6962) that keeps none of them: it only signs. */
export interface TestLog {
  /** The log's SubjectPublicKeyInfo in DER. */
  readonly publicKeyDer: Uint8Array;
  /**
   * Signs an entry (RFC 6962 §3.2).
   * @param time the time to sign; default: an hour ago
   * @returns a SignedCertificateTimestamp
   */
  timestamp(entry: LogEntry, time?: Date): Promise<Uint8Array>;
}

const { subtle } = webcrypto;

/** Makes a log with a key on P-256. */
export async function createLog(): Promise<TestLog> {
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await subtle.generateKey(parameters, true, ['sign', 'verify']);
  const publicKeyDer = new Uint8Array(await subtle.exportKey('spki', publicKey));
  const logId = await sha256(publicKeyDer);
  return {
    publicKeyDer,
    timestamp: async (entry, time = new Date(Date.now() - 3_600_000)) => {
      const milliseconds = Buffer.alloc(8);
      milliseconds.writeBigUInt64BE(BigInt(time.getTime()));
      // The zeros are version 1 and the signature type certificate_timestamp; there are no extensions behind the entry.
      const signed = Buffer.concat([Buffer.of(0, 0), milliseconds, await encodeEntry(entry), Buffer.of(0, 0)]);
      const raw = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, signed);
      const signature = Buffer.from(createCMSECDSASignature(raw));
      // The numbers stand for sha256 and ecdsa.
      const algorithm = Buffer.of(4, 3, signature.length >> 8, signature.length & 0xff);
      return Buffer.concat([Buffer.of(0), logId, milliseconds, Buffer.of(0, 0), algorithm, signature]);
    },
  };
}

/** Writes a SignedCertificateTimestampList (RFC 6962 §3.3). */
export function timestampList(timestamps: readonly Uint8Array[]): Uint8Array {
  return vector16(Buffer.concat(timestamps.map(vector16)));
}

/** Makes the extension in which a certificate has its timestamps (RFC 6962 §3.3). */
export function embeddedTimestamps(list: Uint8Array): Extension {
  const extnValue = new OctetString({ valueHex: Uint8Array.from(list) }).toBER();
  return new Extension({ extnID: '1.3.6.1.4.1.11129.2.4.2', critical: false, extnValue });
}

async function encodeEntry(entry: LogEntry): Promise<Uint8Array> {
  if ('certificateDer' in entry) return Buffer.concat([Buffer.of(0, 0), vector24(entry.certificateDer)]);
  return Buffer.concat([Buffer.of(0, 1), await sha256(entry.issuerKey), vector24(entry.tbsCertificate)]);
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest('SHA-256', Uint8Array.from(bytes)));
}

function vector16(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

function vector24(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(3);
  length.writeUIntBE(bytes.length, 0, 3);
  return Buffer.concat([length, bytes]);
}
