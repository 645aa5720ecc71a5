import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** Up to here the body of a response that nobody wants is read, which keeps the connection; a longer one costs the connection. */
const worthReading = 64 << 10;

/** Tells whether a body is a value that can be sent twice: a stream or an iterator is used up by the first time. */
export function canBeSentAgain(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return true;
  const name = Object.prototype.toString.call(body).slice(8, -1);
  return ['Blob', 'File', 'FormData', 'URLSearchParams', 'SharedArrayBuffer'].includes(name);
}

/** How long a body that nobody wants may take to come, in milliseconds. */
const worthWaiting = 1000;

/** Reads and drops what is left of a response's body, or ends its connection where that is more than a connection is worth. */
export async function discard(
  body: Readable | ReadableStream | null,
  length: string | readonly string[] | null | undefined,
): Promise<void> {
  if (body === null) return;
  const readable = body instanceof Readable ? body : Readable.fromWeb(body);
  readable.on('error', () => undefined);
  if (Number(length ?? 0) > worthReading) return void readable.destroy();
  const timer = setTimeout(() => readable.destroy(), worthWaiting);
  let left = worthReading;
  try {
    for await (const part of readable) {
      left -= (part as Uint8Array).byteLength;
      // Leaving the loop ends the body.
      if (left < 0) return;
    }
  } catch {
    // The body failed, and nobody wanted it.
  } finally {
    clearTimeout(timer);
  }
}

/** Ends the connection of a body that nobody wants. */
export function cancel(body: Readable): void {
  body.on('error', () => undefined).destroy();
}
