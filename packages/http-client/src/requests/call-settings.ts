import type { ConnectionSource } from './call-connection.ts';
import { cacheStages } from './caching.ts';
import type { CallSettings } from './call.ts';
import { readCookies, type CookieKeeper } from './cookies.ts';
import { decompression, readDecompression } from './decompression.ts';
import { readHar } from './har.ts';
import { readHooks, type Hooks } from './hooks.ts';
import { hops, readSensitiveHeaders } from './hops.ts';
import { checkFunction } from './option-checks.ts';
import { observedRequests } from './observed-requests.ts';
import type { Interceptor } from './passing-handler.ts';
import { progress } from './progress.ts';
import { readRedirects, type RedirectRules } from './redirects.ts';
import type { CallOptions, RequestFeatures } from './request-features.ts';
import { readRetries, type RetryRules } from './retries.ts';
import { readTimeouts, responseTimeoutsOf, type TimeoutOptions } from './timeouts.ts';

/** The features of a client, read and checked. */
export interface ClientSettings {
  readonly redirects: RedirectRules;
  readonly retries: RetryRules;
  readonly timeouts: TimeoutOptions;
  readonly cookies: CookieKeeper | undefined;
  readonly hooks: Hooks;
  /** Stages that stand between a cache and the server, and the cache, the innermost first. */
  readonly cacheStages: readonly Interceptor[];
  /** Stages that see each request of a call before the cache does, the innermost first. */
  readonly stages: readonly Interceptor[];
}

/**
 * @throws TypeError on an unknown option, or one of the wrong type
 * @throws RangeError on a number out of range
 */
export function readFeatures(
  features: RequestFeatures,
  { connectionOf, connectingPhaseOf }: ConnectionSource,
): ClientSettings {
  const decompress = readDecompression(features.decompress);
  const hooks = readHooks(features.hooks);
  const sensitiveHeaders = readSensitiveHeaders(features.sensitiveHeaders);
  return {
    redirects: readRedirects(features.redirect, features.maxRedirections),
    retries: readRetries(features.retry),
    timeouts: readTimeouts(features.timeout),
    cookies: readCookies(features.cookies),
    hooks,
    cacheStages: cacheStages(features.cache, features.deduplicate),
    stages: [
      progress,
      decompress && decompression(decompress),
      readHar(features.har)?.(connectionOf),
      hops({ sensitiveHeaders, beforeRedirect: hooks.beforeRedirect }),
      observedRequests(connectingPhaseOf),
    ].filter((stage) => stage !== undefined),
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
  const timeouts = timeout === undefined ? client.timeouts : { ...client.timeouts, ...readTimeouts(timeout) };
  const isWatched = upload !== undefined || download !== undefined;
  const settings = {
    retries: retry === undefined ? client.retries : readRetries(retry),
    timeouts,
    responseTimeouts: responseTimeoutsOf(timeouts),
    cookies: client.cookies,
    skipsCache: false,
    progress: isWatched ? { upload, download } : undefined,
  };
  return { settings, rest };
}
