export { createHttpClient } from './http-client.ts';
export type { AgentOptions } from './agent-options.ts';
export type { HttpClient, HttpClientOptions, HttpRequestOptions } from './http-client.ts';
export { securityOf } from './response-security.ts';
// undici's own classes: its `fetch` does not accept the `Request` and `FormData` of Node's global scope.
export { FormData, Headers, interceptors, Request, Response } from 'undici';
