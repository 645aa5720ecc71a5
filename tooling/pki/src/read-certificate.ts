import { Certificate } from 'pkijs';

/** What pkijs finds in a certificate; this reader shares no line with ours. */
export interface PkijsReading {
  /** The INTEGER's contents in lower-case hexadecimal. */
  readonly serialNumber: string;
  /** The whole Name as DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** In milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The object identifiers, in their order. */
  readonly extensions: readonly string[];
}

/** @throws whatever pkijs throws on what it cannot read */
export function readWithPkijs(der: Uint8Array): PkijsReading {
  const certificate = Certificate.fromBER(Uint8Array.from(der));
  return {
    serialNumber: Buffer.from(certificate.serialNumber.valueBlock.valueHexView).toString('hex'),
    issuer: new Uint8Array(certificate.issuer.toSchema().toBER()),
    subject: new Uint8Array(certificate.subject.toSchema().toBER()),
    notBefore: certificate.notBefore.value.getTime(),
    notAfter: certificate.notAfter.value.getTime(),
    extensions: (certificate.extensions ?? []).map(({ extnID }) => extnID),
  };
}
