import { decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/**
 * What a client sends back as it came in the HelloRetryRequest (RFC 8446 §4.2.2). The server's comes unasked, so that it is read with the
 * HelloRetryRequest and not as an answer.
 */
export const cookie = {
  type: ExtensionType.cookie,
  name: 'cookie',
  tls12: [],
  tls13: ['ClientHello', 'HelloRetryRequest'],
  mayChange: true,

  offer({ choices }: { readonly choices: { readonly cookie: Uint8Array | undefined } }) {
    return choices.cookie === undefined ? undefined : encodeCookie(choices.cookie);
  },

  readOffer: decodeCookie,
} as const satisfies ExtensionDefinition<Uint8Array>;

export function encodeCookie(bytes: Uint8Array): Extension {
  return {
    type: ExtensionType.cookie,
    body: new Writer(2 + bytes.length).vector16((body) => body.bytes(bytes)).finish(),
  };
}

export function decodeCookie(body: Uint8Array): Uint8Array {
  return decodeAll(body, 'cookie', (reader) => reader.vector16(1));
}
