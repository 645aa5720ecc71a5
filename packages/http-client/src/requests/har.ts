import { Readable } from 'node:stream';
import { optionNames, ownOptions } from '@org/tls-core/backend';
import type { Dispatcher } from 'undici';
import type { CallConnection, ConnectionOf } from './call-connection.ts';
import type { Har, HarEntry, HarField, HarRequest, HarResponse, HarTimings } from './har-format.ts';
import { redactionOf, type Redaction } from './har-redaction.ts';
import { fieldValue, headerFields, type HeaderFields } from './header-fields.ts';
import { readSensitiveHeaders } from './hops.ts';
import { checkCount } from './option-checks.ts';
import {
  PassingHandler,
  type Controller,
  type Handler,
  type Interceptor,
  type ResponseHeaders,
} from './passing-handler.ts';

export interface HarOptions {
  /** How many requests are kept at most; default 1,000. The oldest go first, and the archive says how many. */
  readonly maxEntries?: number;
  /** How many bytes of each body are kept; default 0, since bodies hold what nothing can recognise as a secret. */
  readonly maxBodySize?: number;
  /** Keep credentials as they are sent; default `false`: values of cookies, of `Authorization` and the like, and of parameters such as `token`. */
  readonly showCredentials?: boolean;
  /** Names of further headers whose values are hidden. */
  readonly sensitiveHeaders?: readonly string[];
}

/** Keeps the requests of the clients that have it as their option `har`, those of redirects and retries too. */
export interface HarRecorder {
  /** Gives what has been recorded: the requests that are over. */
  export(): Har;
  /** Forgets what has been recorded. */
  clear(): void;
}

/**
 * Makes a recorder of HTTP archives (HAR 1.2).
 * @throws TypeError on an unknown option; RangeError on a number out of range
 */
export function createHarRecorder(given: HarOptions = {}): HarRecorder {
  return new Recorder(ownOptions(given, known, 'har'));
}

/** @throws TypeError on what is no recorder of this package */
export function readHar(given: HarRecorder | undefined): ((connectionOf: ConnectionOf) => Interceptor) | undefined {
  if (given === undefined) return undefined;
  if (given instanceof Recorder) return given.stageOf;
  throw new TypeError('har: expected a recorder of createHarRecorder');
}

const mostBytes = 1 << 30;

class Recorder implements HarRecorder {
  readonly #maxEntries: number;
  readonly #maxBodySize: number;
  readonly #redaction: Redaction;
  #entries: HarEntry[] = [];
  #forgotten = 0;

  constructor(options: HarOptions) {
    this.#maxEntries = checkCount('har.maxEntries', options.maxEntries ?? 1000, 1_000_000);
    this.#maxBodySize = checkCount('har.maxBodySize', options.maxBodySize ?? 0, mostBytes);
    this.#redaction = redactionOf(options.showCredentials !== true, readSensitiveHeaders(options.sensitiveHeaders));
  }

