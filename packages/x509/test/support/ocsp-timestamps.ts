import { X509Certificate } from 'node:crypto';
import type { TestCertificate } from '@org/pki';
import { contextTag, DerTag, derElement } from '@org/tls-crypto/der';

const { sequence, octetString, objectIdentifier, bitString, integer, enumerated, generalizedTime } = DerTag;

/** An OCSP response (RFC 6960 §4.2.1) about a certificate that carries timestamps; its signature is none. */
export function ocspResponseWith({ certificateDer }: TestCertificate, list: Uint8Array): Uint8Array {
  const serial = Buffer.from(new X509Certificate(certificateDer).serialNumber, 'hex');
  const sha1 = derElement(sequence, oid('2b0e03021a'));
  const hash = derElement(octetString, new Uint8Array(20));
  const certId = derElement(sequence, sha1, hash, hash, derElement(integer, positive(serial)));
  const extension = derElement(
    sequence,
    oid('2b06010401d679020405'),
    derElement(octetString, derElement(octetString, list)),
  );
  const extensions = derElement(contextTag(1, true), derElement(sequence, extension));
  const time = derElement(generalizedTime, Buffer.from('20260101000000Z'));
  const single = derElement(sequence, certId, derElement(contextTag(0, false)), time, extensions);
  const responder = derElement(contextTag(2, true), hash);
  const response = derElement(sequence, responder, time, derElement(sequence, single));
  const ecdsaWithSha256 = derElement(sequence, oid('2a8648ce3d040302'));
  const basic = derElement(sequence, response, ecdsaWithSha256, derElement(bitString, Uint8Array.of(0, 0)));
  const bytes = derElement(sequence, oid('2b0601050507300101'), derElement(octetString, basic));
  return derElement(sequence, derElement(enumerated, Uint8Array.of(0)), derElement(contextTag(0, true), bytes));
}

function oid(hex: string): Uint8Array {
  return derElement(objectIdentifier, Buffer.from(hex, 'hex'));
}

function positive(bytes: Uint8Array): Uint8Array {
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
}
