import type { NonSharedBuffer } from 'node:buffer';
import { addAbortSignal, type Duplex } from 'node:stream';
import type { X509Certificate } from 'node:crypto';
import type {
  CipherNameAndProtocol,
  DetailedPeerCertificate,
  EphemeralKeyInfo,
  PeerCertificate,
  SecureContext,
} from 'node:tls';
import { isTlsError, type EngineSink, type TlsEngine, type TlsError, type TlsSession } from '@org/tls-core';
import { NetSurface } from '@org/tls-core/node';
import { builtin } from '../builtin.ts';
import { codedError, refused } from '../coded-error.ts';
import { cipherNameOf } from '../context/cipher-names.ts';
import { ephemeralKeyInfo } from '../context/key-exchange-names.ts';
import { sessionToBuffer } from '../context/session-buffer.ts';
import { openSslError } from '../context/openssl-error.ts';
import type { SecureContextOptions } from '../secure-context.ts';
import {
  checkInteger,
  checkObject,
  checkOptionalBytes,
  checkOptionalFunction,
  checkString,
} from './argument-checks.ts';
import { detailedCertificate, plainCertificate, x509Of, x509WithIssuers } from './certificates.ts';
import { ConnectionPlan } from './connection-plan.ts';
import { DeferredEngine } from './deferred-engine.ts';
import { HandleShape } from './handle-shape.ts';
import { graft } from './graft.ts';
import { askedBeforehand } from './on-read.ts';
import { programError } from './program-error.ts';
import type { TLSSocketOptions } from './socket-options.ts';

type Done = (error?: Error | null) => void;

/** Where a client dials, for the error of a connection that ends in its handshake. */
export interface DialledTarget {
  readonly path?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly localAddress?: string | undefined;
}

/**
 * Node's tls.TLSSocket over any backend. A server's handshake begins in the next tick, and a client's by the first write or by `connect`,
 * once the connection below is there, so that a program can still say what it is to be.
 *
 * It is `instanceof net.Socket`, since programs ask that before they take it for one.
 */
export class TLSSocket extends NetSurface {
  readonly encrypted = true;
  authorized = false;
  /** Why the peer is not to be trusted: Node's code, as Node gives it; `null` where there is no reason. */
  authorizationError: Error = null as never;
  alpnProtocol: string | false | null = null;
  servername: string | false | null = null;
  secureConnecting = true;
  readonly server: unknown;
  /** The connection below, by Node's name for it. */
  readonly _parent: Duplex;
  /** Where it dials, if it does. */
  dialled: DialledTarget = {};

  readonly #engine: DeferredEngine;
  readonly #plan: ConnectionPlan;
  readonly #isDialler: boolean;
  /** Our errors behind those that the program sees. */
  readonly #handle = new HandleShape(this);
  readonly #origins = new WeakMap<Error, TlsError>();
  #session: NonSharedBuffer | undefined;
  #heldSession: NonSharedBuffer | undefined;
  #isAnnounced = false;
  #bytesIn = 0;
  #bytesOut = 0;

  /** @throws TypeError, Error with Node's code on an option that cannot be used */
  constructor(socket?: Duplex | null, options: TLSSocketOptions = {}) {
    const plan = new ConnectionPlan(options);
    const below = socket ?? new builtin.net.Socket();
    const allowHalfOpen = socket?.allowHalfOpen ?? options.allowHalfOpen ?? false;
    let engine: DeferredEngine | undefined;
    const makeEngine = (sink: EngineSink): TlsEngine => {
      engine = new DeferredEngine(sink, {
        handshake: () => undefined,
        session: (session) => this.#gotSession(session),
        early: (bytes) => this.#gotEarly(bytes),
      });
      return engine;
    };
    const { handshakeTimeout = 0, highWaterMark } = options;
    const isDialler = socket === undefined || socket === null;
    const onread = options.onread && isDialler ? askedBeforehand(options.onread) : undefined;
    super(below, makeEngine, { handshakeTimeout, highWaterMark, allowHalfOpen, onread });
    if (engine === undefined) throw new TypeError('the stream has made no engine');
    this.#engine = engine;
    this.#plan = plan;
    this.#isDialler = isDialler;
    this.server = options.server;
    this._parent = below;
    plan.attach(this, () => {
      this.#engine.isMuted = true;
    });
    this.on('error', this._tlsError);
    this.#forwardEvents(below);
    if (options.pauseOnConnect === true) this.pause();
    if (options.signal !== undefined) addAbortSignal(options.signal, this);
    if (plan.isServer) process.nextTick(() => this._start());
  }

