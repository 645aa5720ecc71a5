export { createHttpClient } from './http-client.ts';
export type { AgentOptions } from './agent-options.ts';
export type { HttpClient, HttpClientOptions } from './http-client.ts';
export { cacheStatusOf, type CacheOptions, type CacheStore } from './requests/caching.ts';
export type { CacheStatus } from './requests/call.ts';
export type { HttpFetchInit, HttpRequestOptions } from './requests/calls.ts';
export type { CookieJar } from './requests/cookies.ts';
export type { TimeoutOptions } from './requests/deadlines.ts';
export type { DecompressOptions } from './requests/decompression.ts';
export type { HookedCall, Hooks, ResponseHead, RetryReason } from './requests/hooks.ts';
export type { Redirect } from './requests/hops.ts';
export { HttpClientError, type HttpClientErrorCode, type HttpPhase } from './requests/http-client-error.ts';
export type { RedirectMode } from './requests/redirects.ts';
export type { CallOptions, RequestFeatures } from './requests/request-features.ts';
export type { RetryOptions } from './requests/retries.ts';
export type { HttpRequestBody } from './requests/sent-bodies.ts';
export { securityOf } from './response-security.ts';
// undici's own classes; those of Node's global scope can be given as well.
export { cacheStores, FormData, Headers, interceptors, Request, Response } from './undici.ts';
