import type { BackendDescription } from './capabilities.ts';
import type { ConnectionInfo } from './connection-info.ts';
import type { SessionStore } from './hooks.ts';
import type { TlsError } from './tls-error.ts';
import type { TlsSession } from './session.ts';

/** The options that differ from one client connection to the next. */
export interface ClientEngineOptions {
  /**
   * The name or IP address, as text, that the peer's certificate must prove. A name is also sent as SNI (RFC 6066 §3), and an address
   * never is.
   */
  readonly serverName: string;
  /** Protocols to offer in order of preference, instead of the context's. */
  readonly alpnProtocols?: readonly (string | Uint8Array)[];
  /** A session of an earlier connection to the same server, used once. */
  readonly session?: TlsSession;
  /**
   * Keeps the sessions of this connection, instead of the context's store. Whoever dials gives one where the server's name alone does not say
   * which connections may share sessions.
   */
  readonly sessionStore?: SessionStore;
  /**
   * Sends what is given to `send` before the handshake is done at once, as early data (RFC 8446 §2.3), as far as the session allows. Anyone
   * can replay it. With `true`, what the server rejects is sent again once the handshake is done; where the server chose another protocol than
   * the session's, the connection ends with `ERR_TLS_NO_APPLICATION_PROTOCOL` in its place (RFC 8446 §4.2.10). With `once` it is dropped, and
   * `info.earlyData` says so.
   */
  readonly earlyData?: boolean | 'once';
  /** The server's ECHConfigList, e.g. from DNS (RFC 9849). The connection fails where the server cannot use it. */
  readonly echConfigList?: Uint8Array;
  /** What becomes of an `echConfigList` that holds nothing usable. Default: `refuse`. */
  readonly unusableEchConfigs?: UnusableEchConfigs;
}

/**
 * What a client does with an ECHConfigList of which it can use nothing, since it knows neither its versions nor its suites, or not an
 * extension that is mandatory (RFC 9849 §6.1). A malformed list is `ERR_TLS_CONFIG` either way.
 * - `refuse`: `ERR_TLS_CONFIG`, and the name goes nowhere
 * - `ignore`: it connects as if there were no list, with the name in the clear; `echGrease` adds a decoy. That is what the RFC recommends.
 */
export type UnusableEchConfigs = 'refuse' | 'ignore';

export interface TlsClientContext {
  readonly role: 'client';
  readonly backend: BackendDescription;
  /** Makes one connection's engine. The ClientHello goes to the sink within the first `start()`, or as soon as a thread has made it. */
  createEngine(options: ClientEngineOptions, sink: EngineSink): TlsEngine;
}

export interface TlsServerContext {
  readonly role: 'server';
  readonly backend: BackendDescription;
  createEngine(sink: EngineSink): TlsEngine;
}

/**
 * An engine holds at most so many bytes of input while it cannot read them, because a hook's Promise or an offloaded step is pending or
 * early data waits for the handshake. More is `ERR_TLS_LIMIT`. The bound is four times what a socket reads at once. An owner that stops
 * reading while `isInputHeld` is true never meets it, since what one `receive` brought is held whole.
 *
 * A server whose sink has no `earlyData` rejects early data whose session allows more than this. What is given to `send` before the
 * handshake is done comes from the owner and not from the peer, and has no bound.
 */
export const maxHeldInput = 2 ** 18;

/**
 * An engine is one connection and does no I/O. After a failure every call but `destroy` throws the same error that went to `sink.failed`.
 *
 * A call may call the sink before it returns, and the sink may call any method of the engine from within any event. Events do not nest:
 * what is produced by a call from within an event goes to the sink behind all that the engine has produced before it, so that records
 * leave in the order of their sequence numbers (RFC 8446 §5.3). An engine may have found a fault of which its sink has not been told yet.
 * Until it is told, calls are taken and what they send is dropped.
 *
 * What a sink throws is thrown by the call that led to the event, or is an uncaught exception where no call did. The engine does not
 * catch it, its state stays whole, and the events behind it follow with the next call, or with a microtask if there is none before.
 *
 * A hook may call the engine that asks it. `destroy` and `fail` end the handshake in which it is asked; any other call is done when the
 * step that asks is done.
 */
