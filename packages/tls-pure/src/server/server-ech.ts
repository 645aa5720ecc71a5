import { decodeEchClientHello } from '../ech/extension.ts';
import { openClientHello, type OpenedEch } from '../ech/server-open.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { ExtensionType } from '../wire/extension.ts';
import { handshakeHeaderLength, HandshakeType } from '../wire/handshake-message.ts';
import { decodeClientHello } from '../wire/messages/client-hello.ts';
import { ClientHelloMessage } from './client-hello-message.ts';
import type { ServerSettings } from './server-settings.ts';

/** What became of a client's Encrypted Client Hello (RFC 9849 §7). */
export interface ServerEch {
  /** It was opened, or a split server before us has done so: its acceptance must be confirmed. */
  readonly isInner: boolean;
  readonly opened: OpenedEch | undefined;
  /** The client offered one that could not be opened. */
  readonly isRejected: boolean;
}

const noEch: ServerEch = { isInner: false, opened: undefined, isRejected: false };

/** The ClientHello that counts: what an Encrypted Client Hello holds where it can be opened. Not yet part of the transcript. */
export function* receiveFirstHello(
  io: HandshakeIo,
  { crypto, ech }: ServerSettings,
): Handshake<{ readonly hello: ClientHelloMessage; readonly ech: ServerEch }> {
  const { body, raw } = yield* io.next(HandshakeType.clientHello);
  const outer = decodeClientHello(body);
  const extension = outer.extensions.get(ExtensionType.encryptedClientHello);
  if (extension === undefined) return { hello: new ClientHelloMessage(outer, raw), ech: noEch };
  const decoded = decodeEchClientHello(extension);
  if (decoded.type === 'inner') return { hello: new ClientHelloMessage(outer, raw), ech: { ...noEch, isInner: true } };
  const opened =
    ech.keys.length === 0
      ? undefined
      : yield* settle(openClientHello(crypto, ech.keys, { hello: outer, raw }, decoded));
  if (opened === undefined) return { hello: new ClientHelloMessage(outer, raw), ech: { ...noEch, isRejected: true } };
  return { hello: readInner(opened.clientHelloInner), ech: { isInner: true, opened, isRejected: false } };
}

/** @param message the whole ClientHelloInner */
export function readInner(message: Uint8Array): ClientHelloMessage {
  return new ClientHelloMessage(decodeClientHello(message.subarray(handshakeHeaderLength)), message);
}
