import type { TlsErrorCode } from '@org/tls-core';

/** What C++ holds for us; each is made by the addon only. */
export interface TrustHandle {
  readonly trust: unique symbol;
}
export interface CredentialHandle {
  readonly credential: unique symbol;
}
export interface ContextHandle {
  readonly context: unique symbol;
}
export interface EngineHandle {
  readonly engine: unique symbol;
}

/** A fault, as the platform's provider sees it in the interface's terms. */
export interface NativeFault {
  readonly code: TlsErrorCode;
  /** The library's own words and number. */
  readonly detail: string;
  readonly osCode: number;
  /** Of a certificate: Node's name for it. */
  readonly nodeCode?: string;
  readonly sentAlert?: number;
  readonly receivedAlert?: number;
}

export interface Failed {
  readonly fault: NativeFault;
}

/** What one call into the engine brought about. */
export interface Outcome {
  readonly ciphertext?: Uint8Array;
  readonly plaintext?: Uint8Array;
  /** A server's: what came before the handshake was done. */
  readonly earlyData?: Uint8Array;
  readonly isHandshakeDone?: true;
  readonly isPeerClosed?: true;
  readonly keyLog?: readonly string[];
  readonly sessions?: readonly NativeSession[];
  /** The handshake rests until `resume` answers it. */
  readonly question?: Question;
  readonly fault?: NativeFault;
}

/** A session as the library keeps it. */
export interface NativeSession {
  readonly state: Uint8Array;
  /** Seconds. */
  readonly lifetime: number;
  /** When the first certificate of the server's path is over, in milliseconds since the epoch; far away where nothing was verified. */
  readonly certificatesEnd: number;
  readonly maxEarlyData: number;
}

/** What the library has to be told in the middle of a handshake. */
export type Question =
  /** A server's, by ClientHello. Each extension is its type, 2 bytes, and its body. */
  | {
      readonly kind: 'clientHello';
      readonly cipherSuites: readonly Uint8Array[];
      readonly extensions: readonly Uint8Array[];
    }
  /** A client's, by CertificateRequest. */
  | {
      readonly kind: 'certificate';
      /** Of the protocol, 2 bytes. */
      readonly version: readonly Uint8Array[];
      readonly signatureSchemes: readonly Uint8Array[];
      readonly authorities: readonly Uint8Array[];
    }
  /** A signature of an identity whose key is elsewhere: the scheme's number, 2 bytes, and what to sign, not a digest of it. */
  | {
      readonly kind: 'sign';
      readonly signatureScheme: readonly Uint8Array[];
      readonly input: readonly Uint8Array[];
    }
  /** A server's: whether early data may be taken, 4 bytes of `maxEarlyData` being the session's limit. */
  | {
      readonly kind: 'earlyData';
      readonly identifier: readonly Uint8Array[];
      readonly maxEarlyData: readonly Uint8Array[];
    }
  /** The library has accepted the chain; with `acceptAny` whatever it is, and then there is no path. */
  | {
      readonly kind: 'verify';
      readonly chain: readonly Uint8Array[];
      readonly path: readonly Uint8Array[];
      readonly ocspResponse: readonly Uint8Array[];
    };

export interface Answer {
  /** Refused, with this alert. */
  readonly alert?: number;
  readonly credential?: CredentialHandle;
  readonly signature?: Uint8Array;
  /** Early data is not taken. */
  readonly declines?: boolean;
  /** 80 bytes each (see `ticket-keys.ts`); the first seals. */
  readonly ticketKeys?: readonly Uint8Array[];
  readonly ocspResponse?: Uint8Array;
  /** To verify: what the peer's chain leads to. */
  readonly path?: readonly Uint8Array[];
}

export interface Facts {
  /** As registered by IANA; 0: none, or not known. */
  readonly version: number;
  readonly cipherSuite: number;
  readonly group: number;
  readonly ownSignatureScheme: number;
  readonly peerSignatureScheme: number;
  readonly alpn?: Uint8Array;
  readonly serverName?: string;
  readonly isRetry: boolean;
  readonly isResumed: boolean;
  readonly earlyData: 'none' | 'rejected' | 'accepted';
  /** The identity of the external one that was used. */
  readonly preSharedKey?: Uint8Array;
  /** As a client: for a certificate. */
  readonly wasAsked: boolean;
  readonly hasExtendedMainSecret: boolean;
  readonly ocspResponse?: Uint8Array;
  readonly peerChain: readonly Uint8Array[];
  readonly verifiedPath: readonly Uint8Array[];
}

export interface CredentialFacts {
  /** Names of the issuers of its certificates, DER. */
  readonly issuers: readonly Uint8Array[];
  /** Numbers of the schemes that it signs with. */
  readonly signatureSchemes: readonly number[];
  /** The same in TLS 1.2, which binds the hash of an ECDSA signature to no curve (RFC 5246 §7.4.1.4.1). */
  readonly tls12SignatureSchemes: readonly number[];
  /** Bytes of the longest signature of its key; 0: none is ever asked for. */
  readonly maxSignatureLength: number;
}

