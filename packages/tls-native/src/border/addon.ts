import type { TlsErrorCode } from '@org/tls-core';
import type { CertificateFault } from '@org/tls-core/backend';
import type { CryptoAddon } from './crypto-addon.ts';
import type { LibraryOptions, Platform } from './platforms.ts';

/** C++ holds what these stand for. Only the addon makes them. */
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

/** A fault, which the platform's provider has put into the interface's terms. */
export interface NativeFault {
  readonly code: TlsErrorCode;
  /** The library's own words; `osCode` is its own number. */
  readonly detail: string;
  readonly osCode: number;
  /** Node's name for what is wrong with a certificate. */
  readonly nodeCode?: string;
  /** Comes with `nodeCode`: the name of the fault in tls-core's table. */
  readonly certificateFault?: CertificateFault;
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
  /** A server's: data that came before the handshake was done. */
  readonly earlyData?: Uint8Array;
  readonly isHandshakeDone?: true;
  readonly isPeerClosed?: true;
  readonly keyLog?: readonly string[];
  readonly sessions?: readonly NativeSession[];
  /** The handshake rests until `resume` brings the answer. */
  readonly question?: Question;
  readonly fault?: NativeFault;
}

/** A session in the library's own encoding. */
export interface NativeSession {
  readonly state: Uint8Array;
  /** How many seconds it may be resumed for. */
  readonly lifetime: number;
  /** When the first certificate of the server's path expires, in milliseconds since the epoch. It is far away where nothing was verified. */
  readonly certificatesEnd: number;
  readonly maxEarlyData: number;
}

/** The library has to be told this in the middle of a handshake. */
export type Question =
  /** A server asks it when it has read a ClientHello. Each extension is a type of 2 bytes and a body. */
  | {
      readonly kind: 'clientHello';
      readonly cipherSuites: readonly Uint8Array[];
      readonly extensions: readonly Uint8Array[];
    }
  /** A client asks it when it has read a CertificateRequest. */
  | {
      readonly kind: 'certificate';
      /** The protocol's version, in 2 bytes. */
      readonly version: readonly Uint8Array[];
      readonly signatureSchemes: readonly Uint8Array[];
      readonly authorities: readonly Uint8Array[];
    }
  /** It asks for a signature by a key that is elsewhere. `signatureScheme` is a number of 2 bytes; `input` is what to sign, not a digest. */
  | {
      readonly kind: 'sign';
      readonly signatureScheme: readonly Uint8Array[];
      readonly input: readonly Uint8Array[];
    }
  /** A server asks whether early data may be taken. `maxEarlyData` is the session's limit, in 4 bytes. */
  | {
      readonly kind: 'earlyData';
      readonly identifier: readonly Uint8Array[];
      readonly maxEarlyData: readonly Uint8Array[];
    }
  /** It asks for a verdict on the peer. The library has accepted the chain; with `acceptAny` it accepts any, and then there is no path. */
  | {
      readonly kind: 'verify';
      readonly chain: readonly Uint8Array[];
      readonly path: readonly Uint8Array[];
      readonly ocspResponse: readonly Uint8Array[];
    };

export interface Answer {
  /** Ends the handshake with this alert. */
  readonly alert?: number;
  readonly credential?: CredentialHandle;
  readonly signature?: Uint8Array;
  /** True where early data is not taken. */
  readonly declines?: boolean;
  /** Keys of 80 bytes each (see `ticket-keys.ts`). The first seals, and all open. */
  readonly ticketKeys?: readonly Uint8Array[];
  readonly ocspResponse?: Uint8Array;
  /** Answers `verify`: the path that the peer's chain leads to. */
  readonly path?: readonly Uint8Array[];
}

export interface Facts {
  /** IANA's numbers. 0 stands for none, or for one that is not known. */
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
  /** The identity of the external pre-shared key that was used. */
  readonly preSharedKey?: Uint8Array;
  /** A client's: whether the server asked for a certificate. */
  readonly wasAsked: boolean;
  readonly hasExtendedMainSecret: boolean;
  readonly ocspResponse?: Uint8Array;
  readonly peerChain: readonly Uint8Array[];
  readonly verifiedPath: readonly Uint8Array[];
}

