import type { Reader } from '@org/tls-core/backend';
import { readExtensionList, type ExtensionCarrier, type Extensions } from './extension.ts';
import { illegalParameter } from './illegal-parameter.ts';
import { knownExtensions } from './known-extensions.ts';

/** The messages that each extension may stand in (RFC 8446 §4.2). A ClientHello is of both versions. */
const carriersOf: ReadonlyMap<number, readonly ExtensionCarrier[]> = new Map(
  knownExtensions.map(({ type, tls12, tls13 }): [number, readonly ExtensionCarrier[]] => [
    type,
    tls12.some((carrier) => carrier === 'ClientHello') ? ['ClientHello', ...tls13] : tls13,
  ]),
);

/**
 * Reads an `Extension extensions<0..2^16-1>` of a TLS 1.3 message.
 * @throws TlsError `ERR_TLS_DECODE` on a duplicate, `ERR_TLS_ILLEGAL_PARAMETER` on a known extension in a message that may not carry
 *   it (RFC 8446 §4.2)
 */
export function readExtensions(reader: Reader, carrier: ExtensionCarrier): Extensions {
  const extensions = readExtensionList(reader, carrier);
  refuseMisplaced(extensions, carrier);
  return extensions;
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a known extension in a message that may not carry it (RFC 8446 §4.2) */
export function refuseMisplaced(extensions: Extensions, carrier: ExtensionCarrier): void {
  for (const type of extensions.numbers) {
    if (carriersOf.get(type)?.includes(carrier) === false)
      throw illegalParameter(`${carrier}: extension ${type} is not allowed here`);
  }
}
