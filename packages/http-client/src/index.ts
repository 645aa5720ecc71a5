export { createHttpClient } from './http-client.ts';
export type { AgentOptions } from './agent-options.ts';
export type { HttpClient, HttpClientOptions, HttpRequestOptions } from './http-client.ts';
export { environmentProxy } from './routes/environment-proxy.ts';
export { ProxyError } from './routes/proxy-error.ts';
export type { OriginOptions } from './routes/origins.ts';
export type { ProxyOptions } from './routes/proxy-options.ts';
export type { Route } from './routes/route.ts';
export type { ProxyChoice, ProxyOption } from './routes/way.ts';
export { isFailedRequest, type RequestFailure, type RequestPhase } from './failed-request.ts';
export { securityOf, type ResponseSecurity, type ResponseTimings } from './response-security.ts';
// undici's own classes; those of Node's global scope can be given as well.
export { FormData, Headers, interceptors, Request, Response } from './undici.ts';