export interface CredentialFacts {
  /** The distinguished names (DER) of its certificates' issuers. */
  readonly issuers: readonly Uint8Array[];
  /** IANA's numbers of the schemes that it signs with. */
  readonly signatureSchemes: readonly number[];
  /** The schemes that it signs with in TLS 1.2, where the hash of an ECDSA signature belongs to no curve (RFC 5246 §7.4.1.4.1). */
  readonly tls12SignatureSchemes: readonly number[];
  /** The most bytes that a signature of its key has. 0 says that the addon never asks for one. */
  readonly maxSignatureLength: number;
}

export interface ContextOptions extends LibraryOptions {
  /** Engines do their handshake by `startLater`, `receiveLater` and `resumeLater`. */
  readonly offload: boolean;
  readonly isServer: boolean;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  /** The schemes that a peer may sign with. */
  readonly signatureSchemes: readonly number[];
  /** -1 leaves the level to the system's policy. */
  readonly securityLevel: number;
  readonly ownSignatureSchemes: readonly number[];
  readonly alpn: Uint8Array;
  /** What the peer is asked for: nothing (0), a certificate if it has one (1), or a certificate in any case (2). */
  readonly verify: 0 | 1 | 2;
  /** Where the platform looks up whether a certificate was revoked: nowhere (0), in what it has (1), or also online (2). */
  readonly revocationCheck: 0 | 1 | 2;
  /** Whether only the peer's own certificate is looked up, and not its chain. */
  readonly revocationOfLeaf: boolean;
  readonly acceptsUnknownStatus: boolean;
  /** Whether the platform may resume sessions that it keeps to itself. */
  readonly resumesBySystem: boolean;
  readonly acceptAny: boolean;
  /** How many proven chains the library's own verifier remembers, where it can. */
  readonly provenChains: number;
  readonly askClientHello: boolean;
  readonly askCertificate: boolean;
  readonly askVerify: boolean;
  /** Whether a server has keys for tickets. They are given with each engine, or with the answer to `clientHello`. */
  readonly hasTicketKeys: boolean;
  readonly askEarlyData: boolean;
  readonly requestOcsp: boolean;
  readonly tickets: number;
  readonly sessionLifetimeSeconds: number;
  /** A digest of 32 bytes: a session is resumed only where the rules that it was made under have the same. */
  readonly sessionRules: Uint8Array;
  /** A server's: tickets with early data are good only for the replay guard of this name. It is empty where servers share a guard. */
  readonly replayScope: Uint8Array;
  readonly authorities: readonly Uint8Array[];
  readonly credentials: readonly CredentialHandle[];
  /** A client has at most one. */
  readonly preSharedKeys: readonly PreSharedKey[];
}

/** An external pre-shared key (RFC 8446 §4.2.11). */
export interface PreSharedKey {
  readonly identity: Uint8Array;
  readonly key: Uint8Array;
  /** The hash is SHA-384; otherwise it is SHA-256. */
  readonly isSha384: boolean;
  /** Tells this key from every other, also from one with the same identity. */
  readonly digest: Uint8Array;
}

export interface NativeEngineOptions {
  /** The name to verify. It is empty for a server. */
  readonly serverName: string;
  readonly isAddress: boolean;
  readonly alpn?: Uint8Array | undefined;
  readonly session?: Uint8Array | undefined;
  /** How many milliseconds ago the session was received. */
  readonly sessionAge: number;
  readonly earlyData: boolean;
  /** The time, in milliseconds since the epoch. */
  readonly now: number;
  readonly ocspResponse?: Uint8Array | undefined;
  /** A server's keys of 80 bytes each (see `ticket-keys.ts`). The first seals, and all open. */
  readonly ticketKeys?: readonly Uint8Array[] | undefined;
}

