import { Certificate } from 'pkijs';

/** What pkijs, a reader that shares no line with ours, finds in a certificate. */
export interface PkijsReading {
  /** Lower-case hexadecimal of the INTEGER's contents. */
  readonly serialNumber: string;
  /** DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Object identifiers, in their order. */
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
