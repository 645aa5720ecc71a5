import { decodeAll } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** The main secret is bound to the whole handshake (RFC 7627). TLS 1.3's always is. */
export const extendedMasterSecret = {
  type: ExtensionType.extendedMasterSecret,
  name: 'extended_master_secret',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: [],
  offer: () => extendedMasterSecretExtension,
  readOffer: decodeExtendedMasterSecret,
  answer: () => extendedMasterSecretExtension,
  readAnswer: decodeExtendedMasterSecret,
} as const satisfies ExtensionDefinition<true>;

/** It is empty in either hello (RFC 7627 §5.1). */
export const extendedMasterSecretExtension: Extension = {
  type: ExtensionType.extendedMasterSecret,
  body: new Uint8Array(0),
};

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 7627 §5.1) */
export function decodeExtendedMasterSecret(body: Uint8Array): true {
  return decodeAll(body, 'extended_master_secret', () => true);
}
