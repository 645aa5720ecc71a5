import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/**
 * Encrypted Client Hello (RFC 9849). The offer and what it is opened with stand in `ech/`, and so does the decoding of all its bodies: the
 * extension decides which ClientHello counts, before any other is read.
 */
export const encryptedClientHello = {
  type: ExtensionType.encryptedClientHello,
  name: 'encrypted_client_hello',
  tls12: [],
  tls13: ['ClientHello', 'HelloRetryRequest', 'EncryptedExtensions'],
  mayChange: true, // RFC 9849 §6.1.5
  readOffer: (body) => body,

  /** What a client may try again with, when its offer could not be opened (RFC 9849 §7.1). */
  answer(_offered: Uint8Array, { choices }: { readonly choices: { readonly retryConfigs: Uint8Array | undefined } }) {
    const body = choices.retryConfigs;
    return body === undefined ? undefined : ({ type: ExtensionType.encryptedClientHello, body } satisfies Extension);
  },

  /** An ECHConfigList, or what a server sent that was shown a decoy (RFC 9849 §6.2). */
  readAnswer: (body: Uint8Array) => body,
} as const satisfies ExtensionDefinition<Uint8Array>;
