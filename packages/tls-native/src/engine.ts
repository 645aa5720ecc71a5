import {
  AlertDescription,
  decodeAlpnProtocol,
  TlsError,
  type ConnectionInfo,
  type EngineSink,
  type TlsEngine,
} from '@org/tls-core';
import type { Addon, EngineHandle, NativeLibrary, Outcome } from './addon.ts';
import { groupName, schemeName } from './algorithms.ts';
import { toTlsError } from './faults.ts';

/** What an engine needs to know of its side. */
export interface EngineSide {
  readonly role: 'client' | 'server';
  /** As a client: the name that is verified. */
  readonly serverName: string | undefined;
  readonly library: NativeLibrary;
}

const firstContentType = 20;
const lastContentType = 23;
const majorVersion = 3;
/** Bytes of a record's header that show whether it is TLS at all. */
const signatureLength = 2;

/** One connection over the addon: what C++ answers goes to the sink, in order. */
export class NativeEngine implements TlsEngine {
  readonly #addon: Addon;
  readonly #handle: EngineHandle;
  readonly #side: EngineSide;
  readonly #sink: EngineSink;
  /** Data that was to be sent before the handshake was done. */
  #unsent: Uint8Array[] = [];
  #failure: TlsError | undefined;
  #isStarted = false;
  #isEstablished = false;
  #isCloseRequested = false;
  #isPeerClosed = false;
  #isReleased = false;
  /** The peer's first bytes, until they have shown what it speaks. */
  #seenLength = 0;

  constructor(addon: Addon, handle: EngineHandle, side: EngineSide, sink: EngineSink) {
    this.#addon = addon;
    this.#handle = handle;
    this.#side = side;
    this.#sink = sink;
  }

