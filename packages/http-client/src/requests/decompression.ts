import type { Duplex } from 'node:stream';
import zlib from 'node:zlib';
import { optionNames, ownOptions } from '@org/tls-core/backend';
import { fieldValue, hasField, withField } from './header-fields.ts';
import { HttpClientError } from './http-client-error.ts';
import {
  PassingHandler,
  type Controller,
  type Handler,
  type Interceptor,
  type ResponseHeaders,
} from './passing-handler.ts';

/** Bounds of what a compressed body may become. */
export interface DecompressOptions {
  /** How many bytes a decoded body may have; default: as many as come. */
  readonly maxSize?: number;
  /**
   * How many bytes one byte of a compressed body may become, on average; default 200. It is looked at from 8 MiB on: text and logs stay below 100,
   * while a bomb reaches 1,032 with one layer of deflate, and far more with br, zstd or two layers.
   */
  readonly maxRatio?: number;
}

/** A body has at most so many codings: servers use one, and each more multiplies what a bomb becomes. */
const maxCodings = 3;

/** Up to here no ratio is looked at: it costs nobody much, and short bodies of one letter have any ratio. */
const freeSize = 8 << 20;

const defaultRatio = 200;

/** Older Nodes, whose types these are, have none. */
const { createZstdDecompress, constants } = zlib as {
  readonly createZstdDecompress?: (options: { readonly params: Readonly<Record<number, number>> }) => Duplex;
  readonly constants: { readonly ZSTD_d_windowLogMax?: number };
};

/** A window of 8 MiB: nobody may send a longer one (RFC 9659 §3), which the library would make room for up to 128 MiB. */
const zstdOptions = { params: { [constants.ZSTD_d_windowLogMax ?? 100]: 23 } };

