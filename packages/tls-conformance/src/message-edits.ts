import { HandshakeType, type Extension, type HandshakeOverrides } from '@org/tls-pure/misbehaving';
import { join } from './memory-pair.ts';

/** The names of the messages as in the RFCs; `ClientHello` means both the first one and the second one. */
export type EditedMessage =
  | 'ClientHello'
  | 'second ClientHello'
  | 'ServerHello'
  | 'HelloRetryRequest'
  | 'EncryptedExtensions'
  | 'Certificate'
  | 'CompressedCertificate'
  | 'CertificateVerify'
  | 'ServerKeyExchange'
  | 'ClientKeyExchange'
  | 'Finished';

export type ExtensionEdit = (extensions: readonly Extension[]) => readonly Extension[];

/** How a misbehaving peer changes one message of its handshake. */
export interface MessageEdit {
  readonly of: EditedMessage;
  /** Changes the extensions before the message is encoded. */
  readonly extensions?: ExtensionEdit;
  /** Replaces the encoded message, header and all, by any number of others. */
  readonly messages?: (message: Uint8Array) => readonly Uint8Array[];
}

/** Changes the extensions of a message. */
export function editExtensions(of: EditedMessage, ...edits: readonly ExtensionEdit[]): MessageEdit {
  return { of, extensions: (list) => edits.reduce((edited, edit) => edit(edited), list) };
}

/** Changes a message, header and all. */
export function editMessage(of: EditedMessage, edit: (message: Uint8Array) => Uint8Array): MessageEdit {
  return { of, messages: (message) => [edit(message)] };
}

/** Changes what follows a message's header; the length in the header follows. */
export function editBody(of: EditedMessage, edit: (body: Uint8Array) => Uint8Array): MessageEdit {
  return editMessage(of, (message) => withBody(message, edit(message.subarray(headerLength))));
}

/** Writes bytes into a message at an offset that counts its header; a negative one counts from the end. */
export function patch(of: EditedMessage, offset: number, ...bytes: readonly number[]): MessageEdit {
  return editMessage(of, (message) => patched(message, offset, ...bytes));
}

/** Flips a bit of a message's last byte. */
export function flipLastByte(of: EditedMessage): MessageEdit {
  return editMessage(of, (message) => patched(message, -1, (message.at(-1) ?? 0) ^ 1));
}

/** Appends a byte to a message. */
export function appendByte(of: EditedMessage): MessageEdit {
  return editBody(of, (body) => join([body, Uint8Array.of(0)]));
}

export function leaveOut(of: EditedMessage): MessageEdit {
  return { of, messages: () => [] };
}

/** Sends another message in place of one. */
export function replace(of: EditedMessage, ...message: readonly number[]): MessageEdit {
  return { of, messages: () => [Uint8Array.from(message)] };
}

/** Sends another message before one. */
export function putBefore(of: EditedMessage, ...message: readonly number[]): MessageEdit {
  return { of, messages: (original) => [Uint8Array.from(message), original] };
}

/** Sends another message behind one. */
export function putBehind(of: EditedMessage, ...message: readonly number[]): MessageEdit {
  return { of, messages: (original) => [original, Uint8Array.from(message)] };
}

/** Leaves out an extension. */
export const without =
  (type: number): ExtensionEdit =>
  (list) =>
    list.filter((each) => each.type !== type);

/** Puts an extension behind the others. */
export const also =
  (type: number, ...body: readonly number[]): ExtensionEdit =>
  (list) => [...list, { type, body: Uint8Array.from(body) }];

/** Gives another body to an extension, where there is one of this type. */
export const instead =
  (type: number, ...body: readonly number[]): ExtensionEdit =>
  (list) =>
    list.map((each) => (each.type === type ? { type, body: Uint8Array.from(body) } : each));

/** Gives a copy with other bytes at an offset; a negative offset counts from the end. */
export function patched(message: Uint8Array, offset: number, ...bytes: readonly number[]): Uint8Array {
  const copy = message.slice();
  copy.set(bytes, offset < 0 ? copy.length + offset : offset);
  return copy;
}

