import { BitString, Integer, Sequence } from 'asn1js';
import { CertificateRevocationList, Extension, Extensions, RevokedCertificate, Time, TimeType } from 'pkijs';
import type { RelativeDistinguishedNames } from 'pkijs';
import type { CertificateExtension } from './issue-options.ts';
import { keyAlgorithmRow, signatureAlgorithm, type SignatureParameters } from './key-algorithm.ts';
import type { SigningKey } from './key-pair.ts';

/** What the list must say. Everything is obeyed, sensible or not. */
export interface CrlOptions {
  /** The serial numbers as in certificates: in two's complement, big-endian. */
  readonly serialNumbers?: readonly Uint8Array[];
  /** Default: an hour ago. */
  readonly thisUpdate?: Date;
  /** Default: 30 days from now. When `undefined` is given, there is none. */
  readonly nextUpdate?: Date | undefined;
  /** The version 1, which has no extensions. */
  readonly version?: 1;
  /** The cRLNumber, 0 or more. Default: 1. */
  readonly crlNumber?: bigint;
  /** Extensions in place of a cRLNumber that is not critical. */
  readonly extensions?: readonly CertificateExtension[];
  /** The crlEntryExtensions of each entry. */
  readonly entryExtensions?: readonly CertificateExtension[];
  /** The parameters of the signature's algorithm, where they are not as its RFC has them by preference. */
  readonly signatureParameters?: SignatureParameters;
  /** Whether the signature is damaged. */
  readonly corruptSignature?: boolean;
}

const hourMs = 3_600_000;

/** Makes a CRL (RFC 5280 §5) in DER. */
export async function makeCrl(
  issuer: RelativeDistinguishedNames,
  key: SigningKey,
  options: CrlOptions,
): Promise<Uint8Array> {
  const row = keyAlgorithmRow(key.algorithm);
  const nextUpdate = 'nextUpdate' in options ? options.nextUpdate : new Date(Date.now() + 720 * hourMs);
  const algorithm = signatureAlgorithm(row, row.defaultHash, options.signatureParameters);
  const { crlNumber = 1n } = options;
  const list = new OpenList({
    ...(options.version !== 1 && { version: 1 }),
    signature: algorithm,
    issuer,
    thisUpdate: utcTime(options.thisUpdate ?? new Date(Date.now() - hourMs)),
    ...(nextUpdate === undefined ? {} : { nextUpdate: utcTime(nextUpdate) }),
    signatureAlgorithm: algorithm,
    ...(options.version !== 1 && {
      crlExtensions: extensionsOf(options.extensions ?? [crlNumberExtension(crlNumber)]),
    }),
  });
  const revoked = (options.serialNumbers ?? []).map((serial) => entryOf(serial, options.entryExtensions));
  if (revoked.length > 0) list.revokedCertificates = revoked;
  const tbs = list.tbsCertList();
  const signature = await key.sign(new Uint8Array(tbs.toBER()), row.defaultHash);
  if (options.corruptSignature === true) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
  const whole = new Sequence({
    value: [tbs, list.signatureAlgorithm.toSchema(), new BitString({ valueHex: Uint8Array.from(signature).buffer })],
  });
  return new Uint8Array(whole.toBER());
}

/** Makes public what is to be signed, which it is not in pkijs. */
class OpenList extends CertificateRevocationList {
  tbsCertList(): Sequence {
    return this.encodeTBS();
  }
}

function entryOf(serial: Uint8Array, extensions: readonly CertificateExtension[] | undefined): RevokedCertificate {
  return new RevokedCertificate({
    userCertificate: new Integer({ valueHex: Uint8Array.from(serial).buffer }),
    revocationDate: utcTime(new Date(Date.now() - 2 * hourMs)),
    ...(extensions === undefined ? {} : { crlEntryExtensions: extensionsOf(extensions) }),
  });
}

function crlNumberExtension(number: bigint): CertificateExtension {
  return { oid: '2.5.29.20', value: new Uint8Array(Integer.fromBigInt(number).toBER()) };
}

function extensionsOf(extensions: readonly CertificateExtension[]): Extensions {
  return new Extensions({
    extensions: extensions.map(
      ({ oid, critical = false, value }) =>
        new Extension({ extnID: oid, critical, extnValue: Uint8Array.from(value).buffer }),
    ),
  });
}

function utcTime(date: Date): Time {
  return new Time({ type: TimeType.UTCTime, value: new Date(Math.floor(date.getTime() / 1000) * 1000) });
}
