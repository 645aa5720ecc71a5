import type { ConnectionInfo } from '@org/tls-core';
import type { Dispatcher, Response } from 'undici';
import { asUndiciBody, asUndiciRequest, type AnyBody, type AnyRequest, type AnyRequestInit } from '../foreign-body.ts';
import { fetch, Headers, request } from '../undici.ts';
import { untilAborted } from '../until-aborted.ts';
import { runAttempts, type Attempt } from './attempts.ts';
import { noteCacheStatus } from './caching.ts';
import { tellOfCall, tellOfResponse } from './call-channels.ts';
import { splitCallOptions, type ClientSettings } from './call-settings.ts';
import { Call, CallDispatcher } from './call.ts';
import { deadlineOf } from './deadlines.ts';
import { asDispatchHeaders, headerFields } from './header-fields.ts';
import { followRedirects, readRedirects, type RedirectMode, type SentRequest } from './redirects.ts';
import type { CallOptions } from './request-features.ts';
import { canBeSentAgain, discard } from './resent-bodies.ts';
import { sendable, type HttpRequestBody } from './sent-bodies.ts';

/** `RequestInit` of the standard, and our options of a call. */
export type HttpFetchInit = AnyRequestInit & CallOptions;

/** undici's options of `request`, without the dispatcher, which is the client, and our options of a call. */
export type HttpRequestOptions = Omit<Dispatcher.RequestOptions, 'origin' | 'path' | 'method' | 'signal' | 'body'> &
  CallOptions & {
    readonly body?: AnyBody<HttpRequestBody>;
    readonly method?: Dispatcher.HttpMethod;
    readonly signal?: AbortSignal;
    /** In place of the client's. */
    readonly redirect?: RedirectMode;
    readonly maxRedirections?: number;
  };

/** What the calls of a client stand on. */
export interface CallGround {
  /** Runs what sends the requests of one attempt, through the stages of the client. */
  carry<T extends object>(signal: AbortSignal | undefined, send: (dispatcher: Dispatcher) => Promise<T>): Promise<T>;
  readonly securityOf: (response: object) => ConnectionInfo | undefined;
  /** Aborts when the client takes no more requests. */
  readonly closed: AbortSignal;
}

/** Runs the calls of one client. */
export class Calls {
  readonly #client: ClientSettings;
  readonly #ground: CallGround;

  constructor(client: ClientSettings, ground: CallGround) {
    this.#client = client;
    this.#ground = ground;
  }

  async fetch(given: AnyRequest, init: HttpFetchInit): Promise<Response> {
    const { settings: usual, rest } = splitCallOptions(this.#client, init);
    const { body, signal: ownSignal, headers, ...plain } = rest;
    const from = typeof given === 'object' && 'url' in given ? given : undefined;
    const settings = {
      ...usual,
      ...((init.credentials ?? from?.credentials) === 'omit' && { cookies: undefined }),
      skipsCache: (init.cache ?? from?.cache) === 'no-store',
    };
    const url = typeof given === 'string' || given instanceof URL ? String(given) : given.url;
    const call = new Call(init.method ?? from?.method ?? 'GET', url, settings);
    // By the standard null takes away the signal of the Request.
    const wanted = ownSignal === undefined ? from?.signal : ownSignal;
    return this.#run(call, wanted ?? undefined, {
      headers: () => new Headers((headers ?? from?.headers) as Headers),
      canRepeat: canBeSentAgain(body) && (body !== undefined || from === undefined || from.body === null),
      send: async (signal, changed) => {
        const input = asUndiciRequest(given);
        const own = {
          ...plain,
          signal: signal ?? null,
          ...(body !== undefined && { body: asUndiciBody(body) }),
          ...((changed ?? headers) !== undefined && { headers: changed ?? (headers as Headers) }),
        };
        return this.#carry(call, signal, (dispatcher) => fetch(input, { ...own, dispatcher }));
      },
      statusOf: ({ status }) => status,
      headersOf: ({ headers }) => headers,
      discard: ({ body, headers }) => discard(body, headers.get('content-length')),
    });
  }

  async request(url: string | URL, options: HttpRequestOptions): Promise<Dispatcher.ResponseData> {
    const { settings, rest } = splitCallOptions(this.#client, options);
    const { redirect, maxRedirections, signal: ownSignal, body: givenBody, ...plain } = rest;
    const { mode, maxRedirections: most } = this.#client.redirects;
    const rules = readRedirects(redirect ?? mode, maxRedirections ?? most);
    const call = new Call(options.method ?? 'GET', String(url), settings);
    return this.#run<Dispatcher.ResponseData>(call, ownSignal, {
      headers: () => new Headers(pairsOf(plain.headers)),
      canRepeat: canBeSentAgain(givenBody),
      send: async (signal, changed) => {
        const headers = changed === undefined ? plain.headers : asDispatchHeaders(headerFields(changed));
        const body = sendable(givenBody, headers);
        const first: SentRequest = { ...plain, ...body, ...(signal !== undefined && { signal }) };
        return this.#carry(call, signal, (dispatcher) =>
          followRedirects(rules, url, first, (target, { method, ...sent }) =>
            request(target, { ...sent, ...(method !== undefined && { method }), dispatcher }),
          ),
        );
      },
      statusOf: ({ statusCode }) => statusCode,
      headersOf: ({ headers }) => new Headers(pairsOf(headers)),
      discard: ({ body, headers }) => discard(body, headers['content-length']),
    });
  }

  async #run<T extends object>(call: Call, own: AbortSignal | undefined, attempt: Attempt<T>): Promise<T> {
    tellOfCall(call);
    const { timeouts, retries, cookies } = call.settings;
    const signal = deadlineOf(call, timeouts.total, own);
    const { hooks, cacheStages } = this.#client;
    const { closed, securityOf } = this.#ground;
    try {
      const response = await runAttempts<T>({ call, signal, closed, rules: retries, hooks, attempt });
      if (cookies !== undefined) await untilAborted(cookies.settled(), signal, () => undefined);
      if (cacheStages.length > 0) noteCacheStatus(response, call);
      tellOfResponse(call, attempt.statusOf(response), () => securityOf(response));
      call.answered();
      return response;
    } catch (error) {
      call.failed(error as Error);
      throw error;
    }
  }

  #carry<T extends object>(
    call: Call,
    signal: AbortSignal | undefined,
    send: (dispatcher: Dispatcher) => Promise<T>,
  ): Promise<T> {
    return this.#ground.carry(signal, (dispatcher) => send(new CallDispatcher(dispatcher, call)));
  }
}

function pairsOf(headers: Dispatcher.DispatchOptions['headers']): [string, string][] {
  return Object.entries(headerFields(headers)).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
}