  start(): void {
    this.#refuseAfterFailure();
    if (this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was already started');
    this.#isStarted = true;
    this.#tell(this.#addon.start(this.#handle));
  }

  receive(ciphertext: Uint8Array): void {
    this.#refuseAfterFailure();
    this.#refuseBeforeStart();
    if (this.#isPeerClosed || ciphertext.length === 0) return;
    const stranger = this.#seenLength < signatureLength ? this.#strangeByte(ciphertext) : undefined;
    if (stranger !== undefined) {
      // neither side has keys yet: the alert that OpenSSL does not send goes out as it is (RFC 8446 §6.2)
      this.#sendOut([decodeErrorAlert]);
      this.#fail(
        new TlsError('ERR_TLS_NOT_TLS', `the peer does not speak TLS: a byte ${stranger} where a record begins`),
      );
      return;
    }
    this.#tell(this.#addon.receive(this.#handle, ciphertext));
  }

  receiveEnd(): void {
    this.#refuseAfterFailure();
    this.#refuseBeforeStart();
    if (this.#isPeerClosed) return;
    const when = this.#isEstablished ? 'without close_notify: data may be missing' : 'in the middle of the handshake';
    this.#fail(new TlsError('ERR_TLS_TRUNCATED', `the connection ended ${when}`));
  }

  send(plaintext: Uint8Array): void {
    this.#refuseAfterFailure();
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'data cannot be sent behind close()');
    if (plaintext.length === 0) return;
    if (this.#isEstablished) this.#tell(this.#addon.send(this.#handle, plaintext));
    else this.#unsent.push(new Uint8Array(plaintext));
  }

  close(): void {
    this.#refuseAfterFailure();
    if (this.#isCloseRequested) return;
    this.#isCloseRequested = true;
    if (this.#isEstablished) this.#tell(this.#addon.close(this.#handle));
  }

  requestKeyUpdate(): void {
    this.#refuseAfterFailure();
    if (!this.#isEstablished)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keys can be updated once the handshake is done');
    if (this.#isCloseRequested) throw new TlsError('ERR_TLS_API_MISUSE', 'keys cannot be updated behind close()');
    if (this.#addon.facts(this.#handle).protocol !== 'TLSv1.3') {
      throw new TlsError('ERR_TLS_API_MISUSE', 'TLS 1.2 has no key update');
    }
    this.#tell(this.#addon.updateKeys(this.#handle));
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#refuseAfterFailure();
    if (!this.#isEstablished)
      throw new TlsError('ERR_TLS_API_MISUSE', 'keying material can be exported once the handshake is done');
    if (!Number.isInteger(length) || length < 1 || length > 255 * 32)
      throw new RangeError(`length: expected 1 to 8160, got ${length}`);
    if (!/^[\x20-\x7e]{1,249}$/.test(label))
      throw new RangeError('label: expected 1 to 249 characters of printable ASCII');
    const material = this.#addon.exportKeyingMaterial(this.#handle, label, context, length);
    if (material === undefined) throw new TlsError('ERR_TLS_BACKEND', 'OpenSSL cannot export keying material');
    return material;
  }

  fail(error: TlsError): void {
    this.#refuseAfterFailure();
    this.#fail(error);
  }

  destroy(): void {
    this.#unsent = [];
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#addon.release(this.#handle);
  }

  /** Hands on what one call brought about: what came in, what goes out, and then what is wrong. */
  #tell(outcome: Outcome): void {
    for (const line of outcome.keyLog ?? []) this.#sink.keyLog(line);
    const outcomes = outcome.isHandshakeDone === true ? [outcome, ...this.#establish()] : [outcome];
    if (this.#isReleased) return;
    if (outcome.plaintext !== undefined) this.#sink.plaintext(outcome.plaintext);
    this.#sendOut(outcomes.flatMap(({ ciphertext }) => ciphertext ?? []));
    if (outcome.isPeerClosed === true && !this.#isReleased) {
      this.#isPeerClosed = true;
      this.#sink.closed();
    }
    const fault = outcomes.find((each) => each.fault !== undefined)?.fault;
    if (fault !== undefined && !this.#isReleased) {
      this.#fail(toTlsError(fault, () => plain(this.#addon.peerChain(this.#handle))));
    }
  }

  /** The handshake is done: tells so, and protects what was to be sent. */
  #establish(): readonly Outcome[] {
    this.#isEstablished = true;
    this.#sink.handshake(this.#describe());
    const unsent = this.#unsent;
    this.#unsent = [];
    const outcomes: Outcome[] = [];
    for (const plaintext of unsent) {
      if (!this.#isReleased) outcomes.push(this.#addon.send(this.#handle, plaintext));
    }
    if (this.#isCloseRequested && !this.#isReleased) outcomes.push(this.#addon.close(this.#handle));
    return outcomes;
  }

  #sendOut(batches: readonly Uint8Array[]): void {
    const [only] = batches;
    if (only === undefined || this.#isReleased) return;
    this.#sink.ciphertext(batches.length === 1 ? only : Buffer.concat(batches));
  }

  #fail(error: TlsError): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    const isWatched = !this.#isReleased;
    this.destroy(); // what is secret goes now, not when the owner gets to it
    if (isWatched) this.#sink.failed(error);
  }

  #describe(): ConnectionInfo {
    const facts = this.#addon.facts(this.#handle);
    const { role, library, serverName } = this.#side;
    return Object.freeze({
      backend: 'native',
      implementation: library.version,
      role,
      protocol: facts.protocol === 'TLSv1.2' ? 'TLSv1.2' : 'TLSv1.3',
      cipherSuite: facts.cipherSuite,
      group: groupName(facts.group),
      signatureScheme: schemeName(facts.keyType, facts.signatureType, facts.signatureDigest),
      alpnProtocol: facts.alpn === undefined ? undefined : decodeAlpnProtocol(facts.alpn),
      serverName: role === 'client' ? serverName : facts.serverName,
      resumed: false,
      helloRetryRequest: facts.isRetry,
      earlyData: 'none',
      earlyDataReason: undefined,
      peer:
        facts.peerChain.length === 0
          ? undefined
          : Object.freeze({
              chain: plain(facts.peerChain),
              verifiedPath: plain(facts.verifiedPath),
              ocspResponse: undefined,
              rawPublicKey: undefined,
              signedCertificateTimestamps: undefined,
            }),
      clientAuthentication: 'none',
      clientSignatureScheme: undefined,
      ech: 'none',
      extendedMainSecret: facts.protocol === 'TLSv1.2' ? undefined : true,
      externalPskIdentity: undefined,
      identityIndex: undefined,
    });
  }

  /** OpenSSL has a dozen reasons for bytes that are no TLS; here it is one. */
  #strangeByte(ciphertext: Uint8Array): number | undefined {
    for (const byte of ciphertext.subarray(0, signatureLength - this.#seenLength)) {
      const isRight =
        this.#seenLength === 0 ? byte >= firstContentType && byte <= lastContentType : byte === majorVersion;
      if (!isRight) return byte;
      this.#seenLength += 1;
    }
    return undefined;
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isReleased) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was destroyed');
  }

  #refuseBeforeStart(): void {
    if (!this.#isStarted) throw new TlsError('ERR_TLS_API_MISUSE', 'the engine was not started');
  }
}

/** A record with a fatal alert, unprotected. */
const decodeErrorAlert = Uint8Array.of(21, 3, 3, 0, 2, 2, AlertDescription.decodeError);

/** The interface speaks of Uint8Array; a Buffer would compare and print otherwise. */
function plain(list: readonly Uint8Array[]): readonly Uint8Array[] {
  return Object.freeze(list.map((bytes) => new Uint8Array(bytes)));
}
