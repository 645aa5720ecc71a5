import type { CacheOptions } from './caching.ts';
import type { CookieJar } from './cookies.ts';
import type { DecompressOptions } from './decompression.ts';
import type { HarRecorder } from './har.ts';
import type { Hooks } from './hooks.ts';
import type { ProgressListener } from './progress-listeners.ts';
import type { RedirectMode } from './redirects.ts';
import type { RetryOptions } from './retries.ts';
import type { TimeoutOptions } from './timeouts.ts';

/** What a client does with its requests. All but `decompress` is off by default. */
export interface RequestFeatures {
  /**
   * Decode bodies of gzip, deflate, br, and of zstd where Node has it; default `true`, with the bounds of `DecompressOptions`. With `false`
   * `request` gives what was sent, and `fetch` decodes without these bounds.
   */
  readonly decompress?: boolean | DecompressOptions;
  /** What `request` does with redirects; default `manual`. `fetch` has the option of its standard, whose default is `follow`. */
  readonly redirect?: RedirectMode;
  /** How many redirects `request` follows; default 10, at most 100. `fetch` follows 20, as its standard says. */
  readonly maxRedirections?: number;
  /**
   * Names of headers that are dropped when a redirect leads to another origin, as `Authorization`, `Cookie` and `Proxy-Authorization` are in any
   * case.
   */
  readonly sensitiveHeaders?: readonly string[];
  /** Make a failed call anew: `true`, how often, or `RetryOptions`; default `false`. */
  readonly retry?: boolean | number | RetryOptions;
  /** Keep responses and give them again (RFC 9111); default `false`. */
  readonly cache?: boolean | CacheOptions;
  /** Let GET requests that are the same, also in their headers, and under way at the same time share one response; default `false`. */
  readonly deduplicate?: boolean;
  /** Keep cookies and send them (RFC 6265): in a jar of the client's own, or in yours; default `false`. */
  readonly cookies?: boolean | CookieJar;
  /** How long a call may take: in all, or `TimeoutOptions`. */
  readonly timeout?: number | TimeoutOptions;
  readonly hooks?: Hooks;
  /** Records requests and responses for an HTTP archive; from `createHarRecorder`. */
  readonly har?: HarRecorder;
}

/** What one call may have otherwise than its client. */
export interface CallOptions {
  /** As the client's; what is not given here is as there. */
  readonly timeout?: number | TimeoutOptions;
  /** In place of the client's. */
  readonly retry?: boolean | number | RetryOptions;
  readonly onUploadProgress?: ProgressListener;
  readonly onDownloadProgress?: ProgressListener;
}
