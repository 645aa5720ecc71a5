import type { ProtocolVersion } from './protocol-version.ts';

/** How a connection is secured; frozen when the handshake is done. */
export interface ConnectionInfo {
  /** The name of the backend that ran it. */
  readonly backend: string;
  /** The library behind the backend and its version, e.g. `OpenSSL 3.0.19`, or the crypto provider, e.g. `node`. */
  readonly implementation: string;
  readonly role: 'client' | 'server';
  readonly protocol: ProtocolVersion;
  /** IANA name, e.g. `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string;
  /** IANA name of the key exchange group, e.g. `x25519`; of the session's first handshake where it was resumed without a new one. */
  readonly group: string | undefined;
  /** IANA name of the scheme the server signed with, e.g. `ecdsa_secp256r1_sha256`; of the session's first handshake when resumed. */
  readonly signatureScheme: string | undefined;
  /** IANA name of the scheme the client signed with. */
  readonly clientSignatureScheme: string | undefined;
  /** The protocol chosen by ALPN (RFC 7301); `undefined` when none was. Bytes that are not UTF-8 read as Latin-1. */
  readonly alpnProtocol: string | undefined;
  /** As a client: the name that was verified. As a server: the SNI the client sent, if any. */
  readonly serverName: string | undefined;
  readonly resumed: boolean;
  readonly helloRetryRequest: boolean;
  readonly earlyData: 'none' | 'accepted' | 'rejected';
  /** Why early data was not possible; `undefined`: the backend cannot tell. */
  readonly earlyDataReason: EarlyDataReason | undefined;
  /** Encrypted Client Hello (RFC 9849): `grease` was offered as a decoy; a rejected one never gets as far as this. */
  readonly ech: 'none' | 'grease' | 'accepted';
  /** The keys are bound to the whole handshake (RFC 7627); always so in TLS 1.3; `undefined`: the backend cannot tell. */
  readonly extendedMainSecret: boolean | undefined;
  /** Identity of the external pre-shared key that was used (RFC 8446 §4.2.11), here or where the session that is resumed was made. */
  readonly externalPskIdentity: Uint8Array | undefined;
  readonly peer: PeerInfo | undefined;
  readonly clientAuthentication: 'none' | 'requested' | 'provided';
  /** The Identity that we proved ourselves with, as an index into the configuration's list; `undefined`: none, or a hook's. */
  readonly identityIndex: number | undefined;
}

/** Who the peer proved to be. */
export interface PeerInfo {
  /** DER certificates as the peer sent them, leaf first; empty with a raw public key. */
  readonly chain: readonly Uint8Array[];
  /** The path that was verified, leaf first, trust anchor last when it is a certificate; empty when the peer was not verified. */
  readonly verifiedPath: readonly Uint8Array[];
  /** SubjectPublicKeyInfo of a raw public key (RFC 7250), DER. */
  readonly rawPublicKey: Uint8Array | undefined;
  readonly ocspResponse: Uint8Array | undefined;
  /** `SignedCertificateTimestampList` (RFC 6962 §3.3). */
  readonly signedCertificateTimestamps: Uint8Array | undefined;
}

/**
 * What became of early data (RFC 8446 §4.2.10):
 * - `accepted`
 * - `disabled`: the configuration does not want it
 * - `protocolVersion`: TLS 1.3 was not spoken
 * - `noSession`: there was no session to send it with
 * - `unsupportedForSession`: the session does not allow it, or was made with another cipher suite
 * - `alpnMismatch`: another protocol than the session's (RFC 7301)
 * - `helloRetryRequest`: the server needed a second ClientHello
 * - `sessionNotResumed`: the server did not take the session
 * - `peerDeclined`: the client sent none, or the server took the session and not the data
 * - `ticketAgeSkew`: the ClientHello is too old, or the clocks differ (§8.3)
 * - `replayed`: the replay guard has seen it (§8), or cannot tell: it failed, or the ticket is of another server or time than its memory
 */
export type EarlyDataReason =
  | 'accepted'
  | 'disabled'
  | 'protocolVersion'
  | 'noSession'
  | 'unsupportedForSession'
  | 'alpnMismatch'
  | 'helloRetryRequest'
  | 'sessionNotResumed'
  | 'peerDeclined'
  | 'ticketAgeSkew'
  | 'replayed';
