import { TlsError } from '@org/tls-core';
import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll } from '../reader.ts';
import { Writer } from '../writer.ts';

/** `PskIdentity` (RFC 8446 §4.2.11). */
export interface PskIdentity {
  readonly identity: Uint8Array;
  /** 32 bits; 0 for an external PSK. */
  readonly obfuscatedTicketAge: number;
}

/** `OfferedPsks`. */
export interface OfferedPsks {
  readonly identities: readonly PskIdentity[];
  /** As many as identities. */
  readonly binders: readonly Uint8Array[];
}

/** A client's `pre_shared_key`, the last of its extensions. */
export function encodeOfferedPsks({ identities, binders }: OfferedPsks): Extension {
  const body = new Writer()
    .vector16((list) => {
      for (const { identity, obfuscatedTicketAge } of identities)
        list.vector16(() => list.bytes(identity)).uint32(obfuscatedTicketAge);
    })
    .vector16((list) => {
      for (const binder of binders) list.vector8(() => list.bytes(binder));
    })
    .finish();
  return { type: ExtensionType.preSharedKey, body };
}

/** Bytes that the binders take at the end of a ClientHello, their list's length included (RFC 8446 §4.2.11.2). */
export function bindersLength(binders: readonly Uint8Array[]): number {
  return binders.reduce((sum, binder) => sum + 1 + binder.length, 2);
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when there are not as many binders as identities */
export function decodeOfferedPsks(body: Uint8Array): OfferedPsks {
  const offered = decodeAll(body, 'pre_shared_key', (reader) => ({
    identities: reader.list16(7, (each) => ({ identity: each.vector16(1), obfuscatedTicketAge: each.uint32() })),
    // shorter ones than the RFC's 32 bytes are wrong, whatever they hold: the comparison finds that
    binders: reader.list16(1, (each) => each.vector8()),
  }));
  if (offered.identities.length !== offered.binders.length) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      `pre_shared_key: ${offered.identities.length} identities and ${offered.binders.length} binders`,
    );
  }
  return offered;
}

/** The server's choice, an index into the client's identities. */
export function encodeSelectedPsk(index: number): Extension {
  return { type: ExtensionType.preSharedKey, body: new Writer(2).uint16(index).finish() };
}

export function decodeSelectedPsk(body: Uint8Array): number {
  return decodeAll(body, 'pre_shared_key', (reader) => reader.uint16());
}
