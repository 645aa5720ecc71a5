import { ByteStringList, decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';

/**
 * Keys that both sides have (RFC 8446 §4.2.11). It is a ClientHello's last extension, whatever the order of the others, and its binders are
 * computed when the rest of the message is written. The server's choice stands in the ServerHello, and is read and written with the keys.
 */
export const preSharedKey = {
  type: ExtensionType.preSharedKey,
  name: 'pre_shared_key',
  tls12: [],
  tls13: ['ClientHello', 'ServerHello'],
  mayChange: true,

  /** The binders are zeros yet. */
  offer({ choices: { psks } }: { readonly choices: { readonly psks: readonly PlannedPsk[] } }) {
    const binders = psks.map(({ suite }) => new Uint8Array(suite.hashLength));
    return psks.length === 0 ? undefined : encodeOfferedPsks({ identities: psks, binders });
  },

  readOffer: decodeOfferedPsks,
} as const satisfies ExtensionDefinition<ReceivedPsks>;

export interface PlannedPsk extends PskIdentity {
  readonly suite: { readonly hashLength: number };
}

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
function encodeOfferedPsks({ identities, binders }: OfferedPsks): Extension {
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

/**
 * Identities of a ClientHello that are looked at. A client has one session, or one external PSK, imported for two hashes; each look may
 * open a ticket or ask a store.
 */
const maxIdentities = 8;

/** A client's `pre_shared_key` as it came. */
export interface ReceivedPsks {
  /** The first 8, each with its binder. */
  readonly psks: readonly (PskIdentity & { readonly binder: Uint8Array })[];
  /** Bytes of all binders at the end of the ClientHello, their list's length included (§4.2.11.2). */
  readonly bindersLength: number;
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when there are not as many binders as identities */
export function decodeOfferedPsks(body: Uint8Array): ReceivedPsks {
  return decodeAll(body, 'pre_shared_key', (reader) => {
    const identities = readIdentities(reader.vector16(7));
    const list = reader.vector16(1);
    // shorter ones than the RFC's 32 bytes are wrong, whatever they hold: the comparison finds that
    const binders = new ByteStringList(list, 1, 0, 'pre_shared_key');
    if (identities.count !== binders.size) {
      throw illegalParameter(`pre_shared_key: ${identities.count} identities and ${binders.size} binders`);
    }
    const each = binders[Symbol.iterator]();
    const psks = identities.first.map((identity) => ({ binder: each.next().value ?? nothing, ...identity }));
    return { psks, bindersLength: 2 + list.length };
  });
}

const nothing = new Uint8Array(0);

/** All are checked, and the first few kept. */
function readIdentities(list: Uint8Array): { readonly first: readonly PskIdentity[]; readonly count: number } {
  return decodeAll(list, 'pre_shared_key', (reader) => {
    const first: PskIdentity[] = [];
    let count = 0;
    for (; reader.remaining > 0; count += 1) {
      if (count < maxIdentities) {
        first.push({ identity: reader.vector16(1), obfuscatedTicketAge: reader.uint32() });
      } else {
        reader.skip16(1);
        reader.skip(4);
      }
    }
    return { first, count };
  });
}

/** The server's choice, an index into the client's identities. */
export function encodeSelectedPsk(index: number): Extension {
  return { type: ExtensionType.preSharedKey, body: new Writer(2).uint16(index).finish() };
}

export function decodeSelectedPsk(body: Uint8Array): number {
  return decodeAll(body, 'pre_shared_key', (reader) => reader.uint16());
}
