import { AlertDescription, alertName, isTlsError, TlsError } from '@org/tls-core';
import { copyBytes, HandshakeRecords } from '@org/tls-core/backend';
import { maxSpanRecords } from '@org/tls-crypto';
import { decodeAlert } from '../wire/alert-message.ts';
import { ContentType } from '../wire/content-type.ts';
import type { HandshakeMessage } from '../wire/handshake-message.ts';
import { FloodLimits, smallRecordLength } from './flood-limits.ts';
import { HandshakeJoiner } from './handshake-joiner.ts';
import { PlaintextBatch } from './plaintext-batch.ts';
import type { Protection } from './protection.ts';
import { maxPlaintextLength, recordHeaderLength, RecordReader, type RawRecord } from './record-reader.ts';

/** ChangeCipherSpec records that one handshake may hold; BoringSSL and rustls have limits of the same kind. */
const maxChangeCipherSpecs = 2;

/**
 * Bytes that a record of early data counts as at least where it is skipped. Each is first tried with the handshake's keys, which costs the
 * same however little it holds; without this, empty ones could come for ever.
 */
const minSkippedLength = 512;

/** What a peer has sent, but for application data, which is gathered until `takeBatches`. */
export type Incoming =
  | { readonly kind: 'message'; readonly message: HandshakeMessage }
  /** The ChangeCipherSpec that was awaited (RFC 5246 §7.1). */
  | { readonly kind: 'changeCipherSpec' }
  /** Early data; its bytes belong to who takes it. */
  | { readonly kind: 'earlyData'; readonly content: Uint8Array }
  | { readonly kind: 'closeNotify' };

/**
 * What to do with application data:
 * - `refuse`: it is too early
 * - `early`: it is early data
 * - `deliver`: the handshake is done
 */
type ApplicationDataMode = 'refuse' | 'early' | 'deliver';

/**
 * What to do with a ChangeCipherSpec:
 * - `refuse`: none may come
 * - `drop`: RFC 8446 §D.4, a few, before the peer's Finished
 * - `await`: TLS 1.2's, exactly one, and nothing before it
 */
type ChangeCipherSpecMode = 'refuse' | 'drop' | 'await';

/**
 * The receiving half of the record layer (RFC 8446 §5, RFC 5246 §6): opens records and sorts their contents.
 *
 * Its owner pulls what has come, one thing at a time, by `next`: what a handshake message changes, above all the keys, holds before the
 * next record is opened.
 */
export class Inbound {
  readonly #reader = new RecordReader();
  readonly #joiner = new HandshakeJoiner();
  readonly #limits = new FloodLimits();
  readonly #handshakeRecords = new HandshakeRecords();
  /** Application data of one `receive`, gathered into one buffer. */
  readonly #batch = new PlaintextBatch();
  #protection: Protection | undefined;
  /**
   * How many records may be opened together. It falls to one behind a record that holds no data, and doubles with each that were data alone,
   * so that a peer who mixes them cannot have more records opened in vain than it has sent before.
   */
  #recordsAtOnce = 1;

  #applicationData: ApplicationDataMode = 'refuse';
  #changeCipherSpec: ChangeCipherSpecMode = 'drop';
  /** ChangeCipherSpec records that were dropped. */
  #changeCipherSpecs = 0;
  #sawHandshake = false;
  /** Bytes of early data that may yet be dropped; `undefined` when there is none to drop. */
  #earlyDataToSkip: number | undefined;
  /** Bytes of early data that may yet come. */
  #earlyDataLeft = 0;
  /** False before the version is known, too. */
  #isTls13 = false;
  /** The `record_size_limit` that the peer has agreed to keep (RFC 8449 §4); `undefined`: none but the protocol's. */
  #recordSizeLimit: number | undefined;
  /** The longest plaintext of a protected record so far, early data left out: its sender cannot know what is agreed. */
  #longestPlaintext = 0;

  /** True when a ChangeCipherSpec was dropped: TLS 1.2 has none before its time. */
  get sawChangeCipherSpec(): boolean {
    return this.#changeCipherSpecs > 0;
  }

  /** @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` when a message was begun under the old keys (RFC 8446 §5.1) */
  openWith(protection: Protection): void {
    this.refuseUnfinished('a handshake message spans a change of keys (§5.1)');
    this.#protection = protection;
  }

