import { TlsError, type TlsSession } from '@org/tls-core';
import { type OptionalHooks, hex } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import type { Inbound } from '../record/inbound.ts';
import type { Protection } from '../record/protection.ts';
import type { RecordWriter } from '../record/record-writer.ts';
import { Transcript } from '../schedule/transcript.ts';
import { handshakeTypeName, type HandshakeMessage, type HandshakeType } from '../wire/handshake-message.ts';
import type { CommonSettings, HandshakeOverrides } from './settings.ts';
import { needChangeCipherSpec, needMessage, type Handshake } from './steps.ts';

/** TLS-Exporter of the early secret (RFC 8446 §7.5). */
export type EarlyExporter = (label: string, context: Uint8Array | undefined, length: number) => Uint8Array;

/** What the engine does for a handshake. */
export interface HandshakeOwner {
  readonly writer: RecordWriter;
  readonly inbound: Inbound;
  /** Throws when a hook has ended the connection: what comes next would be done for nobody. */
  checkGoesOn(): void;
  keyLog(line: string): void;
  /** A client may send so many bytes of early data from here on, under the writer's keys. */
  startEarlyData(maxLength: number, isSentAgain: boolean): void;
  /** It may not any more. What was sent is sent again unless it was accepted, or is not to be. */
  endEarlyData(isAccepted: boolean): void;
  /** A server's owner takes early data before the handshake is done; else it is held until then. */
  readonly handsOnEarlyData: boolean;
  /** A server may send application data from here on (RFC 8446 §4.4.4). */
  startHalfRtt(): void;
  earlyExporter(exporter: EarlyExporter): void;
  session(session: TlsSession): void;
  /** The hooks that the handshake can do without. */
  readonly optionalHooks: OptionalHooks;
}

/** A handshake's view of its connection: messages in and out, keys, transcript. */
export class HandshakeIo {
  readonly crypto: CryptoProvider;
  /** What it is: an Encrypted Client Hello changes it for another. */
  transcript: Transcript;
  readonly owner: HandshakeOwner;
  readonly #logsKeys: boolean;
  readonly #overrides: HandshakeOverrides;
  readonly #secrets: Uint8Array[] = [];

  constructor(owner: HandshakeOwner, { crypto, keyLog, overrides, maxFragmentLength, recordPadding }: CommonSettings) {
    this.crypto = crypto;
    this.transcript = new Transcript(crypto);
    this.owner = owner;
    owner.writer.maxFragmentLength = maxFragmentLength;
    owner.writer.padding = recordPadding;
    owner.writer.shapeContent = overrides.shapeContent;
    this.#logsKeys = keyLog;
    this.#overrides = overrides;
  }

  /**
   * The peer's next message, which must be of one of these types; it is not yet part of the transcript.
   * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` on any other
   */
  *next(...types: readonly HandshakeType[]): Handshake<HandshakeMessage> {
    const message = this.#putBack ?? ((yield needMessage) as HandshakeMessage); // what the engine resumes with
    this.#putBack = undefined;
    if (!types.some((type) => type === message.type)) {
      const expected = types.map((type) => handshakeTypeName(type)).join(' or ');
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `expected ${expected}, got ${handshakeTypeName(message.type)}`);
    }
    return message;
  }

  /** As `next`, and adds it to the transcript. */
  *receive(...types: readonly HandshakeType[]): Handshake<HandshakeMessage> {
    const message = yield* this.next(...types);
    this.transcript.add(message.raw);
    return message;
  }

  /** As `receive`, of a message that may also be left out; the one that came instead is then the next. */
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

  /** The peer's ChangeCipherSpec; anything else before it is fatal (RFC 5246 §7.1). */
  *receiveChangeCipherSpec(): Handshake<void> {
    yield needChangeCipherSpec;
  }

  /** The peer must now wait for us: it cannot have sent more. */
  refuseExcess(): void {
    this.owner.inbound.refuseUnfinished('more handshake messages than the flight has');
  }

  /** Adds a message to the transcript and to the flight. */
  send(message: Uint8Array): void {
    this.owner.checkGoesOn();
    for (const sent of this.#overrides.shapeMessage?.(message) ?? [message]) {
      this.transcript.add(sent);
      this.owner.writer.handshake(sent);
    }
  }

  /** Sends messages that are no part of the transcript (RFC 8446 §4.6). */
  sendPostHandshake(messages: readonly Uint8Array[]): void {
    this.owner.checkGoesOn();
    for (const message of messages) this.owner.writer.handshake(message);
  }

  sendChangeCipherSpec(): void {
    this.owner.writer.changeCipherSpec();
  }

  /** Sets the version in the header of unprotected records. */
  setLegacyRecordVersion(version: number): void {
    this.owner.writer.legacyRecordVersion = version;
  }

  /** The peer takes no longer content in a record (RFC 8449 §4). */
  limitFragments(length: number): void {
    const { writer } = this.owner;
    writer.maxFragmentLength = Math.min(writer.maxFragmentLength, length);
  }

  /** The peer has agreed to put no more into a record than we said (RFC 8449 §4). */
  enforceRecordSize(limit: number): void {
    this.owner.inbound.enforceRecordSize(limit);
  }

  /** Protects all that is sent from here on; `undefined`: no longer. */
  sealWith(protection: Protection | undefined): void {
    this.owner.writer.protectWith(protection);
  }

  /** Expects all that is received from here on to be protected. */
  openWith(protection: Protection): void {
    this.owner.checkGoesOn();
    this.owner.inbound.openWith(protection);
  }

  /** Wiped when the handshake ends, however it does. */
  keep<Secret extends Uint8Array>(secret: Secret): Secret {
    this.#secrets.push(secret);
    return secret;
  }

  wipe(): void {
    for (const secret of this.#secrets.splice(0)) secret.fill(0);
  }

  /** One line of the NSS key log format (RFC 9850 §2). */
  keyLog(label: string, clientRandom: Uint8Array, secret: Uint8Array): void {
    if (this.#logsKeys) this.owner.keyLog(`${label} ${hex(clientRandom)} ${hex(secret)}`);
  }
}
