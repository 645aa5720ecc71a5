import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll } from '@org/tls-core/backend';

/** `PskKeyExchangeMode` (RFC 8446 §4.2.9). `psk_ke` is not done: it has no forward secrecy. */
export const PskKeyExchangeMode = { pskKe: 0, pskDheKe: 1 } as const;

export const pskDheKeMode: Extension = {
  type: ExtensionType.pskKeyExchangeModes,
  body: Uint8Array.of(1, PskKeyExchangeMode.pskDheKe),
};

export function decodePskKeyExchangeModes(body: Uint8Array): Uint8Array {
  return decodeAll(body, 'psk_key_exchange_modes', (reader) => reader.vector8(1));
}