/** Decoders by the names of codings (RFC 9110 §8.4.1, RFC 7932, RFC 8878). `compress` is LZW, which nobody sends. */
const decoders: Readonly<Record<string, (first: Buffer) => Duplex>> = {
  __proto__: null as never,
  gzip: () => zlib.createGunzip(),
  'x-gzip': () => zlib.createGunzip(),
  // By name it is zlib's format, but some servers send it without zlib's header, whose low bits are 8 (RFC 1950 §2.2).
  deflate: ([byte = 8]) => ((byte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()),
  br: () => zlib.createBrotliDecompress(),
  ...(createZstdDecompress !== undefined && { zstd: () => createZstdDecompress(zstdOptions) }),
};

/** What `request` asks for, the best first. */
export const acceptEncoding = 'zstd' in decoders ? 'zstd, br, gzip, deflate' : 'br, gzip, deflate';

/** @throws TypeError on an unknown option; RangeError on one that is no positive number */
export function readDecompression(given: boolean | DecompressOptions = true): DecompressOptions | undefined {
  if (given === false) return undefined;
  const options =
    given === true
      ? {}
      : ownOptions(given, optionNames<DecompressOptions>({ maxSize: true, maxRatio: true }), 'decompress');
  for (const [name, value] of Object.entries(options) as [string, unknown][])
    if (typeof value !== 'number' || !(value >= 1))
      throw new RangeError(`decompress.${name}: expected a number from 1 on`);
  return options;
}

/**
 * Decodes bodies, and asks for codings unless the request asks itself or is for a part. What is decoded has no `content-encoding` and no
 * `content-length`, which told of what was sent.
 */
export function decompression(options: DecompressOptions): Interceptor {
  return (dispatch) => (request, handler) => {
    const { headers } = request;
    const asking = hasField(headers, ['accept-encoding', 'range'])
      ? request
      : { ...request, headers: withField(headers, 'accept-encoding', acceptEncoding) };
    return dispatch(asking, request.method === 'HEAD' ? handler : new DecodingHandler(handler, options));
  };
}

class DecodingHandler extends PassingHandler {
  readonly #options: DecompressOptions;
  readonly #controller = new DecodingController((reason) => this.#fail(reason));
  #codings: readonly string[] = [];
  #chain: { readonly first: Duplex; readonly all: readonly Duplex[] } | undefined;
  #received = 0;
  #decoded = 0;
  #isReported = false;
  #isDone = false;
  /** Why the caller has been told that there is no answer. */
  #failure: Error | undefined;

  constructor(inner: Handler, options: DecompressOptions) {
    super(inner);
    this.#options = options;
  }

  override onRequestStart(controller: Controller, context: unknown): void {
    this.#controller.source = controller;
    // it may be made once more after it was aborted: the caller has its error, and nobody would take the answer
    if (this.#failure !== undefined) return controller.abort(this.#failure);
    return super.onRequestStart(this.#controller, context);
  }

  override onResponseStart(source: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    this.#controller.source = source;
    this.#codings = status < 200 || status === 204 || status === 304 ? [] : codingsOf(headers);
    if (this.#codings.length > maxCodings)
      return this.#fail(undecodable(`expected at most ${maxCodings} content codings, got ${this.#codings.length}`));
    if (this.#codings.length === 0) return super.onResponseStart(this.#controller, status, headers, message);
    const { 'content-encoding': _coding, 'content-length': _length, ...rest } = headers;
    return super.onResponseStart(this.#controller, status, rest, message);
  }

  override onResponseData(source: Controller, chunk: Buffer): void {
    if (this.#codings.length === 0) return super.onResponseData(this.#controller, chunk);
    if (this.#isDone) return undefined;
    this.#received += chunk.length;
    this.#chain ??= this.#start(chunk);
    if (!this.#chain.first.write(chunk)) source.pause();
    return undefined;
  }

  override onResponseEnd(_source: Controller, trailers: ResponseHeaders): void {
    // A body without a byte is empty, whatever coding it is said to have.
    if (this.#chain === undefined) return this.#end(trailers);
    const { first, all } = this.#chain;
    all.at(-1)?.once('end', () => this.#pass(() => this.#end(trailers)));
    first.end();
    return undefined;
  }

  override onResponseError(_source: Controller, error: Error): void {
    this.#stop();
    this.#report(error);
  }

  #start(chunk: Buffer): { readonly first: Duplex; readonly all: readonly Duplex[] } {
    const all = this.#codings
      .map((coding, index) => decoders[coding]?.(index === 0 ? chunk : Buffer.alloc(0)))
      .filter((each) => each !== undefined);
    const [first] = all;
    const last = all.at(-1);
    if (first === undefined || last === undefined) throw undecodable('no content coding');
    for (const [index, decoder] of all.entries()) {
      decoder.on('error', (cause) => this.#fail(undecodable('the body is not what its content coding says', cause)));
      if (index > 0) all[index - 1]?.pipe(decoder);
    }
    first.on('drain', () => this.#controller.source?.resume());
    last.on('data', (decoded: Buffer) => this.#pass(() => this.#give(decoded)));
    this.#controller.output = last;
    return { first, all };
  }

  #give(decoded: Buffer): void {
    if (this.#isDone) return;
    this.#decoded += decoded.length;
    const { maxSize = Infinity, maxRatio = defaultRatio } = this.#options;
    if (this.#decoded > maxSize) throw undecodable(`the decoded body has more than ${maxSize} bytes`);
    if (this.#decoded > freeSize && this.#decoded > this.#received * maxRatio)
      throw undecodable(`the body grew to more than ${maxRatio} times its size`);
    super.onResponseData(this.#controller, decoded);
  }

  #end(trailers: ResponseHeaders): void {
    super.onResponseEnd(this.#controller, trailers);
    this.#isDone = true;
    this.#isReported = true;
  }

  /** Runs what a stream's event calls, whose exception would otherwise be nobody's. */
  #pass(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(reason: Error): void {
    if (this.#isDone) return;
    this.#stop();
    this.#controller.source?.abort(reason);
    // A source that has sent all, or that is shared with other calls, says nothing when it is aborted.
    this.#report(reason);
  }

  #report(error: Error): void {
    if (this.#isReported) return;
    this.#isReported = true;
    this.#failure = error;
    super.onResponseError(this.#controller, error);
  }

  #stop(): void {
    this.#isDone = true;
    for (const decoder of this.#chain?.all ?? []) decoder.destroy();
  }
}

/** Pauses the last decoder where undici would pause the connection; the decoders hold the connection up by themselves. */
class DecodingController implements Controller {
  source: Controller | undefined;
  output: Duplex | undefined;
  readonly #onAbort: (reason: Error) => void;
  #reason: Error | null = null;

  constructor(onAbort: (reason: Error) => void) {
    this.#onAbort = onAbort;
  }

  get aborted(): boolean {
    return this.#reason !== null || this.source?.aborted === true;
  }

  get reason(): Error | null {
    return this.#reason ?? this.source?.reason ?? null;
  }

  get paused(): boolean {
    return this.output?.isPaused() ?? this.source?.paused ?? false;
  }

  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#onAbort(reason);
  }

  pause(): void {
    (this.output ?? this.source)?.pause();
  }

  resume(): void {
    (this.output ?? this.source)?.resume();
  }
}

/** Gives the codings in the order in which they are undone; none when there is one that nobody knows. */
function codingsOf(headers: ResponseHeaders): readonly string[] {
  const field = fieldValue(headers['content-encoding']);
  if (field === undefined) return [];
  const names = field
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  return names.every((name) => name in decoders) ? names.reverse() : [];
}

function undecodable(message: string, cause?: unknown): HttpClientError {
  return new HttpClientError('ERR_HTTP_CLIENT_DECODING', message, { phase: 'body', cause });
}