  /** @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` when messages, or parts of one, are left */
  refuseUnfinished(message: string): void {
    if (!this.#joiner.isEmpty) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', message);
  }

  /** The version is known now; in TLS 1.2 every ChangeCipherSpec means something. */
  setVersion(isTls13: boolean): void {
    this.#isTls13 = isTls13;
    this.#changeCipherSpec = isTls13 ? 'drop' : 'refuse';
  }

  /**
   * A ChangeCipherSpec must be the next record.
   * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` when a handshake message has come before it
   */
  awaitChangeCipherSpec(): void {
    this.refuseUnfinished('expected ChangeCipherSpec, got a handshake message');
    this.#changeCipherSpec = 'await';
  }

  /** From here on, until a record opens, records that do not open are dropped, up to so many bytes (RFC 8446 §4.2.10). */
  skipEarlyData(maxLength: number): void {
    this.#earlyDataToSkip = maxLength;
  }

  /** From here on application data is early data, up to so many bytes (RFC 8446 §4.2.10). */
  expectEarlyData(maxLength: number): void {
    this.#applicationData = 'early';
    this.#earlyDataLeft = maxLength;
  }

  /** The peer may prove itself: its flight is longer than a Finished. */
  expectCertificate(): void {
    this.#limits.expectCertificate();
  }

  /** EndOfEarlyData came. */
  endEarlyData(): void {
    this.#applicationData = 'refuse';
  }

  /** The handshake is done. */
  finishHandshake(): void {
    this.#applicationData = 'deliver';
    this.#changeCipherSpec = 'refuse';
  }

  /**
   * The peer knows our `record_size_limit` and has answered with its own: from its first protected record on it keeps ours.
   * @param limit as it was sent
   * @throws TlsError `ERR_TLS_RECORD_OVERFLOW` when it has not (RFC 8449 §4)
   */
  enforceRecordSize(limit: number): void {
    this.#recordSizeLimit = limit;
    this.#noteLength(this.#longestPlaintext);
  }

  #noteLength(length: number): void {
    if (length > this.#longestPlaintext) this.#longestPlaintext = length;
    const limit = this.#recordSizeLimit;
    if (limit === undefined || length <= limit) return;
    throw new TlsError(
      'ERR_TLS_RECORD_OVERFLOW',
      `expected at most ${limit} bytes in a record, got ${length} (RFC 8449 §4)`,
    );
  }

  postHandshakeMessage(): void {
    this.#limits.postHandshakeMessage();
  }

  /** We have asked for a KeyUpdate: its answer counts as no flood. */
  awaitKeyUpdate(): void {
    this.#limits.awaitKeyUpdate();
  }

  /** @param isUpdateRequested false: it may be an answer (RFC 8446 §4.6.3) */
  keyUpdate(isUpdateRequested: boolean): void {
    this.#limits.keyUpdate(isUpdateRequested);
  }

  /** @param input the last must have been read to its end, or taken back */
  push(input: Uint8Array): void {
    this.#reader.push(input);
  }

  /** Takes back a copy of the input that was not read; `undefined`: all of it was. */
  takeUnread(): Uint8Array | undefined {
    return this.#reader.unread > 0 ? this.#reader.takeUnread() : undefined;
  }

  /** What has come next; `undefined`: the input is used up. A message that is whole comes before the next record is opened. */
  next(): Incoming | undefined {
    let incoming = this.#nextMessage();
    while (incoming === undefined) {
      const record = this.#reader.next();
      if (record === undefined) return undefined;
      incoming = this.#readRecord(record);
    }
    return incoming;
  }

  /** Lends memory of at least so many bytes for the application data that comes next, or none. */
  set lend(lend: (length: number) => Uint8Array | undefined) {
    this.#batch.lend = lend;
  }

  /** Application data that was gathered, in order; none is then left. It may lie in memory that was lent. */
  takeBatches(): readonly Uint8Array[] {
    return this.#batch.take();
  }

  #nextMessage(): Incoming | undefined {
    const message = this.#joiner.take();
    return message && { kind: 'message', message };
  }