export interface TlsEngine {
  /** True while what arrives is held (see `maxHeldInput`). The owner should stop reading until `sink.inputResumed`. */
  readonly isInputHeld: boolean;
  /** Begins the handshake: a client sends its ClientHello. It is called once, before anything else. */
  start(): void;
  /** Takes bytes from the peer, however they are split. The buffer is the caller's again when the call returns. */
  receive(ciphertext: Uint8Array): void;
  /** Says that the transport has ended. Without close_notify before it, the engine fails with `ERR_TLS_TRUNCATED`. */
  receiveEnd(): void;
  /** Protects application data. Before the handshake is done it is queued. The buffer is the caller's again when the call returns. */
  send(plaintext: Uint8Array): void;
  /**
   * Sends close_notify (RFC 8446 §6.1) behind all that was sent. Data may still be received. A second call does nothing.
   *
   * Before the handshake is done, it waits for that if anything was sent, which would be lost otherwise. If nothing was sent, the handshake
   * is cancelled, and `sink.failed` is told `ERR_TLS_ABORTED`.
   */
  close(): void;
  /**
   * Asks for new traffic keys in both directions (RFC 8446 §4.6.3).
   * @throws TlsError `ERR_TLS_API_MISUSE` before the handshake is done or on a protocol without it; `ERR_TLS_UNSUPPORTED` where a platform
   *   does not do it when it is asked
   */
  requestKeyUpdate(): void;
  /**
   * Derives keying material that is bound to this connection (RFC 8446 §7.5, RFC 5705).
   * @throws TlsError `ERR_TLS_API_MISUSE` before the handshake is done, or in TLS 1.2 without extended_master_secret, where another
   *   connection can have the same (RFC 7627 §5.4)
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  /**
   * Derives keying material from the early secret (RFC 8446 §7.5), as soon as early data may be sent or is accepted.
   * @throws TlsError `ERR_TLS_API_MISUSE` when there is no early secret, `ERR_TLS_UNSUPPORTED` where the backend cannot
   */
  exportEarlyKeyingMaterial?(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  /**
   * Gives up with a reason that the adapter found, such as a timeout. The code's alert is sent and `sink.failed` is told, at once or as soon
   * as an offloaded step is done. `ERR_TLS_TIMEOUT` and `ERR_TLS_ABORTED` send user_canceled and close_notify, and only close_notify once the
   * handshake is done (RFC 8446 §6.1). A platform's library that cannot do so in the middle of its handshake sends a fatal alert of its own
   * choice.
   */
  fail(error: TlsError): void;
  /** Frees and wipes everything. Nothing more reaches the sink. A second call does nothing. */
  destroy(): void;
}

/** What an engine tells its owner. The sink may keep the buffers, but for those that it has lent itself. */
export interface EngineSink {
  /** Bytes are to be sent to the peer, in as large a batch as there is: one flight, or all records of one `send`. */
  ciphertext(batch: Uint8Array): void;
  /** Application data came from the peer. */
  plaintext(batch: Uint8Array): void;
  /**
   * Lends memory for the next `ciphertext`, so that an owner who is soon done with the bytes can lend the same again. The memory is the
   * engine's until a `ciphertext` begins in it, or until the call of the owner's in which it was asked for returns or throws; it is lent to
   * no other engine meanwhile, and shares no byte with what that call was given. An engine asks in the middle of its work, so that the sink
   * neither calls it here nor throws. It does not ask where the bytes would have to wait until an event is over.
   * @param length how many bytes there may be to send
   * @returns a buffer of that length or more; `undefined`, or a shorter one: the engine makes a buffer, which the sink may keep
   */
  ciphertextBuffer?(length: number): Uint8Array | undefined;
  /**
   * Lends memory for the next `plaintext`, by the same rules: it is how `onread` of `net.Socket` gets its data without a new buffer for
   * each read. What lies behind the batch in the buffer was written to, and is of no use.
   * @param length how many bytes of data this call can bring at most, with what surrounds them in their records
   * @returns a buffer of that length or more; `undefined`, or a shorter one: the engine makes a buffer, which the sink may keep
   */
  plaintextBuffer?(length: number): Uint8Array | undefined;
  /**
   * Early data came from a client, before its handshake is done. It may be a replay (RFC 8446 §8). What is sent from here on goes out at
   * once. Without this function, early data goes to `plaintext` once the handshake is done.
   */
  earlyData?(batch: Uint8Array): void;
  /** The handshake is done, and the peer is who it claims to be. It is called once. */
  handshake(info: ConnectionInfo): void;
  /** A session came that a later connection can resume. */
  session(session: TlsSession): void;
  /** A secret is told in one line of NSS key log format, without the newline, when the configuration asks for that. */
  keyLog(line: string): void;
  /** The peer's close_notify arrived, so that no more plaintext will. */
  closed(): void;
  /** `isInputHeld` was true and is not any more. */
  inputResumed?(): void;
  /**
   * Something that the handshake can do without did not work: a session store, a source of ticket keys, a replay guard, a staple. The
   * handshake goes on without it (no ticket, no staple, a full handshake, no early data).
   * @param warning `ERR_TLS_HOOK` with the hook's name in its message and its error as `cause`
   */
  warning?(warning: TlsError): void;
  /** The connection failed. It is called once, and an alert, if one is due, went to `ciphertext` before. */
  failed(error: TlsError): void;
}