  /** Makes the stage of one client. */
  readonly stageOf =
    (connectionOf: ConnectionOf): Interceptor =>
    (dispatch) =>
    (options, handler) => {
      const entry = new OpenEntry(options, connectionOf, {
        redaction: this.#redaction,
        maxBodySize: this.#maxBodySize,
      });
      const sent = this.#maxBodySize > 0 ? entry.watched(options) : options;
      return dispatch(sent, new RecordingHandler(handler, entry, (done) => this.#add(done)));
    };

  export(): Har {
    const entries = [...this.#entries].sort((a, b) => a.startedDateTime.localeCompare(b.startedDateTime));
    return {
      log: {
        version: '1.2',
        creator: { name: '@org/http-client', version: '1' },
        entries,
        ...(this.#forgotten > 0 && { comment: `${this.#forgotten} earlier requests were dropped` }),
      },
    };
  }

  clear(): void {
    this.#entries = [];
    this.#forgotten = 0;
  }

  #add(entry: HarEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length <= this.#maxEntries) return;
    this.#entries.shift();
    this.#forgotten += 1;
  }
}

/** A request that is not over. */
class OpenEntry {
  readonly #options: Dispatcher.DispatchOptions;
  readonly #connectionOf: ConnectionOf;
  readonly #redaction: Redaction;
  readonly #begin = new Date();
  readonly #times: { begin: number; sent?: number; answered?: number } = { begin: performance.now() };
  readonly #sent: KeptBytes;
  readonly #received: KeptBytes;
  #status = 0;
  #message = '';
  #headers: HeaderFields = {};

  constructor(
    options: Dispatcher.DispatchOptions,
    connectionOf: ConnectionOf,
    { redaction, maxBodySize }: { readonly redaction: Redaction; readonly maxBodySize: number },
  ) {
    this.#options = options;
    this.#connectionOf = connectionOf;
    this.#redaction = redaction;
    this.#sent = new KeptBytes(maxBodySize);
    this.#received = new KeptBytes(maxBodySize);
    const { body } = options;
    if (typeof body === 'string' || body instanceof Uint8Array) this.#sent.add(Buffer.from(body));
  }

  /** Gives the options with a body whose parts are looked at as they are sent, as `fetch` sends all bodies. */
  watched(options: Dispatcher.DispatchOptions): Dispatcher.DispatchOptions {
    const body: unknown = options.body;
    if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body) || body instanceof Readable)
      return options;
    const watched = this.#watch(body as AsyncIterable<Uint8Array>) as unknown as NonNullable<typeof options.body>;
    return { ...options, body: watched };
  }

  async *#watch(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      this.#sent.add(part);
      yield part;
    }
  }

  sent(): void {
    this.#times.sent = performance.now();
  }

  answered(status: number, headers: ResponseHeaders, message = ''): void {
    this.#times.answered = performance.now();
    this.#status = status;
    this.#message = message;
    this.#headers = headerFields(headers);
  }

  received(chunk: Buffer): void {
    this.#received.add(chunk);
  }

  close(error?: Error): HarEntry {
    const connection = this.#connectionOf(this.#options);
    const timings = this.#timings(connection);
    const { ssl: _partOfConnect, ...parts } = timings;
    const time = Object.values(parts).reduce((sum, each) => sum + Math.max(0, each), 0);
    const httpVersion = versionOf(connection);
    return {
      startedDateTime: this.#begin.toISOString(),
      time,
      request: { ...this.#request(), httpVersion },
      response: { ...this.#response(error), httpVersion },
      cache: {},
      timings,
    };
  }

  /** What a connection cost that was made for this request is not part of `blocked`. */
  #timings(connection: CallConnection | undefined): HarTimings {
    const { begin, sent, answered } = this.#times;
    const now = performance.now();
    const from = sent ?? now;
    const until = answered ?? now;
    const { lookup, connect, proxy, handshake } = connection?.timings ?? {};
    const dns = lookup ?? -1;
    const isNew = connect !== undefined || proxy !== undefined || handshake !== undefined;
    const made = isNew ? (connect ?? 0) + (proxy ?? 0) + (handshake ?? 0) : -1;
    return {
      blocked: Math.max(0, from - begin - Math.max(0, dns) - Math.max(0, made)),
      dns,
      connect: made,
      ssl: handshake ?? -1,
      send: 0,
      wait: Math.max(0, until - from),
      receive: now - until,
    };
  }

  #request(): Omit<HarRequest, 'httpVersion'> {
    const { origin, path, method, headers, body } = this.#options;
    const fields = headerFields(headers);
    const url = this.#redaction.url(new URL(path, origin).href);
    const cookies = (fieldValue(fields['cookie']) ?? '').split(';').filter((pair) => pair.trim() !== '');
    const { bytes, size } = this.#sent;
    const isKnown = size > 0 || body === undefined || body === null || body === '';
    return {
      method,
      url,
      cookies: this.#redaction.cookies(cookies),
      headers: this.#redaction.headers(fields),
      queryString: [...new URL(url).searchParams].map(([name, value]): HarField => ({ name, value })),
      ...(bytes.length > 0 && {
        postData: { mimeType: fieldValue(fields['content-type']) ?? '', text: bytes.toString() },
      }),
      headersSize: -1,
      bodySize: isKnown ? size : -1,
    };
  }

  #response(error: Error | undefined): Omit<HarResponse, 'httpVersion'> {
    const { bytes, size } = this.#received;
    const isCut = bytes.length < size;
    const location = fieldValue(this.#headers['location']);
    return {
      status: this.#status,
      statusText: this.#message,
      cookies: this.#redaction.cookies([this.#headers['set-cookie'] ?? []].flat()),
      headers: this.#redaction.headers(this.#headers),
      content: {
        size,
        mimeType: fieldValue(this.#headers['content-type']) ?? '',
        ...(bytes.length > 0 && { text: bytes.toString('base64'), encoding: 'base64' }),
        ...(isCut && { comment: `${bytes.length} bytes of ${size} are kept` }),
      },
      redirectURL: location === undefined ? '' : this.#redaction.url(location),
      headersSize: -1,
      bodySize: -1,
      ...(error !== undefined && { comment: `failed: ${error.name}` }),
    };
  }
}

function versionOf(connection: CallConnection | undefined): string {
  if (connection === undefined) return 'unknown';
  return connection.alpnProtocol === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1';
}

/** The beginning of a body, and its length. */
class KeptBytes {
  readonly #most: number;
  readonly #parts: Buffer[] = [];
  #kept = 0;
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  get size(): number {
    return this.#size;
  }

  add(bytes: Uint8Array): void {
    this.#size += bytes.length;
    const kept = bytes.subarray(0, this.#most - this.#kept);
    if (kept.length === 0) return;
    // A copy: whoever owns the bytes may write them again.
    this.#parts.push(Buffer.from(kept));
    this.#kept += kept.length;
  }
}

class RecordingHandler extends PassingHandler {
  readonly #entry: OpenEntry;
  readonly #onClosed: (entry: HarEntry) => void;

  constructor(inner: Handler, entry: OpenEntry, onClosed: (entry: HarEntry) => void) {
    super(inner);
    this.#entry = entry;
    this.#onClosed = onClosed;
  }

  override onRequestStart(controller: Controller, context: unknown): void {
    this.#entry.sent();
    super.onRequestStart(controller, context);
  }

  override onResponseStart(controller: Controller, status: number, headers: ResponseHeaders, message?: string): void {
    if (status >= 200) this.#entry.answered(status, headers, message);
    super.onResponseStart(controller, status, headers, message);
  }

  override onResponseData(controller: Controller, chunk: Buffer): void {
    this.#entry.received(chunk);
    super.onResponseData(controller, chunk);
  }

  override onResponseEnd(controller: Controller, trailers: ResponseHeaders): void {
    this.#onClosed(this.#entry.close());
    super.onResponseEnd(controller, trailers);
  }

  override onResponseError(controller: Controller, error: Error): void {
    this.#onClosed(this.#entry.close(error));
    super.onResponseError(controller, error);
  }
}

const known = optionNames<HarOptions>({
  maxEntries: true,
  maxBodySize: true,
  showCredentials: true,
  sensitiveHeaders: true,
});
