import { TlsError } from '@org/tls-core';
import { hex } from '../crypto/bytes.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { RecordProtection } from '../record/record-protection.ts';
import type { RecordWriter } from '../record/record-writer.ts';
import type { KeySchedule } from '../schedule/key-schedule.ts';
import { Transcript } from '../schedule/transcript.ts';
import { handshakeTypeName, type HandshakeMessage, type HandshakeType } from '../wire/handshake-message.ts';
import type { CommonSettings, HandshakeOverrides } from './settings.ts';
import { needMessage, type Handshake } from './steps.ts';

/** What the engine does for a handshake. */
export interface HandshakeOwner {
  readonly writer: RecordWriter;
  /** @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` when a message was begun under the old keys (RFC 8446 §5.1) */
  openWith(protection: RecordProtection): void;
  /** From here on, until a record opens, up to this many bytes of records that do not open are dropped (RFC 8446 §4.2.10). */
  skipEarlyData(maxLength: number): void;
  keyLog(line: string): void;
}

/** A handshake's view of its connection: messages in and out, keys, transcript. */
export class HandshakeIo {
  readonly crypto: CryptoProvider;
  readonly transcript: Transcript;
  readonly #owner: HandshakeOwner;
  readonly #logsKeys: boolean;
  readonly #overrides: HandshakeOverrides;

  constructor(owner: HandshakeOwner, { crypto, keyLog, overrides }: CommonSettings) {
    this.crypto = crypto;
    this.transcript = new Transcript(crypto);
    this.#owner = owner;
    this.#logsKeys = keyLog;
    this.#overrides = overrides;
  }

  /**
   * The peer's next message, which must be of one of these types; it is not yet part of the transcript.
   * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` on any other
   */
  *next(...types: readonly HandshakeType[]): Handshake<HandshakeMessage> {
    const message = (yield needMessage) as HandshakeMessage; // what the engine resumes with
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

  /** Adds a message to the transcript and to the flight. */
  send(message: Uint8Array): void {
    for (const sent of this.#overrides.shapeMessage?.(message) ?? [message]) {
      this.transcript.add(sent);
      this.#owner.writer.handshake(sent);
    }
  }

  /** Sends messages that come after the handshake and are no part of its transcript (RFC 8446 §4.6). */
  sendPostHandshake(messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#owner.writer.handshake(message);
  }

  sendChangeCipherSpec(): void {
    this.#owner.writer.changeCipherSpec();
  }

  /** Sets the version in the header of unprotected records. */
  setLegacyRecordVersion(version: number): void {
    this.#owner.writer.legacyRecordVersion = version;
  }

  /** Protects all that is sent from here on. */
  sealWith(schedule: KeySchedule, trafficSecret: Uint8Array): void {
    this.#owner.writer.protectWith(
      new RecordProtection(this.crypto, schedule.suite, schedule.trafficKeys(trafficSecret)),
    );
  }

  /** Expects all that is received from here on to be protected. */
  openWith(schedule: KeySchedule, trafficSecret: Uint8Array): void {
    this.#owner.openWith(new RecordProtection(this.crypto, schedule.suite, schedule.trafficKeys(trafficSecret)));
  }

  skipEarlyData(maxLength: number): void {
    this.#owner.skipEarlyData(maxLength);
  }

  /** One line of the NSS key log format (RFC 9850 §2). */
  keyLog(label: string, clientRandom: Uint8Array, secret: Uint8Array): void {
    if (this.#logsKeys) this.#owner.keyLog(`${label} ${hex(clientRandom)} ${hex(secret)}`);
  }
}
