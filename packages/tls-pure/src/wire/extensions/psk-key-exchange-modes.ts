import { decodeAll } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** How a client uses pre-shared keys (RFC 8446 §4.2.9). */
export const pskKeyExchangeModes = {
  type: ExtensionType.pskKeyExchangeModes,
  name: 'psk_key_exchange_modes',
  tls12: [],
  tls13: ['ClientHello'],
  offer: () => pskDheKeMode,
  readOffer: (body) => decodeAll(body, 'psk_key_exchange_modes', (reader) => reader.vector8(1)),
} as const satisfies ExtensionDefinition<Uint8Array>;

/** `PskKeyExchangeMode` (RFC 8446 §4.2.9). `psk_ke` is not done: it has no forward secrecy. */
export const PskKeyExchangeMode = { pskKe: 0, pskDheKe: 1 } as const;

const pskDheKeMode: Extension = {
  type: ExtensionType.pskKeyExchangeModes,
  body: Uint8Array.of(1, PskKeyExchangeMode.pskDheKe),
};
