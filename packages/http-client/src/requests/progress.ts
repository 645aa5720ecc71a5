import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { Response } from '../undici.ts';
import { callOf } from './call.ts';
import { asDispatchHeaders, fieldValue, headerFields, type HeaderFields } from './header-fields.ts';
import { isRedirect } from './hops.ts';
import {
  PassingHandler,
  type Controller,
  type Handler,
  type Interceptor,
  type ResponseHeaders,
} from './passing-handler.ts';
import type { ProgressListener } from './progress-listeners.ts';

/** Counts the bytes of bodies. A body that is sent counts as undici takes it, part by part, for the connection. */
export const progress: Interceptor = (dispatch) => (options, handler) => {
  const listeners = callOf(options)?.settings.progress;
  if (listeners === undefined) return dispatch(options, handler);
  const { upload, download } = listeners;
  const watched = download === undefined ? handler : new CountingHandler(handler, download);
  return dispatch(upload === undefined ? options : countUpload(options, upload), watched);
};

/** How many bytes of a body of ours are given to undici at a time. */
const partSize = 64 << 10;

type Parts = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

function countUpload(options: Dispatcher.DispatchOptions, listener: ProgressListener): Dispatcher.DispatchOptions {
  if (options.body === undefined || options.body === null) return options;
  const { parts, fields: ofBody } = partsOf(options.body);
  const fields = { ...ofBody, ...headerFields(options.headers) };
  const body = counted(
    parts,
    counter(fields['content-length'], listener),
  ) as unknown as Dispatcher.DispatchOptions['body'];
  return { ...options, headers: asDispatchHeaders(fields), ...(body !== undefined && { body }) };
}

/** Takes a body apart, and says of it in headers what undici would have found out by itself. */
function partsOf(body: unknown): { readonly parts: Parts; readonly fields: HeaderFields } {
  if (typeof body === 'string') return partsOf(Buffer.from(body));
  if (body instanceof ArrayBuffer) return partsOf(new Uint8Array(body));
  if (ArrayBuffer.isView(body)) {
    const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    return { parts: [bytes], fields: { 'content-length': String(bytes.byteLength) } };
  }
  if (body instanceof Blob) {
    const type: HeaderFields = body.type === '' ? {} : { 'content-type': body.type };
    return { parts: body.stream(), fields: { ...type, 'content-length': String(body.size) } };
  }
  // A stream may fail before its first part is asked for. Whoever asks then gets the error.
  if (body instanceof Readable) body.on('error', () => undefined);
  if (typeof body === 'object' && body !== null && (Symbol.asyncIterator in body || isListOfParts(body)))
    return { parts: body as Parts, fields: {} };
  // A form is encoded by undici, which says how long it is only when it sends the form itself.
  const response = new Response(body as ConstructorParameters<typeof Response>[0]);
  const type = response.headers.get('content-type');
  return {
    parts: response.body as unknown as Parts,
    fields: type === null ? {} : { 'content-type': type },
  };
}

function isListOfParts(body: object): boolean {
  return (
    Symbol.iterator in body &&
    !['FormData', 'URLSearchParams'].includes(Object.prototype.toString.call(body).slice(8, -1))
  );
}

async function* counted(parts: Parts, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    for (let at = 0; at < bytes.byteLength; at += partSize) {
      const slice = bytes.subarray(at, at + partSize);
      yield slice;
      count(slice.byteLength);
    }
  }
}

function counter(length: string | readonly string[] | undefined, listener: ProgressListener): (bytes: number) => void {
  const known = Number(fieldValue(length) ?? NaN);
  const total = Number.isSafeInteger(known) && known >= 0 ? known : undefined;
  let transferred = 0;
  return (bytes) => {
    transferred += bytes;
    const now = { transferred, total };
    queueMicrotask(() => listener(now));
  };
}

class CountingHandler extends PassingHandler {
  readonly #listener: ProgressListener;
  #count: ((bytes: number) => void) | undefined;

  constructor(inner: Handler, listener: ProgressListener) {
    super(inner);
    this.#listener = listener;
  }

  override onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    // The body of a redirect is nothing that the caller waits for.
    if (status >= 200 && !isRedirect(status, headers)) this.#count = counter(headers['content-length'], this.#listener);
    super.onResponseStart(controller, status, headers, message);
  }

  override onResponseData(controller: Controller, chunk: Buffer): void {
    super.onResponseData(controller, chunk);
    this.#count?.(chunk.length);
  }
}
