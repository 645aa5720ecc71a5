/** What went wrong, when it is neither TLS (`TlsError`) nor undici's own (`UND_ERR_…`). */
export type HttpClientErrorCode =
  | 'ERR_HTTP_CLIENT_DECODING'
  | 'ERR_HTTP_CLIENT_REDIRECT'
  | 'ERR_HTTP_CLIENT_TIMEOUT'
  | 'ERR_HTTP_CLIENT_TRUNCATED';

/** How far a call had come. The first four belong to the connection, the others to the request. */
export type HttpPhase = 'lookup' | 'connect' | 'proxy' | 'handshake' | 'request' | 'headers' | 'body';

/** A call failed for a reason of HTTP. `request` rejects with it, and so does `fetch`, or it is the `cause` of what `fetch` rejects with. */
export class HttpClientError extends Error {
  override readonly name = 'HttpClientError';
  readonly code: HttpClientErrorCode;
  readonly phase: HttpPhase | undefined;

  constructor(
    code: HttpClientErrorCode,
    message: string,
    details: { readonly phase?: HttpPhase; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.phase = details.phase;
  }
}
