import { DerTag, type DerReader } from '@org/tls-crypto/der';

/** One Extension (RFC 5280 §4.1), whose value is DER. */
export interface RawExtension {
  readonly oid: string;
  readonly isCritical: boolean;
  readonly value: Uint8Array;
}

/**
 * Reads the contents of an Extensions, of which there is one at least.
 * @throws TlsError when one stands there twice (RFC 5280 §4.2)
 */
export function* eachExtension(extensions: DerReader): Generator<RawExtension> {
  const seen = new Set<string>();
  do {
    const extension = extensions.sequence();
    const oid = extension.objectIdentifier();
    const isCritical = extension.peek() === DerTag.boolean && extension.boolean();
    const value = extension.contents(DerTag.octetString);
    extension.end();
    if (seen.has(oid)) throw extensions.fault(`extension ${oid} twice`);
    seen.add(oid);
    yield { oid, isCritical, value };
  } while (!extensions.isAtEnd);
}
