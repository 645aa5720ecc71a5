import type { ConnectionInfo } from '@org/tls-core';
import type { Dispatcher, Response } from 'undici';
import { asUndiciBody, asUndiciRequest, type AnyBody, type AnyRequest, type AnyRequestInit } from '../foreign-body.ts';
import { fetch, Headers, request } from '../undici.ts';
import { untilAborted } from '../until-aborted.ts';
import { runAttempts, type Attempt } from './attempts.ts';
import { cacheStages, noteCacheStatus } from './caching.ts';
import { tellOfCall, tellOfResponse } from './call-channels.ts';
import { readFeatures, splitCallOptions, type CallSettings, type ClientSettings } from './call-settings.ts';
import { Call } from './call.ts';
import { deadlineOf, responseTimeouts } from './deadlines.ts';
import { asDispatchHeaders, headerFields } from './header-fields.ts';
import { hops } from './hops.ts';
import { observedRequests } from './observed-requests.ts';
import type { Interceptor } from './passing-handler.ts';
import { followRedirects, readRedirects, type RedirectMode, type SentRequest } from './redirects.ts';
import type { CallOptions, RequestFeatures } from './request-features.ts';
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
  /** Runs what sends the requests of one attempt through the given stages, the innermost first. */
  carry<T extends object>(
    signal: AbortSignal | undefined,
    stages: readonly Interceptor[],
    send: (dispatcher: Dispatcher) => Promise<T>,
  ): Promise<T>;
  readonly securityOf: (response: object) => ConnectionInfo | undefined;
  /** Aborts when the client takes no more requests. */
  readonly closed: AbortSignal;
}

/** Makes the stages that all calls of a client share: its cache. They belong outside of all other interceptors. */
export function sharedStages({ cache, deduplicate }: RequestFeatures): readonly Interceptor[] {
  return cacheStages(cache, deduplicate);
}

/** Runs the calls of one client. */
export class Calls {
  readonly #ground: CallGround;
  readonly #client: ClientSettings;
  readonly #hasCache: boolean;

  constructor(features: RequestFeatures, ground: CallGround) {
    this.#client = readFeatures(features);
    this.#ground = ground;
    this.#hasCache = (features.cache ?? false) !== false || features.deduplicate === true;
  }

  async fetch(given: AnyRequest, init: HttpFetchInit): Promise<Response> {
    const { settings: usual, rest } = splitCallOptions(this.#client, init);
    const { body, signal: ownSignal, headers, ...plain } = rest;
    const from = typeof given === 'object' && 'url' in given ? given : undefined;
    const isAnonymous = (init.credentials ?? from?.credentials) === 'omit';
    const settings = isAnonymous ? { ...usual, cookies: undefined } : usual;
    const url = typeof given === 'string' || given instanceof URL ? String(given) : given.url;
    const call = new Call(init.method ?? from?.method ?? 'GET', url);
    // By the standard null takes away the signal of the Request.
    const wanted = ownSignal === undefined ? from?.signal : ownSignal;
    return this.#run(call, settings, wanted ?? undefined, {
      headers: () => new Headers((headers ?? from?.headers) as Headers),
      canRepeat: canBeSentAgain(body) && (body !== undefined || from === undefined || from.body === null),
      send: async ({ signal, stages }, changed) => {
        const input = asUndiciRequest(given);
        const own = {
          ...plain,
          signal: signal ?? null,
          ...(body !== undefined && { body: asUndiciBody(body) }),
          ...((changed ?? headers) !== undefined && { headers: changed ?? (headers as Headers) }),
        };
        return this.#ground.carry(signal, stages, (dispatcher) => fetch(input, { ...own, dispatcher }));
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
    const call = new Call(options.method ?? 'GET', String(url));
    return this.#run<Dispatcher.ResponseData>(call, settings, ownSignal, {
      headers: () => new Headers(pairsOf(plain.headers)),
      canRepeat: canBeSentAgain(givenBody),
      send: async ({ signal, stages }, changed) => {
        const headers = changed === undefined ? plain.headers : asDispatchHeaders(headerFields(changed));
        const body = sendable(givenBody, headers);
        const first: SentRequest = { ...plain, ...body, ...(signal !== undefined && { signal }) };
        return this.#ground.carry(signal, stages, (dispatcher) =>
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

  async #run<T extends object>(
    call: Call,
    settings: CallSettings,
    own: AbortSignal | undefined,
    attempt: Omit<Attempt<T>, 'stages'>,
  ): Promise<T> {
    tellOfCall(call);
    const signal = deadlineOf(call, settings.timeouts.total, own);
    const { hooks } = this.#client;
    try {
      const response = await runAttempts<T>({
        call,
        signal,
        closed: this.#ground.closed,
        rules: settings.retries,
        hooks,
        attempt: { ...attempt, stages: () => this.#stages(call, settings) },
      });
      if (settings.cookies !== undefined) await untilAborted(settings.cookies.settled(), signal, () => undefined);
      if (this.#hasCache) noteCacheStatus(response, call);
      tellOfResponse(call, attempt.statusOf(response), () => this.#ground.securityOf(response));
      call.answered();
      return response;
    } catch (error) {
      call.failed(error as Error);
      throw error;
    }
  }

  /** Makes the stages of one attempt, the innermost first. */
  #stages(call: Call, settings: CallSettings): readonly Interceptor[] {
    const { decompression, har, sensitiveHeaders, hooks } = this.#client;
    return [
      settings.progress,
      decompression,
      har,
      hops({ sensitiveHeaders, cookies: settings.cookies, beforeRedirect: hooks.beforeRedirect }),
      observedRequests(call, responseTimeouts(settings.timeouts)),
    ].filter((stage) => stage !== undefined);
  }
}

function pairsOf(headers: Dispatcher.DispatchOptions['headers']): [string, string][] {
  return Object.entries(headerFields(headers)).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
}