/** Adds an extension to the one entry of the body of a Certificate message of TLS 1.3. */
export function withCertificateExtension(body: Uint8Array, type: number, ...content: readonly number[]): Uint8Array {
  const extension = [type >> 8, type & 255, 0, content.length, ...content];
  const grown = Uint8Array.of(...body.subarray(0, -2), 0, extension.length, ...extension);
  const length = grown.length - 4;
  return patched(grown, 1, length >>> 16, length >>> 8, length);
}

/** Turns the edits into what a misbehaving peer does in one handshake. It counts the ClientHellos to know which one is edited. */
export function overridesOf(edits: readonly MessageEdit[]): HandshakeOverrides {
  let plannedHellos = 0;
  let encodedHellos = 0;
  return {
    shapeExtensions: (carrier, list) => {
      if (carrier === 'ClientHello') plannedHellos += 1;
      const names = namesOf(carrier, plannedHellos);
      return edits.reduce(
        (shaped, { of, extensions }) => (names.includes(of) ? (extensions?.(shaped) ?? shaped) : shaped),
        list,
      );
    },
    shapeMessage: (message) => {
      if (message[0] === HandshakeType.clientHello) encodedHellos += 1;
      const names = namesOf(messageName(message), encodedHellos);
      return edits.reduce<readonly Uint8Array[]>(
        (shaped, { of, messages }) =>
          names.includes(of) && messages !== undefined ? shaped.flatMap((each) => messages(each)) : shaped,
        [message],
      );
    },
  };
}

function namesOf(name: string | undefined, hellos: number): readonly (string | undefined)[] {
  return name === 'ClientHello' && hellos === 2 ? [name, 'second ClientHello'] : [name];
}

function messageName(message: Uint8Array): EditedMessage | undefined {
  if (message[0] === HandshakeType.serverHello && isRetryRequest(message)) return 'HelloRetryRequest';
  return messageNames.find(([type]) => type === message[0])?.[1];
}

/** Tells whether a ServerHello has the random that makes it a HelloRetryRequest (RFC 8446 §4.1.3). */
function isRetryRequest(message: Uint8Array): boolean {
  return retryRequestRandom.every((byte, index) => message[randomAt + index] === byte);
}

function withBody(message: Uint8Array, body: Uint8Array): Uint8Array {
  return Uint8Array.of(message[0] ?? 0, body.length >>> 16, body.length >>> 8, body.length, ...body);
}

const headerLength = 4;

/** The offset of `random` in a ClientHello or ServerHello, which stands behind the header and a version. */
export const randomAt = headerLength + 2;

/** The offset in a hello at which the length of its session id stands. */
export const sessionIdAt = randomAt + 32;

/** Gives the offset in a hello of what follows its session id: a server's cipher suite, or the length of a client's list. */
export function cipherSuiteAt(hello: Uint8Array): number {
  return sessionIdAt + 1 + (hello[sessionIdAt] ?? 0);
}

/** Gives the offset in a ClientHello at which the length of its compression methods stands. */
export function compressionMethodsAt(clientHello: Uint8Array): number {
  const at = cipherSuiteAt(clientHello);
  return at + 2 + ((clientHello[at] ?? 0) << 8) + (clientHello[at + 1] ?? 0);
}

/** The SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
export const retryRequestRandom: readonly number[] = [
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
  0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

const messageNames: readonly (readonly [type: number, name: EditedMessage])[] = [
  [HandshakeType.clientHello, 'ClientHello'],
  [HandshakeType.serverHello, 'ServerHello'],
  [HandshakeType.encryptedExtensions, 'EncryptedExtensions'],
  [HandshakeType.certificate, 'Certificate'],
  [HandshakeType.compressedCertificate, 'CompressedCertificate'],
  [HandshakeType.certificateVerify, 'CertificateVerify'],
  [HandshakeType.serverKeyExchange, 'ServerKeyExchange'],
  [HandshakeType.clientKeyExchange, 'ClientKeyExchange'],
  [HandshakeType.finished, 'Finished'],
];
