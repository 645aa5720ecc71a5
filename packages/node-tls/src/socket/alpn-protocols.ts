import { codedError } from '../coded-error.ts';

/** A list of protocols, in every form that Node takes: strings, buffers, or the bytes of the extension. */
export type AlpnProtocols = readonly (string | NodeJS.ArrayBufferView)[] | NodeJS.ArrayBufferView;

/**
 * Reads a list of protocols.
 * @throws RangeError with Node's code on one that is longer than 255 bytes
 */
export function readAlpnProtocols(given: AlpnProtocols | undefined | null): readonly (string | Uint8Array)[] {
  if (given !== undefined && given !== null && read.has(given)) return given as readonly (string | Uint8Array)[];
  const protocols = ArrayBuffer.isView(given) ? split(bytesOf(given)) : (given ?? []).map(readProtocol);
  read.add(protocols);
  return protocols;
}

function readProtocol(given: string | NodeJS.ArrayBufferView, index: number): string | Uint8Array {
  const protocol = typeof given === 'string' ? given : bytesOf(given);
  if (Buffer.byteLength(protocol) > 255) throw tooLong(index, protocol);
  return protocol;
}

/** Lists that were read already, which are not read again. */
const read = new WeakSet<object>();

/** Takes the extension's bytes apart: each protocol has its length before it. What is cut off is left out. */
function split(bytes: Uint8Array): readonly Uint8Array[] {
  const protocols: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    const protocol = bytes.slice(at + 1, at + 1 + length);
    if (length > 0 && protocol.length === length) protocols.push(protocol);
    at += 1 + length;
  }
  return protocols;
}

function bytesOf(view: NodeJS.ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

function tooLong(index: number, protocol: string | Uint8Array): Error {
  const message = `The byte length of the protocol at index ${index} exceeds the maximum length. It must be <= 255. Received ${Buffer.byteLength(protocol)}`;
  return codedError('ERR_OUT_OF_RANGE', message, RangeError);
}
