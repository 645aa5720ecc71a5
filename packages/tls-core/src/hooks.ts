import type { Identity } from './identity.ts';
import type { MaybePromise } from './maybe-promise.ts';
import type { TlsSession } from './session.ts';

/** What the ClientHello says, before anything was decided. */
export interface ClientHelloInfo {
  readonly serverName: string | undefined;
  readonly alpnProtocols: readonly string[];
  /** IANA numbers as offered, GREASE included. */
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  readonly supportedVersions: readonly number[];
}

/** Chooses what the server proves itself with. `undefined` aborts with unrecognized_name (RFC 6066 §3). */
export type SelectIdentity = (clientHello: ClientHelloInfo) => MaybePromise<Identity | undefined>;

/** The peer's chain, to be judged by a hook after or instead of the backend's own verifier. */
export interface PeerVerification {
  readonly role: 'client' | 'server';
  /** The name to prove; `undefined` for a client's certificate. */
  readonly serverName: string | undefined;
  /** DER, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** The path the backend's verifier accepted; leaf first. */
  readonly verifiedPath: readonly Uint8Array[];
  readonly ocspResponse: Uint8Array | undefined;
}

/**
 * A further judge of the peer, run inside the handshake after the backend's verifier has accepted the chain. It rejects by
 * throwing; a `TlsError` of the certificate family is passed on as it is, anything else becomes `ERR_TLS_CERTIFICATE_REJECTED`.
 */
export type VerifyPeer = (verification: PeerVerification) => MaybePromise<void>;

/** Keeps a client's sessions. `take` removes: a ticket is used once (RFC 8446 §C.4). */
export interface SessionStore {
  put(key: string, session: TlsSession): MaybePromise<void>;
  take(key: string): MaybePromise<TlsSession | undefined>;
}

/** Keys that seal tickets; the first seals, all open. Each is 32 bytes. */
export interface TicketKeys {
  current(): MaybePromise<readonly TicketKey[]>;
}

export interface TicketKey {
  readonly name: Uint8Array;
  readonly secret: Uint8Array;
}

/** Says whether early data with this identifier was seen before; the check and the mark are one step (RFC 8446 §8). */
export interface ReplayGuard {
  firstUse(identifier: Uint8Array, expiresAt: number): MaybePromise<boolean>;
}
