import { TlsError, type TlsSession } from '@org/tls-core';
import { type EarlyDataTerms, type OptionalHooks, hex } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import type { Inbound } from '../record/inbound.ts';
import type { Protection } from '../record/protection.ts';
import type { RecordWriter } from '../record/record-writer.ts';
import type { KeySchedule } from '../schedule/key-schedule.ts';
import { Transcript } from '../schedule/transcript.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { handshakeTypeName, type HandshakeMessage, type HandshakeType } from '../wire/handshake-message.ts';
import type { CommonSettings, HandshakeOverrides } from './settings.ts';
import { needChangeCipherSpec, needMessage, type Handshake } from './steps.ts';

/** TLS-Exporter of the early secret (RFC 8446 §7.5). */
export type EarlyExporter = (label: string, context: Uint8Array | undefined, length: number) => Uint8Array;

/** Who gets the sessions of a connection: while it is made, and as long as it is open. */
export interface SessionOwner {
  session(session: TlsSession): void;
  /** Asks the hooks that a connection can do without. */
  readonly optionalHooks: OptionalHooks;
}

/** What the engine does for a handshake. */
export interface HandshakeOwner extends SessionOwner {
  readonly writer: RecordWriter;
  readonly inbound: Inbound;
  /** Throws when a hook has failed or destroyed the connection: nobody waits for the handshake's next step. */
  checkGoesOn(): void;
  keyLog(line: string): void;
  /** The client may send early data from here on, under the writer's keys. */
  startEarlyData(terms: EarlyDataTerms): void;
  /** The client may not send early data any more. */
  endEarlyData(): void;
  /** True when the server's owner takes early data before the handshake is done; else the engine holds it until then. */
  readonly handsOnEarlyData: boolean;
  /** The server may send application data from here on (RFC 8446 §4.4.4). */
  startHalfRtt(): void;
  earlyExporter(exporter: EarlyExporter): void;
}

/**
 * A handshake's view of its connection: messages in and out, keys, transcript. A handshake knows nothing else of the engine and of the
 * record layer.
 */
export class HandshakeIo {
  readonly crypto: CryptoProvider;
  /**
   * The transcript of the ClientHello that counts. When a server accepts Encrypted Client Hello, the transcript of the inner one takes the
   * place of the outer one's.
   */
  transcript: Transcript;
  readonly #owner: HandshakeOwner;
  readonly #logsKeys: boolean;
  readonly #overrides: HandshakeOverrides;
  readonly #secrets: Uint8Array[] = [];
  /** By their PSKs, each of which belongs to one hash. */
  readonly #earlySecrets = new Map<Uint8Array, Uint8Array>();

  constructor(owner: HandshakeOwner, { crypto, overrides, config }: CommonSettings) {
    this.crypto = crypto;
    this.transcript = new Transcript(crypto);
    this.#owner = owner;
    owner.writer.maxFragmentLength = config.maxFragmentLength;
    owner.writer.padding = config.recordPadding;
    owner.writer.shapeContent = overrides.shapeContent;
    this.#logsKeys = config.keyLog !== false;
    this.#overrides = overrides;
  }

  /** Asks the hooks that the handshake can do without. */
  get optionalHooks(): OptionalHooks {
    return this.#owner.optionalHooks;
  }

  /** Who gets this connection's sessions; it outlives the handshake. */
  get sessionOwner(): SessionOwner {
    return this.#owner;
  }

  // Messages

