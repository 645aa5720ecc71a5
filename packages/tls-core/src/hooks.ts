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
  /** DER-encoded distinguished names of `certificate_authorities` (RFC 8446 §4.2.4); empty when there is none. */
  readonly certificateAuthorities: readonly Uint8Array[];
}

/**
 * Chooses what the server proves itself with. Of a list, which has 1 to 64, the first is used that can sign with a scheme of the client. With
 * `undefined` it aborts with unrecognized_name (RFC 6066 §3). An object is read once, so that another identity has to be another object.
 */
export type SelectIdentity = (clientHello: ClientHelloInfo) => MaybePromise<Identity | readonly Identity[] | undefined>;

/** What a server's CertificateRequest asks for (RFC 8446 §4.3.2). */
export interface CertificateRequestInfo {
  /** IANA numbers. */
  readonly signatureSchemes: readonly number[];
  /** DER-encoded distinguished names; empty: any. */
  readonly certificateAuthorities: readonly Uint8Array[];
}

/**
 * Chooses what the client proves itself with, in place of `identity`. Of a list, which has 1 to 64, the first is used that the server accepts.
 * With `undefined` it sends no certificate. An object is read once.
 */
export type SelectClientIdentity = (
  request: CertificateRequestInfo,
) => MaybePromise<Identity | readonly Identity[] | undefined>;

/** The peer's chain or key, to be judged by a hook after or instead of the backend's own verifier. */
export interface PeerVerification {
  readonly role: 'client' | 'server';
  /** The name to prove; `undefined` for a client's certificate. */
  readonly serverName: string | undefined;
  /** DER, leaf first; empty when the peer has a raw public key. */
  readonly chain: readonly Uint8Array[];
  /** The path the backend's verifier accepted; leaf first. */
  readonly verifiedPath: readonly Uint8Array[];
  /** SubjectPublicKeyInfo of a raw public key (RFC 7250), DER. */
  readonly rawPublicKey: Uint8Array | undefined;
  /** The stapled OCSP response (RFC 6066 §8), DER. Our backends' verifiers have judged it: it does not say that the certificate is revoked. */
  readonly ocspResponse: Uint8Array | undefined;
  /** `SignedCertificateTimestampList` (RFC 6962 §3.3), not yet judged. */
  readonly signedCertificateTimestamps: Uint8Array | undefined;
  /** The peer was verified when the session was made; this connection resumes it. */
  readonly resumed: boolean;
}

/**
 * A further judge of the peer, run inside the handshake after the backend's verifier has accepted the chain. It accepts by giving
 * `undefined`, and rejects by throwing or by giving an Error: a `TlsError` of the certificate family is passed on as it is, anything else
 * becomes `ERR_TLS_CERTIFICATE_REJECTED`. Any other answer, `false` as well as `true`, is `ERR_TLS_HOOK`.
 */
export type VerifyPeer = (verification: PeerVerification) => MaybePromise<void>;

/**
 * Keeps a client's sessions. `take` removes: a ticket is used once (RFC 8446 §C.4). Nothing waits for `put`; where the store fails, or gives
 * no answer within a second, the handshake is a full one and the sink is warned.
 */
export interface SessionStore {
  put(key: string, session: TlsSession): MaybePromise<void>;
  take(key: string): MaybePromise<TlsSession | undefined>;
}

/** Keeps a server's sessions, by an identifier of at most 32 bytes. `take` removes: each can be resumed once. As `SessionStore` otherwise. */
export interface ServerSessionStore {
  /** @param state secret bytes; who holds them can resume the session */
  put(identifier: Uint8Array, state: Uint8Array, expiresAt: number): MaybePromise<void>;
  take(identifier: Uint8Array): MaybePromise<Uint8Array | undefined>;
}

/** Keys that seal tickets; the first seals, all open. Where they cannot be had within a second there is no ticket, and the sink is warned. */
export interface TicketKeys {
  current(): MaybePromise<readonly TicketKey[]>;
}

/** Not to be changed once it was given: another key is another object. */
export interface TicketKey {
  /** 16 bytes, no secret: it stands in the ticket. */
  readonly name: Uint8Array;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/**
 * Says whether early data with this identifier was seen before; the check and the mark are one step (RFC 8446 §8). It is remembered until
 * `expiresAt`, that instant included. Where the guard fails, or gives no answer within a second, no early data is taken.
 */
export interface ReplayGuard {
  firstUse(identifier: Uint8Array, expiresAt: number): MaybePromise<boolean>;
}

/** A pre-shared key that was agreed on outside of TLS (RFC 8446 §4.2.11, RFC 9257). */
export interface ExternalPsk {
  /** 1 to 65535 bytes, sent in the clear. */
  readonly identity: Uint8Array;
  /** At least 16 bytes of full entropy; never a password (RFC 9257 §4). */
  readonly key: Uint8Array;
  /** The hash it belongs to; default `sha256`. */
  readonly hash?: 'sha256' | 'sha384';
  /** Set: the key is imported for each hash of TLS 1.3 (RFC 9258); both sides must do the same. */
  readonly importer?: {
    /** Binds the key to a use (RFC 9258 §5.1); 0 to 65535 bytes. */
    readonly context: Uint8Array;
  };
}

/** A certificate compression algorithm (RFC 8879); `zlib` is 1, `brotli` 2, `zstd` 3. */
export interface CertificateCompressor {
  /** Number as registered by IANA. */
  readonly algorithm: number;
  /** Absent: certificates are only received compressed. */
  readonly compress?: (certificate: Uint8Array) => MaybePromise<Uint8Array>;
  /**
   * Absent: certificates are only sent compressed.
   * @param length the length that the result must have; more must not be produced
   */
  readonly decompress?: (compressed: Uint8Array, length: number) => MaybePromise<Uint8Array>;
}
