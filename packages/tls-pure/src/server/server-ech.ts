import type { ConnectionInfo, MaybePromise } from '@org/tls-core';
import type { CryptoProvider, HashAlgorithm } from '@org/tls-crypto';
import { confirmAcceptance, messageHash } from '../ech/accept-confirmation.ts';
import { decodeEchClientHello, unconfirmedHelloRetryEch } from '../ech/extension.ts';
import { openClientHello, type OpenedEch, type ReceivedClientHello } from '../ech/server-open.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { handshakeHeaderLength, HandshakeType } from '../wire/handshake-message.ts';
import { decodeClientHello } from '../wire/messages/client-hello.ts';
import { ClientHelloMessage } from './client-hello-message.ts';
import type { ServerSettings } from './server-settings.ts';

/**
 * How a ClientHello came to the server: in the clear, or in an Encrypted Client Hello (RFC 9849 §7). The handshake is the same for both; it
 * asks here for what the encrypted one adds to its messages.
 */
export interface ServerEch {
  readonly state: ConnectionInfo['ech'];
  /** The client offered an Encrypted Client Hello that could not be opened, and is to be told by what configs it can. */
  readonly isRejected: boolean;
  /** What a HelloRetryRequest holds in addition. */
  readonly retryExtensions: readonly Extension[];
  /** @returns the HelloRetryRequest as it is sent: with a confirmation where one is owed (RFC 9849 §7.2.1) */
  confirmRetry(hash: HashAlgorithm, first: ClientHelloMessage, helloRetryRequest: Uint8Array): Uint8Array;
  /** @returns the ServerHello as it is sent: with a confirmation where one is owed (RFC 9849 §7.2) */
  confirm(hash: HashAlgorithm, hello: ClientHelloMessage, serverHello: Uint8Array): Uint8Array;
  /** Reads the ClientHello that answers a HelloRetryRequest. */
  readSecond(second: ReceivedClientHello): MaybePromise<ClientHelloMessage>;
}

/** A ClientHello, and how it came. */
export interface FirstHello {
  readonly hello: ClientHelloMessage;
  readonly ech: ServerEch;
}

/**
 * Receives the ClientHello that counts: the one that is encrypted in the other, where that can be opened. It is not yet part of the
 * transcript.
 */
export function* receiveFirstHello(io: HandshakeIo, { crypto, ech }: ServerSettings): Handshake<FirstHello> {
  const outer = yield* receiveClientHello(io);
  const extension = outer.hello.extensions.get(ExtensionType.encryptedClientHello);
  if (extension === undefined) return { hello: new ClientHelloMessage(outer.hello, outer.raw), ech: inTheClear };
  const decoded = decodeEchClientHello(extension);
  if (decoded.type === 'inner')
    return { hello: new ClientHelloMessage(outer.hello, outer.raw), ech: new InnerHello(crypto, undefined) };
  const opened = ech.keys.length === 0 ? undefined : yield* settle(openClientHello(crypto, ech.keys, outer, decoded));
  if (opened === undefined) return { hello: new ClientHelloMessage(outer.hello, outer.raw), ech: rejected };
  return { hello: readInner(opened.clientHelloInner), ech: new InnerHello(crypto, opened) };
}

/** Receives a ClientHello as it came; it is not yet part of the transcript. */
export function* receiveClientHello(io: HandshakeIo): Handshake<ReceivedClientHello> {
  const { body, raw } = yield* io.next(HandshakeType.clientHello);
  return { hello: decodeClientHello(body), raw };
}

const inTheClear: ServerEch = {
  state: 'none',
  isRejected: false,
  retryExtensions: [],
  confirmRetry: (_hash, _first, helloRetryRequest) => helloRetryRequest,
  confirm: (_hash, _hello, serverHello) => serverHello,
  readSecond: ({ hello, raw }) => new ClientHelloMessage(hello, raw),
};

const rejected: ServerEch = { ...inTheClear, isRejected: true };

/** A ClientHelloInner, which this server or a split server before it (RFC 9849 §3.1) has opened: its acceptance must be confirmed. */
class InnerHello implements ServerEch {
  readonly state: ConnectionInfo['ech'];
  readonly isRejected = false;
  readonly retryExtensions: readonly Extension[] = [unconfirmedHelloRetryEch];
  readonly #crypto: CryptoProvider;
  readonly #opened: OpenedEch | undefined;
  /** What stands before the last ClientHello in the transcript that is confirmed. */
  #messagesBefore: readonly Uint8Array[] = [];

  /** @param opened `undefined`: a split server has opened it */
  constructor(crypto: CryptoProvider, opened: OpenedEch | undefined) {
    this.state = opened === undefined ? 'none' : 'accepted';
    this.#crypto = crypto;
    this.#opened = opened;
  }

  confirmRetry(hash: HashAlgorithm, first: ClientHelloMessage, helloRetryRequest: Uint8Array): Uint8Array {
    const hashed = messageHash(this.#crypto, hash, first.raw);
    const confirmed = this.#confirm(hash, first, [hashed], helloRetryRequest);
    this.#messagesBefore = [hashed, confirmed];
    return confirmed;
  }

  confirm(hash: HashAlgorithm, hello: ClientHelloMessage, serverHello: Uint8Array): Uint8Array {
    return this.#confirm(hash, hello, [...this.#messagesBefore, hello.raw], serverHello);
  }

  readSecond(second: ReceivedClientHello): MaybePromise<ClientHelloMessage> {
    if (this.#opened === undefined) return new ClientHelloMessage(second.hello, second.raw);
    return this.#opened.openSecond(second).then((message) => readInner(message));
  }

  #confirm(
    hash: HashAlgorithm,
    { random }: ClientHelloMessage,
    messagesBefore: readonly Uint8Array[],
    message: Uint8Array,
  ): Uint8Array {
    return confirmAcceptance({ crypto: this.#crypto, hash, innerRandom: random, messagesBefore }, message);
  }
}

/** @param message the whole ClientHelloInner */
function readInner(message: Uint8Array): ClientHelloMessage {
  return new ClientHelloMessage(decodeClientHello(message.subarray(handshakeHeaderLength)), message);
}
