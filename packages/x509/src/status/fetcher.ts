import { TlsError, type MaybePromise } from '@org/tls-core';
import { concatBytes } from '@org/tls-core/backend';

/** One question to a responder of OCSP or to a place of revocation lists, as HTTP has it. */
export interface StatusRequest {
  /**
   * An http: or https: URL without credentials, of at most 2,048 characters. It stands in a certificate, which its issuer has signed: a program
   * inside a network that is trusted may want to refuse addresses there.
   */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** How many bytes of an answer are taken. */
  readonly maxBytes: number;
  /** Is aborted when nobody waits for the answer any more: after the timeout, when too much came, or when the owner was closed. */
  readonly signal: AbortSignal;
}

/**
 * Does a request, and gives the body of a response with status 200, whole or in pieces. It throws, or rejects, for any other; redirections should not be
 * followed. An answer that comes in pieces is read no further than `maxBytes`.
 */
export type StatusFetcher = (request: StatusRequest) => MaybePromise<Uint8Array | AsyncIterable<Uint8Array>>;

/** The part of a platform's `fetch` that is used here. */
type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array<ArrayBuffer> | null;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; readonly body: ReadableStream<Uint8Array> | null }>;

/**
 * Makes a fetcher of a `fetch`: the platform's, or undici's with a dispatcher of one's own. Redirections are refused.
 * @example statusFetcher(fetch)
 */
export function statusFetcher(fetch: Fetch): StatusFetcher {
  return async ({ url, method, headers, body, signal }) => {
    const init = { method, headers: { ...headers }, body: body === undefined ? null : new Uint8Array(body) };
    const response = await fetch(url, { ...init, redirect: 'error', signal });
    if (response.status !== 200) {
      void response.body?.cancel().catch(() => undefined);
      throw new TlsError('ERR_TLS_CERTIFICATE_STATUS', `HTTP status ${response.status}`);
    }
    return response.body === null ? new Uint8Array(0) : piecesOf(response.body);
  };
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      // One piece comes behind the other.
      // oxlint-disable-next-line no-await-in-loop
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** How a fetcher is asked. */
export interface FetchLimits {
  readonly fetch: StatusFetcher;
  /** Milliseconds. */
  readonly timeout: number;
  readonly requests: OpenRequests;
}

/** The requests of an owner that are under way. One signal for all of them would have more listeners than Node expects. */
export class OpenRequests {
  readonly #giveUps = new Set<(why: string) => void>();
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(giveUp: (why: string) => void): void {
    if (this.#isClosed) giveUp(closed);
    else this.#giveUps.add(giveUp);
  }

  delete(giveUp: (why: string) => void): void {
    this.#giveUps.delete(giveUp);
  }

  close(): void {
    this.#isClosed = true;
    for (const giveUp of this.#giveUps) giveUp(closed);
    this.#giveUps.clear();
  }
}

const closed = 'its owner was closed';

/**
 * Asks a fetcher for an answer, for no longer than `timeout` and for no more bytes than the request says, whatever the fetcher does.
 * @throws (rejects with) TlsError `ERR_TLS_CERTIFICATE_STATUS`, whose cause is what the fetcher failed with
 */
export async function fetchAnswer(
  request: Omit<StatusRequest, 'signal'>,
  { fetch, timeout, requests }: FetchLimits,
): Promise<Uint8Array> {
  const controller = new AbortController();
  const giveUp = (why: string): void => controller.abort(failure(`${request.url}: ${why}`));
  const timer = setTimeout(() => giveUp(`there was no answer within ${timeout} ms`), timeout);
  // A browser's timer is a number.
  (timer as { unref?: () => void }).unref?.();
  requests.add(giveUp);
  try {
    return await untilAborted(controller.signal, async () => {
      const answer = await fetch({ ...request, signal: controller.signal });
      return readAnswer(answer, request.maxBytes, controller.signal);
    });
  } catch (cause) {
    if (controller.signal.aborted) throw controller.signal.reason;
    throw failure(`${request.url}: ${cause instanceof Error ? cause.message : 'the fetcher failed'}`, cause);
  } finally {
    clearTimeout(timer);
    requests.delete(giveUp);
    // Where it is over by itself, this reaches nobody but a fetcher that goes on.
    giveUp('the answer is not waited for any more');
  }
}

/** @throws TypeError or TlsError `ERR_TLS_CONFIG` */
export function checkTimeout(timeout: unknown): void {
  if (typeof timeout !== 'number') throw new TypeError('timeout: expected a number');
  if (!Number.isInteger(timeout) || timeout < 100 || timeout > 60_000)
    throw new TlsError('ERR_TLS_CONFIG', `timeout: expected 100 to 60000 ms, got ${timeout}`, { option: 'timeout' });
}

/** Waits for a Promise, or until a signal is aborted: a fetcher need not look at it. */
async function untilAborted<Value>(signal: AbortSignal, act: () => Promise<Value>): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    act().then(resolve, reject);
  });
}

async function readAnswer(answer: unknown, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  if (answer instanceof Uint8Array) {
    if (answer.length > maxBytes) throw failure(`more than ${maxBytes} bytes came`);
    return new Uint8Array(answer);
  }
  if (!isAsyncIterable(answer)) throw failure('the fetcher gave neither bytes nor pieces of them');
  const pieces: Uint8Array[] = [];
  let length = 0;
  let empty = 0;
  for await (const piece of answer) {
    if (signal.aborted) throw signal.reason;
    if (!(piece instanceof Uint8Array)) throw failure('the fetcher gave a piece that is no bytes');
    length += piece.length;
    if (length > maxBytes) throw failure(`more than ${maxBytes} bytes came`);
    if (piece.length > 0) pieces.push(new Uint8Array(piece));
    else empty += 1;
    // Where they come without a pause, no timer would end them.
    if (empty > maxEmptyPieces) throw failure('too many empty pieces came');
  }
  return concatBytes(pieces);
}

const maxEmptyPieces = 1000;

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function failure(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CERTIFICATE_STATUS', message, { cause });
}
