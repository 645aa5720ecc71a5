import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { toPem } from '@org/pki';
import { UsageError } from './exit-code.ts';
import { readCa, usable, writeAnew } from './pem-files.ts';

export interface RevocationListRequest {
  /** The CA's certificate, beside which its key is. */
  readonly ca: string;
  /** The file to write. What was there is replaced: the new list is the whole list. */
  readonly out: string;
  /** The files of the revoked certificates. */
  readonly revoked: readonly string[];
  readonly days: number;
}

/**
 * Writes a list of revoked certificates in PEM (RFC 5280 §5).
 * @throws UsageError when a file cannot be read or written, or a certificate is not the CA's
 */
export async function writeRevocationList({ ca: caFile, out, revoked, days }: RevocationListRequest): Promise<void> {
  const ca = await readCa(caFile.replace(/\.pem$/, ''));
  const { publicKey } = new X509Certificate(ca.certificateDer);
  const serialNumbers = await Promise.all(
    revoked.map(async (file) => {
      const certificate = await usable(file, async () => new X509Certificate(await readFile(file)));
      if (!certificate.verify(publicKey)) throw new UsageError(`${file}: not issued by ${caFile}`);
      return positive(certificate.serialNumber);
    }),
  );
  const list = await ca.issueCrl({
    serialNumbers,
    nextUpdate: new Date(Date.now() + days * 86_400_000),
    // it grows with each list (RFC 5280 §5.2.3)
    crlNumber: BigInt(Date.now()),
  });
  await usable(out, () => writeAnew(out, toPem('X509 CRL', list), 0o644));
}

/** Gives a number in two's complement, big-endian. */
function positive(hex: string): Uint8Array {
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}