export interface ContextOptions {
  /** Engines do their handshake by `startLater`, `receiveLater` and `resumeLater`. */
  readonly offload: boolean;
  readonly isServer: boolean;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  /** Of a peer. */
  readonly signatureSchemes: readonly number[];
  /** -1: the policy's. */
  readonly securityLevel: number;
  readonly ownSignatureSchemes: readonly number[];
  readonly alpn: Uint8Array;
  readonly keyLog: boolean;
  /** What is asked of the peer: nothing (0), a certificate if it has one (1), a certificate (2). */
  readonly verify: 0 | 1 | 2;
  readonly acceptAny: boolean;
  readonly askClientHello: boolean;
  readonly askCertificate: boolean;
  readonly askVerify: boolean;
  /** A server's are given with each engine, or with the answer to `clientHello`. */
  readonly hasTicketKeys: boolean;
  readonly askEarlyData: boolean;
  readonly requestOcsp: boolean;
  readonly isFallback: boolean;
  readonly allowsLegacyRenegotiation: boolean;
  readonly retriesForPostQuantum: boolean;
  readonly requiresPsk: boolean;
  readonly maxEarlyData: number;
  readonly tickets: number;
  readonly sessionLifetimeSeconds: number;
  /** 32 bytes: what sessions are made under. */
  readonly sessionRules: Uint8Array;
  /** A server's: whose memory of early data tickets belong to; empty: one that servers share. */
  readonly replayScope: Uint8Array;
  readonly authorities: readonly Uint8Array[];
  readonly credentials: readonly CredentialHandle[];
  /** A client has one at most. */
  readonly preSharedKeys: readonly PreSharedKey[];
}

/** RFC 8446 §4.2.11 */
export interface PreSharedKey {
  readonly identity: Uint8Array;
  readonly key: Uint8Array;
  /** Else SHA-256. */
  readonly isSha384: boolean;
  /** Tells it from others, also of the same identity. */
  readonly digest: Uint8Array;
}

export interface NativeEngineOptions {
  /** Empty for a server. */
  readonly serverName: string;
  readonly isAddress: boolean;
  readonly alpn?: Uint8Array | undefined;
  readonly session?: Uint8Array | undefined;
  /** Milliseconds since the session was received. */
  readonly sessionAge: number;
  readonly earlyData: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly ocspResponse?: Uint8Array | undefined;
  /** A server's: 80 bytes each (see `ticket-keys.ts`); the first seals. */
  readonly ticketKeys?: readonly Uint8Array[] | undefined;
}

/** The platform library that the process uses. */
export interface NativeLibrary {
  readonly name: Platform;
  /** E.g. `OpenSSL 3.0.19`. */
  readonly version: string;
  /** The file that it was loaded from. */
  readonly path: string;
  /** Numbers as registered by IANA, in order of preference. */
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** Where the platform has one that can be read. */
  readonly policy?: SystemPolicy;
}

/** What the system's administrator allows, e.g. by openssl.cnf. Whatever a program asks for stays within it. */
export interface SystemPolicy {
  /** The file that says so, whether or not it is there. */
  readonly file: string;
  /** 0x0303 is TLS 1.2; 0: no bound. */
  readonly minVersion: number;
  readonly maxVersion: number;
  /** OpenSSL's scale, 0 to 5. */
  readonly securityLevel: number;
  /** Numbers as registered by IANA. */
  readonly cipherSuites: readonly number[];
}

export type Platform = 'openssl' | 'schannel' | 'secureTransport';

/** The C++ side. Arguments are checked before they get here. */
export interface Addon {
  load(libraryPath: string): NativeLibrary | { readonly tried: readonly string[] };
  createTrustStore(certificates: readonly Uint8Array[], addSystem: boolean): TrustHandle | Failed;
  /**
   * @param privateKey empty: the key is elsewhere, and each signature is asked for
   * @param signatureSchemes the only ones that it signs with
   */
  createCredential(
    chain: readonly Uint8Array[],
    privateKey: Uint8Array,
    signatureSchemes: readonly number[] | undefined,
  ): CredentialHandle | Failed;
  describeCredential(credential: CredentialHandle): CredentialFacts;
  createContext(options: ContextOptions, trust: TrustHandle | undefined): ContextHandle | Failed;
  createEngine(context: ContextHandle, options: NativeEngineOptions): EngineHandle | Failed;
  start(engine: EngineHandle): Outcome;
  receive(engine: EngineHandle, ciphertext: Uint8Array): Outcome;
  resume(engine: EngineHandle, answer: Answer): Outcome;
  send(engine: EngineHandle, plaintext: Uint8Array): Outcome;
  sendEarly(engine: EngineHandle, plaintext: Uint8Array): Outcome;
  close(engine: EngineHandle): Outcome;
  updateKeys(engine: EngineHandle): Outcome;
  /** Makes the library send a fatal alert: this one, where it can be told which. */
  fail(engine: EngineHandle, alert: number): Outcome;
  exportKeyingMaterial(
    engine: EngineHandle,
    label: string,
    context: Uint8Array | undefined,
    length: number,
  ): Uint8Array | undefined;
  exportEarlyKeyingMaterial(
    engine: EngineHandle,
    label: string,
    context: Uint8Array,
    length: number,
  ): Uint8Array | undefined;
  /** What the steps below bring about comes to `listener`, on a later turn of the event loop. Called once. */
  listen(listener: (number: number, outcome: Outcome) => void): void;
  startLater(engine: EngineHandle, number: number): void;
  receiveLater(engine: EngineHandle, number: number, ciphertext: Uint8Array): void;
  resumeLater(engine: EngineHandle, number: number, answer: Answer): void;
  facts(engine: EngineHandle): Facts;
  peerChain(engine: EngineHandle): readonly Uint8Array[];
  release(engine: EngineHandle): void;
}

export function isFailed(value: object): value is Failed {
  return Object.hasOwn(value, 'fault');
}
