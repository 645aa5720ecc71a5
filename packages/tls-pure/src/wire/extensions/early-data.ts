import { decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** Data before the handshake is done, and a ticket's word that there may be some (RFC 8446 §4.2.10). */
export const earlyData = {
  type: ExtensionType.earlyData,
  name: 'early_data',
  tls12: [],
  tls13: ['ClientHello', 'EncryptedExtensions', 'NewSessionTicket'],
  mayChange: true,

  offer({ choices }: { readonly choices: { readonly offersEarlyData: boolean } }) {
    return choices.offersEarlyData ? earlyDataIndication : undefined;
  },

  readOffer: decodeEarlyDataIndication,

  answer(_offered: true, { choices }: { readonly choices: { readonly acceptsEarlyData: boolean } }) {
    return choices.acceptsEarlyData ? earlyDataIndication : undefined;
  },

  /** What it may be answered to is the matter of the handshake, which knows the PSK. */
  readAnswer: decodeEarlyDataIndication,
} as const satisfies ExtensionDefinition<true>;

/** `early_data` of a ClientHello or EncryptedExtensions: empty (RFC 8446 §4.2.10). */
export const earlyDataIndication: Extension = { type: ExtensionType.earlyData, body: new Uint8Array(0) };

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty */
function decodeEarlyDataIndication(body: Uint8Array): true {
  return decodeAll(body, 'early_data', () => true);
}

/** Of a NewSessionTicket: `max_early_data_size`, in bytes. */
export function encodeMaxEarlyData(size: number): Extension {
  return { type: ExtensionType.earlyData, body: new Writer(4).uint32(size).finish() };
}

export function decodeMaxEarlyData(body: Uint8Array): number {
  return decodeAll(body, 'early_data', (reader) => reader.uint32());
}
