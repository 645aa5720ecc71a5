import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll } from '@org/tls-core/backend';

/** `extended_master_secret`, empty in either hello (RFC 7627 §5.1). */
export const extendedMasterSecretExtension: Extension = {
  type: ExtensionType.extendedMasterSecret,
  body: new Uint8Array(0),
};

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 7627 §5.1) */
export function decodeExtendedMasterSecret(body: Uint8Array): void {
  decodeAll(body, 'extended_master_secret', () => undefined);
}
