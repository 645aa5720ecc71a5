import type { Dispatcher, Headers, Response } from 'undici';
import { asUndiciBody, asUndiciRequest, type AnyBody, type AnyRequest, type AnyRequestInit } from '../foreign-body.ts';
import { fetch, request, Request } from '../undici.ts';
import { decompression, readDecompression, type DecompressOptions } from './decompression.ts';
import type { Interceptor } from './passing-handler.ts';
import { sendable, type HttpRequestBody } from './sent-bodies.ts';

/** What a client does with its requests. */
export interface RequestFeatures {
  /**
   * Decode bodies of gzip, deflate, br, and of zstd where Node has it; default `true`, with the bounds of `DecompressOptions`. With `false`
   * `request` gives what was sent, and `fetch` decodes without these bounds.
   */
  readonly decompress?: boolean | DecompressOptions;
}

/** undici's options of `request`, without the dispatcher, which is the client. */
export type HttpRequestOptions = Omit<Dispatcher.RequestOptions, 'origin' | 'path' | 'method' | 'signal' | 'body'> & {
  readonly body?: AnyBody<HttpRequestBody>;
  readonly method?: Dispatcher.HttpMethod;
  readonly signal?: AbortSignal;
};

/** Sends one request, or those of one `fetch`, through the given stages, the innermost first. */
export type Carry = <T extends object>(
  signal: AbortSignal | undefined,
  stages: readonly Interceptor[],
  send: (dispatcher: Dispatcher) => Promise<T>,
) => Promise<T>;

/** Runs the calls of one client. */
export class Calls {
  readonly #carry: Carry;
  readonly #stages: readonly Interceptor[];

  constructor(features: RequestFeatures, carry: Carry) {
    this.#carry = carry;
    const decompress = readDecompression(features.decompress);
    this.#stages = decompress === undefined ? [] : [decompression(decompress)];
  }

  async fetch(given: AnyRequest, init: AnyRequestInit): Promise<Response> {
    const input = asUndiciRequest(given);
    const signal = init.signal ?? (input instanceof Request ? input.signal : undefined);
    const { body, headers, ...rest } = init;
    const own = {
      ...rest,
      ...(body !== undefined && { body: asUndiciBody(body) }),
      ...(headers !== undefined && { headers: headers as Headers }),
    };
    return this.#carry(signal, this.#stages, (dispatcher) => fetch(input, { ...own, dispatcher }));
  }

  async request(url: string | URL, { body, ...rest }: HttpRequestOptions): Promise<Dispatcher.ResponseData> {
    const own = { ...rest, ...sendable(body, rest.headers) };
    return this.#carry(rest.signal, this.#stages, (dispatcher) => request(url, { ...own, dispatcher }));
  }
}
