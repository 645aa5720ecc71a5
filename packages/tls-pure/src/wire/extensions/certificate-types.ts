import type { CertificateType } from '@org/tls-core';
import { decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';

/** What the client proves itself with (RFC 7250). Where it does not stand, X.509 is meant (§4.1, §4.2). */
export const clientCertificateType = {
  type: ExtensionType.clientCertificateType,
  name: 'client_certificate_type',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'EncryptedExtensions'],

  offer({ settings }: { readonly settings: ClientTypes }) {
    return encodeCertificateTypes(ExtensionType.clientCertificateType, settings.clientCertificateTypes);
  },

  readOffer: decodeCertificateTypes,

  answer(
    _offered: readonly CertificateType[],
    { choices }: { readonly choices: { readonly clientCertificateType: CertificateType | undefined } },
  ) {
    const type = choices.clientCertificateType;
    return type === undefined ? undefined : encodeCertificateType(ExtensionType.clientCertificateType, type);
  },

  readAnswer(body: Uint8Array, { settings }: { readonly settings: ClientTypes }): CertificateType {
    return decodeOneOf(settings.clientCertificateTypes, body);
  },

  readAbsence: (): CertificateType => 'X509',
} as const satisfies ExtensionDefinition<readonly CertificateType[]>;

/** What the server proves itself with (RFC 7250). */
export const serverCertificateType = {
  type: ExtensionType.serverCertificateType,
  name: 'server_certificate_type',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'EncryptedExtensions'],

  offer({ settings }: { readonly settings: PeerTypes }) {
    return encodeCertificateTypes(ExtensionType.serverCertificateType, settings.config.peerCertificateTypes);
  },

  readOffer: decodeCertificateTypes,

  answer(
    offered: readonly CertificateType[],
    { choices }: { readonly choices: { readonly serverCertificateType: CertificateType } },
  ) {
    const type = choices.serverCertificateType;
    return offered.includes(type) ? encodeCertificateType(ExtensionType.serverCertificateType, type) : undefined;
  },

  readAnswer(body: Uint8Array, { settings }: { readonly settings: PeerTypes }): CertificateType {
    return decodeOneOf(settings.config.peerCertificateTypes, body);
  },

  readAbsence: (): CertificateType => 'X509',
} as const satisfies ExtensionDefinition<readonly CertificateType[]>;

export interface ClientTypes {
  readonly clientCertificateTypes: readonly CertificateType[];
}

export interface PeerTypes {
  readonly config: { readonly peerCertificateTypes: readonly CertificateType[] };
}

/** `CertificateType` as registered by IANA (RFC 7250 §3). */
const numberByType = { X509: 0, RawPublicKey: 2 } as const satisfies Readonly<Record<CertificateType, number>>;

/**
 * A client's list, in order of preference: what it can prove itself with, or what it accepts from the server.
 * @returns `undefined` for nothing but X.509: that is not sent (RFC 7250 §4.1)
 */
function encodeCertificateTypes(which: number, types: readonly CertificateType[]): Extension | undefined {
  if (types.every((type) => type === 'X509')) return undefined;
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
function decodeCertificateTypes(body: Uint8Array): readonly CertificateType[] {
  const numbers = decodeAll(body, 'certificate_type', (reader) => reader.vector8());
  if (numbers.length === 0 || (numbers.length === 1 && numbers[0] === numberByType.X509))
    throw illegalParameter('certificate_type: a list with nothing but the default is left out');
  const types = new Set<CertificateType>();
  for (const number of numbers) {
    const type = typeOf(number);
    if (type !== undefined) types.add(type);
  }
  return [...types];
}

/** The server's choice. */
function encodeCertificateType(which: number, type: CertificateType): Extension {
  return { type: which, body: Uint8Array.of(numberByType[type]) };
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a type that was not offered (RFC 7250 §4.2) */
function decodeOneOf(offered: readonly CertificateType[], body: Uint8Array): CertificateType {
  const chosen = typeOf(decodeAll(body, 'certificate_type', (reader) => reader.uint8()));
  if (chosen === undefined || !offered.includes(chosen))
    throw illegalParameter('certificate_type: the server chose a type that was not offered (RFC 7250 §4.2)');
  return chosen;
}

function typeOf(number: number): CertificateType | undefined {
  if (number === numberByType.X509) return 'X509';
  return number === numberByType.RawPublicKey ? 'RawPublicKey' : undefined;
}