  /** An object while the socket is open, and `null` afterwards, as Node has it. */
  get _handle(): HandleShape | null {
    return this.destroyed ? null : this.#handle;
  }

  get ssl(): HandleShape | null {
    return this._handle;
  }

  /** Begins the handshake as soon as the connection below is there. */
  _start(): void {
    if (this.destroyed || this.#engine.isBegun) return;
    if (isUnconnected(this._parent)) this._parent.once('connect', this.#begin);
    else this.#begin();
  }

  /** A listener of `error` that is there until the socket is given to the program. */
  readonly _tlsError = (error: Error): void => {
    this.emit('_tlsError', error);
  };

  /** Leaves the errors to the program. */
  _releaseControl(): boolean {
    const isHeld = this.listeners('error').includes(this._tlsError);
    this.removeListener('error', this._tlsError);
    return isHeld;
  }

  /**
   * Dials, where no connection was given. It takes what net.Socket's `connect` takes. A socket that is destroyed does not dial: nobody
   * would own the connection.
   * @throws Error with Node's code on a target that cannot be
   */
  override connect(...target: readonly unknown[]): this {
    if (this.destroyed) return this;
    const listener = target.at(-1);
    const rest = typeof listener === 'function' ? target.slice(0, -1) : target;
    if (typeof listener === 'function') this.once('connect', listener as () => void);
    const { connect } = this._parent as Partial<{ connect: (...args: readonly unknown[]) => unknown }>;
    if (connect === undefined) throw refused('connect()', 'the connection below is none that dials');
    Reflect.apply(connect, this._parent, rest);
    return this;
  }

  /** True when the peer shows the session of an earlier connection. */
  isSessionReused(): boolean {
    return this.info?.resumed ?? false;
  }

  /** Why the peer is not to be trusted; `undefined` where it is, or was not asked. */
  get peerError(): Error | undefined {
    return this.#plan.peerError(this.info);
  }

  /**
   * Says what the handshake has shown of the peer, for whoever gives the socket out.
   * @param isAsked whether the peer had to prove who it is
   */
  conclude({ isAsked }: { readonly isAsked: boolean }): void {
    const error: (Error & { readonly code?: unknown }) | undefined = this.peerError;
    this.authorized = isAsked && error === undefined;
    if (error !== undefined) this.authorizationError = (error.code ?? error.message) as never;
    this.secureConnecting = false;
  }

  getProtocol(): string | null {
    return this.info?.protocol ?? null;
  }

  getCipher(): CipherNameAndProtocol {
    // Node gives `undefined` before the handshake is done, and its types do not say so
    return this.info === undefined ? (undefined as never) : cipherNameOf(this.info.cipherSuite);
  }

  getEphemeralKeyInfo(): EphemeralKeyInfo | object | null {
    if (this.#plan.isServer) return null;
    return ephemeralKeyInfo(this.info?.group);
  }

  getPeerCertificate(detailed: true): DetailedPeerCertificate;
  getPeerCertificate(detailed?: false): PeerCertificate;
  getPeerCertificate(detailed?: boolean): PeerCertificate | DetailedPeerCertificate;
  getPeerCertificate(detailed?: boolean): PeerCertificate | DetailedPeerCertificate {
    if (this.destroyed) return null as never;
    const path = this.#plan.peerPath(this.info);
    const found = detailed === true ? detailedCertificate(path) : plainCertificate(path[0]);
    return found ?? ({} as PeerCertificate);
  }

  getPeerX509Certificate(): X509Certificate | undefined {
    return x509WithIssuers(this.#plan.peerPath(this.info));
  }

  getCertificate(): PeerCertificate | object | null {
    if (this.destroyed) return null;
    return plainCertificate(this.#plan.ownCertificate(this.info)) ?? {};
  }

  getX509Certificate(): X509Certificate | undefined {
    return x509Of(this.#plan.ownCertificate(this.info));
  }

  /** The newest session. In TLS 1.3 there is none before the server has sent a ticket; what is given until then resumes nothing. */
  getSession(): NonSharedBuffer | undefined {
    return this.#session ?? this.#plan.sessionBefore(this.info);
  }

  /** The ticket is within the session; nothing but `getSession` resumes a connection. */
  getTLSTicket(): NonSharedBuffer | undefined {
    return this.#session ?? (this.isSessionReused() ? this.#plan.sessionBefore(this.info) : undefined);
  }

  /** @throws Error always: no backend gives the verify_data of its Finished messages */
  getFinished(): NonSharedBuffer | undefined {
    throw refused('getFinished()', 'use exportKeyingMaterial() to bind to the connection (RFC 9266)');
  }

  /** @throws Error always, as `getFinished` */
  getPeerFinished(): NonSharedBuffer | undefined {
    throw refused('getPeerFinished()', 'use exportKeyingMaterial() to bind to the connection (RFC 9266)');
  }

  /** The signature schemes that a server has in common with its client, by OpenSSL's names; a client does not know them. */
  getSharedSigalgs(): string[] {
    return this.#plan.sharedSigalgs;
  }

  override exportKeyingMaterial(length: number, label: string, context?: Uint8Array): NonSharedBuffer {
    checkInteger('length', length, 1);
    checkString('label', label);
    checkOptionalBytes('context', context);
    if (this.info === undefined)
      throw codedError('ERR_TLS_INVALID_STATE', 'TLS socket connection must be securely established');
    return Buffer.from(super.exportKeyingMaterial(length, label, context));
  }

  /** Says which session to resume, before the handshake begins. What is no session of this package is passed over, as Node does. */
  setSession(session: Buffer | Uint8Array | string): void {
    this.#plan.session = session;
  }

  /** Says which name to send, before the handshake begins. */
  setServername(name: string): void {
    checkString('name', name);
    if (this.#plan.isServer)
      throw codedError('ERR_TLS_SNI_FROM_SERVER', 'Cannot issue SNI from a TLS server-side socket');
    this.#plan.servername = name;
  }

  /**
   * Says what we prove ourselves with: before the handshake begins, or in a server's ALPNCallback. Nothing but the certificates and the keys
   * of the context are taken; whom we trust and what we speak stay as they are.
   */
  setKeyCert(context: SecureContext | SecureContextOptions): void {
    this.#plan.setKeyCert(context);
  }

  /** No renegotiation is ever taken part in, so that there is nothing to turn off. */
  disableRenegotiation(): void {}

  /** Renegotiation does not exist in TLS 1.3 and is refused in TLS 1.2 (RFC 9325 §3.5). */
  renegotiate(options: object, callback?: (error: Error | null) => void): undefined | boolean {
    checkObject('options', options);
    checkOptionalFunction('callback', callback);
    if (this.destroyed) return undefined;
    const is12 = this.getProtocol() === 'TLSv1.2';
    const reason = is12 ? { number: 339, reason: 'no renegotiation' } : { number: 266, reason: 'wrong ssl version' };
    if (callback !== undefined) process.nextTick(callback, openSslError(reason));
    return false;
  }

  /** Limits the plaintext of the records that come from now on. */
  setMaxSendFragment(size: number): boolean {
    checkInteger('size', size, -(2 ** 31));
    if (size < 512 || size > 16_384) return false;
    this.#engine.maxFragment = size;
    return true;
  }

  /** @throws Error always: no backend prints its messages */
  enableTrace(): void {
    throw refused('enableTrace()', 'listen to "keylog" and look at the connection with Wireshark');
  }

  /** Under this name programs that know Node's sockets ask whether the handshake is done. */
  get _secureEstablished(): boolean {
    return this.info !== undefined;
  }

  /** The bytes that were written and are not sent yet; `undefined` once the socket is closed, as Node has it. */
  override get bufferSize(): number {
    return this.destroyed ? (undefined as never) : this.writableLength;
  }

  override get bytesRead(): number {
    return this.#bytesIn;
  }

  override get bytesWritten(): number {
    return this.#bytesOut + this.writableLength;
  }

  protected override deliver(batch: Uint8Array): boolean {
    this.#bytesIn += batch.length;
    return super.deliver(batch);
  }

  protected override sendAtOnce(bytes: Uint8Array): boolean {
    this.#bytesOut += bytes.length;
    return super.sendAtOnce(bytes);
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: Done): void {
    this._start();
    this.#counted(chunk.length, done, (sent) => super._write(chunk, encoding, sent));
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    const length = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    this._start();
    this.#counted(length, done, (sent) => super._writev(chunks, sent));
  }

  override _final(done: (error?: Error | null) => void): void {
    this._start();
    super._final((error) => done(error && !this.#isOverAnyway(error) ? this.#programError(error) : null));
  }

  override destroy(error?: Error | null): this {
    if (!error || this.#isOverAnyway(error)) return super.destroy();
    return super.destroy(this.#programError(error));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // there is no alert that the connection would have to carry
    if (this.#engine.isMuted) this._parent.destroy();
    super._destroy((error && this.#origins.get(error)) ?? error, () => done(error));
  }

  protected override announceSecure(): void {
    const { info } = this;
    if (info === undefined) return;
    this.alpnProtocol = info.alpnProtocol ?? false;
    this.servername ??= this.#plan.nameOf(info);
    super.announceSecure();
    this.#isAnnounced = true;
    const session = this.#heldSession;
    this.#heldSession = undefined;
    if (session !== undefined && !this.destroyed) this.emit('session', session);
    this.#engine.announced();
  }

  #gotSession(given: TlsSession): void {
    // a server of TLS 1.2 that renews no ticket leaves a client with the one that it has shown, which is no news
    if (this.destroyed || this.#plan.isServer || this.#plan.isOffered(given)) return;
    const session = Buffer.from(sessionToBuffer(given));
    this.#session = session;
    if (this.#isAnnounced) this.emit('session', session);
    else this.#heldSession = session;
  }

  /** Begins a handshake that waits for what the client offers. */
  #gotEarly(bytes: Uint8Array): boolean {
    if (!this.#plan.read(bytes)) return false;
    process.nextTick(this.#begin);
    return true;
  }

  readonly #begin = (): void => {
    if (this.destroyed || this.#engine.isBegun || !this.#plan.isReady) return;
    let real: TlsEngine;
    try {
      real = this.#plan.makeEngine(this.#engine.makeSink());
    } catch (error) {
      this.destroy(error as Error);
      return;
    }
    this.#engine.begin(real);
  };

  #forwardEvents(below: Duplex): void {
    below.once('connect', () => {
      if (this.destroyed) return;
      this.emit('connect');
      if (this.#isDialler) this.emit('ready');
    });
    if (!this.#isDialler) {
      // whoever destroys the connection below means this one; at the end of the peer's side there may be something left to read
      below.once('close', () => {
        if (!below.readableEnded) this.destroy();
      });
      return;
    }
    for (const event of ['lookup', 'connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout'])
      below.on(event, (...facts: readonly unknown[]) => this.emit(event, ...facts));
  }

  /** A write of Node is never done in the turn in which it is made: `bufferSize` grows meanwhile, and what follows goes out as one. */
  #counted(length: number, done: Done, write: (done: Done) => void): void {
    let isSameTurn = true;
    write((error) => {
      this.#bytesOut += length;
      const seen = error && this.#programError(error);
      if (isSameTurn) process.nextTick(done, seen);
      else done(seen);
    });
    isSameTurn = false;
  }

  #programError(error: Error): Error {
    if (!isTlsError(error)) return error;
    const seen = this.#isCutInHandshake(error) ? this.#connectionReset() : this.#plan.explained(programError(error));
    this.#origins.set(seen, error);
    return seen;
  }

  /** What fails when both sides have said all they had to say is only the goodbye, which nobody is there to hear. */
  #isOverAnyway(error: Error): boolean {
    if (!isTlsError(error) || error.code !== 'ERR_TLS_TRANSPORT') return false;
    return this.#engine.isPeerClosed && this.writableEnded && this.writableLength === 0;
  }

  #isCutInHandshake(error: TlsError): boolean {
    // to Node, close_notify is an end like any other
    const isGoodbye = error.code === 'ERR_TLS_ALERT' && error.alert === 0;
    return this.info === undefined && (isGoodbye || error.code === 'ERR_TLS_TRUNCATED');
  }

  #connectionReset(): Error {
    if (this.#plan.isServer) return codedError('ECONNRESET', 'socket hang up');
    const message = 'Client network socket disconnected before secure TLS connection was established';
    const { path, host, port, localAddress } = this.dialled;
    return Object.assign(codedError('ECONNRESET', message), { path, host, port, localAddress });
  }
}

graft(TLSSocket, builtin.Duplex, builtin.net.Socket);

/** True for a net.Socket that has not connected yet. */
function isUnconnected(below: Duplex): boolean {
  return below instanceof builtin.net.Socket && !below.destroyed && (below.connecting || below.pending);
}
