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
  /** IANA name of the key exchange group, e.g. `x25519`. */
  readonly group: string | undefined;
  /** IANA name of the scheme in the server's CertificateVerify, e.g. `ecdsa_secp256r1_sha256`. */
  readonly signatureScheme: string | undefined;
  /** The protocol chosen by ALPN (RFC 7301); `undefined` when none was. Bytes that are not UTF-8 read as Latin-1. */
  readonly alpnProtocol: string | undefined;
  /** As a client: the name that was verified. As a server: the SNI the client sent, if any. */
  readonly serverName: string | undefined;
  readonly resumed: boolean;
  readonly helloRetryRequest: boolean;
  readonly earlyData: 'none' | 'accepted' | 'rejected';
  readonly peer: PeerInfo | undefined;
  readonly clientAuthentication: 'none' | 'requested' | 'provided';
}

/** Who the peer proved to be. */
export interface PeerInfo {
  /** DER certificates as the peer sent them, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** The path that was verified, leaf first, trust anchor last when it is a certificate; empty when the peer was not verified. */
  readonly verifiedPath: readonly Uint8Array[];
  readonly ocspResponse: Uint8Array | undefined;
}