/** The platform library that the process uses. */
export interface NativeLibrary {
  readonly name: Platform;
  /** E.g. `OpenSSL 3.0.19`. */
  readonly version: string;
  /** The file that it was loaded from. */
  readonly path: string;
  /** Whether it is the copy of OpenSSL that Node itself consists of and uses. */
  readonly ofNode: boolean;
  /** Whether it reads by itself what the system trusts. Where it does not, `trust: 'system'` is read for it, on Windows and macOS by Node 22.15 or newer. */
  readonly hasSystemTrust: boolean;
  /** IANA's numbers, in order of preference. */
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** `undefined` where the platform has no policy that can be read. */
  readonly policy?: SystemPolicy;
}

/** What the system's administrator allows, e.g. in a configuration file. Whatever a program asks for stays within it. */
export interface SystemPolicy {
  /** The file that says so, whether or not it is there. */
  readonly file: string;
  /** 0x0303 is TLS 1.2. 0 says that there is no bound. */
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The library's own scale, from 0 to 5. With Node's own OpenSSL it is 2 at least, whatever Node was built with. */
  readonly securityLevel: number;
  /** Whether the library uses nothing but what its FIPS module implements. */
  readonly fips: boolean;
  /** IANA's numbers. */
  readonly cipherSuites: readonly number[];
}

/** The functions of the C++ side. Arguments are checked before they get here. */
export interface Addon {
  /**
   * @param libraryPath empty where `origin` says which library is meant
   * @param origin 0: what `createBackend` says of a program that names none; 1: the system's; 2: Node's own
   */
  load(libraryPath: string, origin: number): NativeLibrary | { readonly tried: readonly string[] };
  /** Gives the functions of the crypto provider, with a scratch of their own for each call. */
  loadCrypto(): CryptoAddon | { readonly tried: readonly string[] };
  createTrustStore(certificates: readonly Uint8Array[], addSystem: boolean): TrustHandle | Failed;
  /**
   * @param privateKey empty where the key is elsewhere; then each signature is asked for
   * @param signatureSchemes the only schemes that it signs with
   */
  createCredential(
    chain: readonly Uint8Array[],
    privateKey: Uint8Array,
    signatureSchemes: readonly number[] | undefined,
  ): CredentialHandle | Failed;
  describeCredential(credential: CredentialHandle): CredentialFacts;
  /** Removes the private keys of the process from the disk, where the platform needs them there. No identity is usable from here on. */
  forgetKeys(): void;
  /** @returns the very bytes in the certificate (RFC 5280 §4.1), or `undefined` where it is not written in DER */
  subjectPublicKeyInfo(certificate: Uint8Array): Uint8Array | undefined;
  createContext(options: ContextOptions, trust: TrustHandle | undefined): ContextHandle | Failed;
  createEngine(context: ContextHandle, options: NativeEngineOptions): EngineHandle | Failed;
  start(engine: EngineHandle): Outcome;
  receive(engine: EngineHandle, ciphertext: Uint8Array): Outcome;
  resume(engine: EngineHandle, answer: Answer): Outcome;
  send(engine: EngineHandle, plaintext: Uint8Array): Outcome;
  /**
   * Do the same as `receive` and `send`, but write plaintext or ciphertext into the caller's buffer. Where the call brings about nothing else
   * and that has room for it, they make no object. Otherwise all is in the outcome, and what the buffer holds has no meaning.
   * @returns how many bytes were written, or an outcome
   */
  receiveInto(engine: EngineHandle, ciphertext: Uint8Array, plaintext: Uint8Array): number | Outcome;
  sendInto(engine: EngineHandle, plaintext: Uint8Array, ciphertext: Uint8Array): number | Outcome;
  sendEarly(engine: EngineHandle, plaintext: Uint8Array): Outcome;
  close(engine: EngineHandle): Outcome;
  updateKeys(engine: EngineHandle): Outcome;
  /** Makes the library send a fatal alert. It is this one where the library can be told which. */
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
  /** Sets who is told of what the three steps below bring about, on a later turn of the event loop. It may be called once. */
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
