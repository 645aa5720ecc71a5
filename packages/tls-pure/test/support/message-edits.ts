import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import type { Extension } from '../../src/wire/extension.ts';
import type { HandshakeType } from '../../src/wire/handshake-message.ts';

type ExtensionEdit = (extensions: readonly Extension[]) => readonly Extension[];

/** Changes the extensions of one kind of message. */
export function editExtensions(carrier: string, edit: ExtensionEdit): HandshakeOverrides {
  return { shapeExtensions: (where, planned) => (where === carrier ? edit(planned) : planned) };
}

/** Replaces messages of one type. */
export function editMessages(
  type: HandshakeType,
  edit: (message: Uint8Array) => readonly Uint8Array[],
): HandshakeOverrides {
  return { shapeMessage: (message) => (message[0] === type ? edit(message) : [message]) };
}

/** Other bytes at an offset; a negative one counts from the end. */
export function patched(message: Uint8Array, offset: number, ...bytes: readonly number[]): Uint8Array {
  const copy = message.slice();
  copy.set(bytes, offset < 0 ? copy.length + offset : offset);
  return copy;
}

/** The same type of message with another body. */
export function withBody(message: Uint8Array, body: Uint8Array): Uint8Array {
  return Uint8Array.of(message[0] ?? 0, body.length >>> 16, body.length >>> 8, body.length, ...body);
}

export const without =
  (type: number): ExtensionEdit =>
  (list) =>
    list.filter((each) => each.type !== type);

export const also =
  (type: number, ...body: readonly number[]): ExtensionEdit =>
  (list) => [...list, { type, body: Uint8Array.from(body) }];

export const instead =
  (type: number, ...body: readonly number[]): ExtensionEdit =>
  (list) =>
    list.map((each) => (each.type === type ? { type, body: Uint8Array.from(body) } : each));
