import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import type { Duplex } from 'node:stream';

/** What a net.Socket calls for each read, with the number of bytes that lie at the beginning of the buffer. */
type ReadCallback = (length: number) => boolean;

/** What a stream of the system has in Node, as far as it is used here. No types of Node tell of it. */
interface StreamHandle {
  /** Has the system's reads put into this buffer, which must live as long as the handle. */
  useUserBuffer(buffer: Uint8Array): unknown;
}

/** A net.Socket whose reads can go to a buffer of ours, and whose writes can go past its stream. */
export type PlainSocket = Socket & {
  readonly _handle: StreamHandle | null;
  _write(bytes: Uint8Array, encoding: 'buffer', done: (error?: Error | null) => void): void;
};

/** Where a net.Socket keeps its option `onread`. */
interface OnReadSlots {
  readonly buffer: symbol;
  readonly callback: symbol;
}

/** By these a net.Socket moves bytes. A program that has replaced one of them on its socket wants to be called. */
const methods = [
  'emit',
  'end',
  'on',
  'pause',
  'push',
  'read',
  'resume',
  'write',
  '_final',
  '_read',
  '_write',
  '_writev',
];

const slots = findSlots();

/**
 * Tells whether a Duplex is a net.Socket as node:net makes it, open or still to be connected, in which nothing waits, to which nobody listens,
 * and whose reads can go to a buffer of ours.
 */
export function isPlainSocket(duplex: Duplex): duplex is PlainSocket {
  return isUntouched(duplex) && slots !== undefined && hasNoOnRead(duplex, slots) && canHaveBuffer(duplex);
}

/**
 * Has a socket read into this buffer from now on, as its option `onread` does: nothing goes through its own stream any more but its end.
 * A second call replaces the callback.
 * @throws whatever a runtime throws that has the function and cannot do it; the socket is then as it was
 */
export function readIntoBuffer(socket: PlainSocket, buffer: Uint8Array, callback: ReadCallback): void {
  if (slots === undefined) throw new TypeError('a net.Socket of this runtime has no place for `onread`');
  // a socket that has no handle yet gives the one that it gets the buffer
  const { _handle: handle } = socket;
  if (hasNoOnRead(socket, slots)) handle?.useUserBuffer(buffer);
  const places = socket as unknown as Record<symbol, unknown>;
  places[slots.buffer] = buffer;
  places[slots.callback] = callback;
}

/**
 * Gives bytes to the system behind all that it was given before, past the socket's stream, which must be empty.
 * @param done is called when the system has taken them, which is mostly before this returns, or with the error that prevented that
 */
export function writePastStream(socket: PlainSocket, bytes: Uint8Array, done: (error?: Error | null) => void): void {
  // oxlint-disable-next-line no-underscore-dangle -- a stream's own name for its way to what it stands for
  socket._write(bytes, 'buffer', done);
}

/**
 * Finds where a net.Socket keeps its option `onread`, by making one that has it. Only sockets that are still to be made can be given it by
 * public means.
 */
function findSlots(): OnReadSlots | undefined {
  const onread = { buffer: new Uint8Array(1), callback: () => true };
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = { onread };
  const probe = new Socket(options);
  const [buffer, callback] = [slotOf(probe, onread.buffer), slotOf(probe, onread.callback)];
  return buffer === undefined || callback === undefined ? undefined : { buffer, callback };
}

function slotOf(socket: Socket, value: unknown): symbol | undefined {
  const found = Object.getOwnPropertySymbols(socket).filter((slot) => Reflect.get(socket, slot) === value);
  return found.length === 1 ? found[0] : undefined;
}

function hasNoOnRead(socket: Socket, { buffer, callback }: OnReadSlots): boolean {
  return Reflect.get(socket, buffer) === null && Reflect.get(socket, callback) === null;
}

function canHaveBuffer(socket: Socket): boolean {
  const { _handle: handle } = socket as Partial<PlainSocket>;
  return handle === null || typeof handle?.useUserBuffer === 'function';
}

function isUntouched(duplex: Duplex): duplex is Socket {
  if (Object.getPrototypeOf(duplex) !== Socket.prototype) return false;
  if (methods.some((name) => Object.hasOwn(duplex, name))) return false;
  if (!duplex.readable || !duplex.writable || duplex.readableEncoding !== null) return false;
  if (duplex.readableLength + duplex.writableLength + duplex.writableCorked > 0) return false;
  return duplex.listenerCount('data') + duplex.listenerCount('readable') === 0;
}