  /**
   * The peer's next message, which must be of one of these types; it is not yet part of the transcript.
   * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` on a message of another type
   */
  *next(...types: readonly HandshakeType[]): Handshake<HandshakeMessage> {
    const message = this.#putBack ?? ((yield needMessage) as HandshakeMessage); // a handshake that needs a message is resumed with one
    this.#putBack = undefined;
    if (!types.some((type) => type === message.type)) {
      const expected = types.map((type) => handshakeTypeName(type)).join(' or ');
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `expected ${expected}, got ${handshakeTypeName(message.type)}`);
    }
    return message;
  }

  /** Like `next`, and adds the message to the transcript. */
  *receive(...types: readonly HandshakeType[]): Handshake<HandshakeMessage> {
    const message = yield* this.next(...types);
    this.transcript.add(message.raw);
    return message;
  }

  /** Like `receive`, for a message that may also be left out; the message that came instead is then the next one. */
  *receiveIf(type: HandshakeType): Handshake<HandshakeMessage | undefined> {
    const message = (yield needMessage) as HandshakeMessage;
    if (message.type !== type) {
      this.#putBack = message;
      return undefined;
    }
    this.transcript.add(message.raw);
    return message;
  }

  #putBack: HandshakeMessage | undefined;

  /** Waits for the peer's ChangeCipherSpec; anything else before it is fatal (RFC 5246 §7.1). */
  *receiveChangeCipherSpec(): Handshake<void> {
    yield needChangeCipherSpec;
  }

  /** The peer must now wait for us, and so it cannot have sent more. */
  refuseExcess(): void {
    this.#owner.inbound.refuseUnfinished('more handshake messages than the flight has');
  }

  /** Adds a message to the transcript and to the flight. */
  send(message: Uint8Array): void {
    this.#owner.checkGoesOn();
    for (const sent of this.#overrides.shapeMessage?.(message) ?? [message]) {
      this.transcript.add(sent);
      this.#owner.writer.handshake(sent);
    }
  }

  /** Sends messages that are no part of the transcript (RFC 8446 §4.6). */
  sendPostHandshake(messages: readonly Uint8Array[]): void {
    this.#owner.checkGoesOn();
    for (const message of messages) this.#owner.writer.handshake(message);
  }

  sendChangeCipherSpec(): void {
    this.#owner.writer.changeCipherSpec();
  }

  // Records

  /** The hellos have decided the version, which says what alerts and ChangeCipherSpec records mean from here on. */
  setVersion(version: typeof WireVersion.tls12 | typeof WireVersion.tls13): void {
    this.#owner.inbound.setVersion(version === WireVersion.tls13);
  }

  /** Sets the version in the header of unprotected records. */
  setLegacyRecordVersion(version: number): void {
    this.#owner.writer.legacyRecordVersion = version;
  }

  /** The peer accepts no records whose content is longer than this (RFC 8449 §4). */
  limitFragments(length: number): void {
    const { writer } = this.#owner;
    writer.maxFragmentLength = Math.min(writer.maxFragmentLength, length);
  }

  /** The peer has agreed to put no more into a record than we said (RFC 8449 §4). */
  enforceRecordSize(limit: number): void {
    this.#owner.inbound.enforceRecordSize(limit);
  }

  /** Protects all that is sent from here on; `undefined`: what is sent goes out in the clear again. */
  sealWith(protection: Protection | undefined): void {
    this.#owner.writer.protectWith(protection);
  }

  /** Expects all that is received from here on to be protected. */
  openWith(protection: Protection): void {
    this.#owner.checkGoesOn();
    this.#owner.inbound.openWith(protection);
  }

  /** The peer may send a certificate, and so more small records than a Finished needs. */
  expectCertificate(): void {
    this.#owner.inbound.expectCertificate();
  }

  /**
   * The hellos have chosen TLS 1.2, in which the peer sends ChangeCipherSpec at one place only (RFC 5246 §7.1).
   * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` when one came already
   */
  refuseEarlierChangeCipherSpec(): void {
    if (this.#owner.inbound.sawChangeCipherSpec)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'ChangeCipherSpec before ServerHello');
  }

  // A client's early data (RFC 8446 §4.2.10)

  /**
   * The client may send early data from here on.
   * @param protection of what it sends until then
   */
  startEarlyData(protection: Protection, terms: EarlyDataTerms): void {
    this.sealWith(protection);
    this.#owner.startEarlyData(terms);
  }

  /** The client may not send early data any more: the server has taken what it sent, or has not. */
  endEarlyData(): void {
    this.#owner.endEarlyData();
  }

  // A server's early data (RFC 8446 §4.2.10)

  /** True when early data is handed on before the handshake is done; else the engine holds it until then. */
  get handsOnEarlyData(): boolean {
    return this.#owner.handsOnEarlyData;
  }

  /** From here on, until a record opens, records that do not open are dropped, up to so many bytes. */
  skipEarlyData(maxLength: number): void {
    this.#owner.inbound.skipEarlyData(maxLength);
  }

  /** From here on the client's application data is early data, up to so many bytes. */
  openEarlyData(protection: Protection, maxLength: number): void {
    this.openWith(protection);
    this.#owner.inbound.expectEarlyData(maxLength);
  }

  /** The client has said by EndOfEarlyData that no more comes. */
  closeEarlyData(): void {
    this.#owner.inbound.endEarlyData();
  }

  /** The server may send application data from here on, before it knows that the client is alive (RFC 8446 §4.4.4). */
  startHalfRtt(): void {
    this.#owner.startHalfRtt();
  }

  // Secrets

  /** Hands the exporter of the early secret to the engine. */
  earlyExporter(exporter: EarlyExporter): void {
    this.#owner.earlyExporter(exporter);
  }

  /** Keeps a secret until the handshake ends, however it does, and then wipes it. */
  keep<Secret extends Uint8Array>(secret: Secret): Secret {
    this.#secrets.push(secret);
    return secret;
  }

  /** Early Secret of a PSK (RFC 8446 §7.1), derived once for its binder, for early data and for the handshake; kept as by `keep`. */
  earlySecret(schedule: KeySchedule, psk: Uint8Array): Uint8Array {
    const known = this.#earlySecrets.get(psk);
    if (known !== undefined) return known;
    const made = this.keep(schedule.earlySecret(psk));
    this.#earlySecrets.set(psk, made);
    return made;
  }

  wipe(): void {
    for (const secret of this.#secrets.splice(0)) secret.fill(0);
    this.#earlySecrets.clear();
  }

  /** Tells a secret to the key log, as one line of the NSS key log format (RFC 9850 §2), if the configuration wants one. */
  keyLog(label: string, clientRandom: Uint8Array, secret: Uint8Array): void {
    if (this.#logsKeys) this.#owner.keyLog(`${label} ${hex(clientRandom)} ${hex(secret)}`);
  }
}
