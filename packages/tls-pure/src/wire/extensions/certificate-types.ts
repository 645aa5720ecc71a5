import { TlsError, type CertificateType } from '@org/tls-core';
import type { Extension, ExtensionType } from '../extension.ts';
import { decodeAll, Writer } from '@org/tls-core/backend';

/** `CertificateType` as registered by IANA (RFC 7250 §3). */
const numberByType = { X509: 0, RawPublicKey: 2 } as const satisfies Readonly<Record<CertificateType, number>>;

type Which = typeof ExtensionType.clientCertificateType | typeof ExtensionType.serverCertificateType;

/** A client's list, in order of preference: what it can prove itself with, or what it accepts from the server. */
export function encodeCertificateTypes(which: Which, types: readonly CertificateType[]): Extension {
  const body = new Writer(1 + types.length)
    .vector8((list) => {
      for (const type of types) list.uint8(numberByType[type]);
    })
    .finish();
  return { type: which, body };
}

/**
 * @returns the types that are known, each once, in the client's order
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the list says nothing (RFC 7250 §4.1)
 */
export function decodeCertificateTypes(body: Uint8Array): readonly CertificateType[] {
  const numbers = decodeAll(body, 'certificate_type', (reader) => reader.vector8());
  if (numbers.length === 0 || (numbers.length === 1 && numbers[0] === numberByType.X509))
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      'certificate_type: a list with nothing but the default is left out',
    );
  const types = new Set<CertificateType>();
  for (const number of numbers) {
    const type = typeOf(number);
    if (type !== undefined) types.add(type);
  }
  return [...types];
}

/** The server's choice. */
export function encodeCertificateType(which: Which, type: CertificateType): Extension {
  return { type: which, body: Uint8Array.of(numberByType[type]) };
}

/** @returns `undefined` for a type that we never offer */
export function decodeCertificateType(body: Uint8Array): CertificateType | undefined {
  return typeOf(decodeAll(body, 'certificate_type', (reader) => reader.uint8()));
}

function typeOf(number: number): CertificateType | undefined {
  if (number === numberByType.X509) return 'X509';
  return number === numberByType.RawPublicKey ? 'RawPublicKey' : undefined;
}
