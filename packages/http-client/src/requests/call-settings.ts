import { readCookies, type CookieKeeper } from './cookies.ts';
import { readTimeouts, type TimeoutOptions } from './deadlines.ts';
import { decompression, readDecompression } from './decompression.ts';
import { readHar } from './har.ts';
import { readHooks, type Hooks } from './hooks.ts';
import { readSensitiveHeaders } from './hops.ts';
import { checkFunction } from './option-checks.ts';
import type { Interceptor } from './passing-handler.ts';
import { progress } from './progress.ts';
import { readRedirects, type RedirectRules } from './redirects.ts';
import type { CallOptions, RequestFeatures } from './request-features.ts';
import { readRetries, type RetryRules } from './retries.ts';

/** The features of a client, read and checked. */
export interface ClientSettings {
  readonly redirects: RedirectRules;
  readonly retries: RetryRules;
  readonly timeouts: TimeoutOptions;
  readonly sensitiveHeaders: readonly string[];
  readonly cookies: CookieKeeper | undefined;
  readonly hooks: Hooks;
  readonly decompression: Interceptor | undefined;
  readonly har: Interceptor | undefined;
}

/** What holds for one call. */
export interface CallSettings {
  readonly retries: RetryRules;
  readonly timeouts: TimeoutOptions;
  readonly cookies: CookieKeeper | undefined;
  readonly progress: Interceptor | undefined;
}

/**
 * @throws TypeError on an unknown option, or one of the wrong type
 * @throws RangeError on a number out of range
 */
export function readFeatures(features: RequestFeatures): ClientSettings {
  const decompress = readDecompression(features.decompress);
  return {
    redirects: readRedirects(features.redirect, features.maxRedirections),
    retries: readRetries(features.retry),
    timeouts: readTimeouts(features.timeout),
    sensitiveHeaders: readSensitiveHeaders(features.sensitiveHeaders),
    cookies: readCookies(features.cookies),
    hooks: readHooks(features.hooks),
    decompression: decompress && decompression(decompress),
    har: readHar(features.har),
  };
}

/** Takes our options out of those of a call, whose others are undici's. */
export function splitCallOptions<Options extends CallOptions>(
  client: ClientSettings,
  given: Options,
): { readonly settings: CallSettings; readonly rest: Omit<Options, keyof CallOptions> } {
  const { timeout, retry, onUploadProgress: upload, onDownloadProgress: download, ...rest } = given;
  checkFunction('onUploadProgress', upload);
  checkFunction('onDownloadProgress', download);
  const isWatched = upload !== undefined || download !== undefined;
  const settings = {
    retries: retry === undefined ? client.retries : readRetries(retry),
    timeouts: timeout === undefined ? client.timeouts : { ...client.timeouts, ...readTimeouts(timeout) },
    cookies: client.cookies,
    progress: isWatched ? progress({ upload, download }) : undefined,
  };
  return { settings, rest };
}
