import { decodeAll, type Reader, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';
import { hasTwice } from '../number-set.ts';
import { NumberedVectors } from '../numbered-vectors.ts';

/**
 * The public keys of the key exchange (RFC 8446 §4.2.8). The server's stand in the ServerHello and the HelloRetryRequest, and are read and
 * written with the key exchange itself.
 */
export const keyShare = {
  type: ExtensionType.keyShare,
  name: 'key_share',
  tls12: [],
  tls13: ['ClientHello', 'ServerHello', 'HelloRetryRequest'],
  mayChange: true,

  offer({ choices }: { readonly choices: ShareChoices }) {
    const shares = choices.keyShares.map((each) => ({ group: each.group.id, keyExchange: each.keyShare.publicKey }));
    const decoy = choices.grease?.shareGroup;
    if (decoy !== undefined) shares.unshift({ group: decoy, keyExchange: new Uint8Array(1) });
    return encodeClientKeyShares(shares);
  },

  readOffer: decodeClientKeyShares,
} as const satisfies ExtensionDefinition<NumberedVectors>;

export interface ShareChoices {
  readonly keyShares: readonly {
    readonly group: { readonly id: number };
    readonly keyShare: { readonly publicKey: Uint8Array };
  }[];
  /** `shareGroup`: the group of a share that is none (RFC 8701 §3.1). */
  readonly grease: { readonly shareGroup: number | undefined } | undefined;
}

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
  if (hasTwice(shares.numbers)) throw illegalParameter('key_share: a group stands twice');
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