  #readRecord(record: RawRecord): Incoming | undefined {
    const { type } = record;
    const protection = this.#protection;
    if (type === ContentType.changeCipherSpec) return this.#readChangeCipherSpec(fragmentOf(record));
    if (protection === undefined) return this.#readPlainRecord(type, fragmentOf(record));
    if (protection.hidesType && type !== ContentType.applicationData)
      return this.#readUnprotectedAlert(protection, type, fragmentOf(record));
    return this.#applicationData === 'deliver'
      ? this.#readOpenRecords(protection, record)
      : this.#readHandshakeRecord(protection, record);
  }

  #readPlainRecord(type: number, fragment: Uint8Array): Incoming | undefined {
    if (type === ContentType.applicationData) return this.#skipOrRefuse(fragment.length);
    if (fragment.length > maxPlaintextLength) {
      throw new TlsError(
        'ERR_TLS_RECORD_OVERFLOW',
        `expected at most ${maxPlaintextLength} bytes in a record, got ${fragment.length}`,
      );
    }
    if (type === ContentType.alert) return this.#readAlert(fragment);
    // early data ends where the second ClientHello begins (RFC 8446 §4.2.10)
    this.#earlyDataToSkip = undefined;
    this.#handshakeRecords.note();
    return this.#readHandshake(copyBytes(fragment));
  }

  /** A peer that could not yet make keys reports its failure in the clear. */
  #readUnprotectedAlert(protection: Protection, type: number, fragment: Uint8Array): Incoming | undefined {
    const isEarly = this.#applicationData !== 'deliver' && protection.sequence === 0;
    if (type !== ContentType.alert || !isEarly)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'an unprotected record among protected ones');
    return this.#readAlert(fragment);
  }

  /** Reads a protected record of a handshake, whose content is kept: messages are views of it. */
  #readHandshakeRecord(protection: Protection, { bytes, start, end }: RawRecord): Incoming | undefined {
    const fragmentLength = end - start - recordHeaderLength;
    const out = new Uint8Array(fragmentLength);
    protection.open(bytes, start, 1, out, 0);
    const length = this.#takeOrSkip(protection, out, fragmentLength);
    if (length === undefined) return undefined;
    this.#earlyDataToSkip = undefined;
    if (this.#applicationData !== 'early') this.#noteLength(protection.plaintextLength(fragmentLength));
    if (protection.takenType === ContentType.handshake && length < smallRecordLength) this.#limits.smallRecord();
    return this.#readContent(protection.takenType, out.subarray(0, length));
  }

  /**
   * Reads records of an open connection, as many as can be opened together. They are judged one after the other as if each were opened by
   * itself: one that holds anything but data is the last of them, because it may change what holds for those behind, which are then opened
   * once more.
   */
  #readOpenRecords(protection: Protection, first: RawRecord): Incoming | undefined {
    const batch = this.#batch;
    const out = batch.buffer(first.end - first.start, this.#reader.unread);
    let left = protection.open(first.bytes, first.start, this.#recordsAtOnce, out, batch.length);
    for (let record: RawRecord | undefined = first; record !== undefined; record = this.#reader.next()) {
      const length = protection.take(out);
      this.#noteLength(protection.plaintextLength(record.end - record.start - recordHeaderLength));
      const at = protection.takenAt;
      if (protection.takenType !== ContentType.applicationData) {
        this.#recordsAtOnce = 1;
        return this.#readContent(protection.takenType, copyBytes(out.subarray(at, at + length)));
      }
      this.#noteApplicationData(length);
      batch.add(at, length);
      left -= 1;
      if (left === 0) break;
    }
    this.#recordsAtOnce = Math.min(2 * this.#recordsAtOnce, maxSpanRecords);
    return undefined;
  }

  #readContent(type: number, content: Uint8Array): Incoming | undefined {
    switch (type) {
      case ContentType.applicationData:
        return this.#readEarlyData(content);
      case ContentType.handshake:
        return this.#readHandshake(content);
      case ContentType.alert:
        return this.#readAlert(content);
      default:
        throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `content type ${type} in a protected record`);
    }
  }

  #takeOrSkip(protection: Protection, out: Uint8Array, fragmentLength: number): number | undefined {
    try {
      return protection.take(out);
    } catch (error) {
      if (this.#earlyDataToSkip === undefined || !isTlsError(error) || error.code !== 'ERR_TLS_BAD_RECORD_MAC')
        throw error;
      protection.rewind();
      return this.#skipOrRefuse(fragmentLength);
    }
  }

  /** §4.2.10: early data that was rejected is dropped, up to a limit. */
  #skipOrRefuse(length: number): undefined {
    if (this.#earlyDataToSkip === undefined)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'application data before there are keys for it');
    const charged = Math.max(length, minSkippedLength);
    if (charged > this.#earlyDataToSkip) throw new TlsError('ERR_TLS_LIMIT', 'more early data than can be skipped');
    this.#earlyDataToSkip -= charged;
  }

  #readChangeCipherSpec(fragment: Uint8Array): Incoming | undefined {
    const isWellFormed = fragment.length === 1 && fragment[0] === 1;
    const isExpected = this.#changeCipherSpec !== 'refuse' && (this.#sawHandshake || this.acceptsEarlyChangeCipherSpec);
    if (!isExpected || !isWellFormed || !this.#joiner.isEmpty) throw strayChangeCipherSpec();
    if (this.#changeCipherSpec === 'await') {
      this.#changeCipherSpec = 'refuse';
      return { kind: 'changeCipherSpec' };
    }
    this.#changeCipherSpecs += 1;
    if (this.#changeCipherSpecs > maxChangeCipherSpecs) throw strayChangeCipherSpec();
    return undefined;
  }

  /** A client may get one before anything else; a server first gets a ClientHello (RFC 8446 §5). */
  acceptsEarlyChangeCipherSpec = false;

  #readAlert(fragment: Uint8Array): Incoming | undefined {
    this.#refuseInterleaved();
    const { isWarning, description } = decodeAlert(fragment);
    if (this.#isLetPass(isWarning, description)) {
      this.#limits.warningAlert();
      return undefined;
    }
    const isClosure = description === AlertDescription.closeNotify && (isWarning || this.#isTls13);
    if (isClosure && this.#applicationData === 'deliver') return { kind: 'closeNotify' };
    // §6: every other alert ends the connection, and so does close_notify in a handshake or, in TLS 1.2, at the level fatal
    throw new TlsError('ERR_TLS_ALERT', `the peer sent the alert ${alertName(description)}`, {
      receivedAlert: description,
    });
  }

  /**
   * In TLS 1.3 the description alone says what an alert means, and user_canceled nothing by itself (RFC 8446 §6, §6.1); before, the
   * level does: a warning is let pass, and whatever is fatal ends the connection at once (RFC 5246 §7.2.2).
   */
  #isLetPass(isWarning: boolean, description: number): boolean {
    if (this.#isTls13) return description === AlertDescription.userCanceled;
    return isWarning && description !== AlertDescription.closeNotify;
  }

  /** @throws TlsError when no application data may come, or too often none */
  #noteApplicationData(length: number): void {
    if (this.#applicationData === 'refuse')
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'application data before the handshake is done');
    this.#refuseInterleaved();
    if (length === 0) this.#limits.emptyRecord();
    else this.#limits.reset();
  }

  #readEarlyData(content: Uint8Array): Incoming | undefined {
    this.#noteApplicationData(content.length);
    if (content.length === 0) return undefined;
    this.#earlyDataLeft -= content.length;
    if (this.#earlyDataLeft < 0)
      throw new TlsError('ERR_TLS_LIMIT', 'more early data than max_early_data_size (§4.2.10)');
    return { kind: 'earlyData', content };
  }

  #refuseInterleaved(): void {
    this.refuseUnfinished('another record between the fragments of a handshake message (§5.1)');
  }

  #readHandshake(fragment: Uint8Array): Incoming | undefined {
    if (fragment.length === 0)
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'a handshake record without content (§5.1)');
    if (this.#changeCipherSpec === 'await')
      throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'expected ChangeCipherSpec, got a handshake message');
    this.#sawHandshake = true;
    this.#joiner.push(fragment);
    return this.#nextMessage();
  }
}

function fragmentOf({ bytes, start, end }: RawRecord): Uint8Array {
  return bytes.subarray(start + recordHeaderLength, end);
}

function strayChangeCipherSpec(): TlsError {
  return new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'ChangeCipherSpec where none may be (§5)');
}
