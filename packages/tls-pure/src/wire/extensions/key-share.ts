import { TlsError } from '@org/tls-core';
import { ExtensionType, type Extension } from '../extension.ts';
import { hasTwice } from '../number-set.ts';
import { NumberedVectors } from '../numbered-vectors.ts';
import { decodeAll, type Reader, Writer } from '@org/tls-core/backend';

/** `KeyShareEntry` (RFC 8446 §4.2.8). */
export interface KeyShareEntry {
  readonly group: number;
  readonly keyExchange: Uint8Array;
}

/** `KeyShareClientHello`. */
export function encodeClientKeyShares(entries: readonly KeyShareEntry[]): Extension {
  const body = new Writer()
    .vector16((list) => {
      for (const { group, keyExchange } of entries) list.uint16(group).vector16(() => list.bytes(keyExchange));
    })
    .finish();
  return { type: ExtensionType.keyShare, body };
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when a group stands twice (RFC 8446 §4.2.8) */
export function decodeClientKeyShares(body: Uint8Array): NumberedVectors {
  const list = decodeAll(body, 'key_share', (reader) => reader.vector16());
  const shares = new NumberedVectors(list, 1, 'key_share');
  if (hasTwice(shares.numbers)) throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'key_share: a group stands twice');
  return shares;
}

/** `KeyShareServerHello`. */
export function encodeServerKeyShare({ group, keyExchange }: KeyShareEntry): Extension {
  const body = new Writer(4 + keyExchange.length)
    .uint16(group)
    .vector16((each) => each.bytes(keyExchange))
    .finish();
  return { type: ExtensionType.keyShare, body };
}

export function decodeServerKeyShare(body: Uint8Array): KeyShareEntry {
  return decodeAll(body, 'key_share', readEntry);
}

/** `KeyShareHelloRetryRequest`: the group the server wants. */
export function encodeSelectedGroup(group: number): Extension {
  return { type: ExtensionType.keyShare, body: new Writer(2).uint16(group).finish() };
}

export function decodeSelectedGroup(body: Uint8Array): number {
  return decodeAll(body, 'key_share', (reader) => reader.uint16());
}

function readEntry(reader: Reader): KeyShareEntry {
  return { group: reader.uint16(), keyExchange: reader.vector16(1) };
}
