import { mutantsOf, type Mutant } from '../mutant.ts';

const source = (name: string): string => `packages/http-client/src/requests/${name}.ts`;
const test = (name: string): string => `packages/http-client/test/requests/${name}.test.ts`;

/** Checks of what the HTTP client does with a call (RFC 9110 §9.2.2, §10.2.3, §15.4, RFC 6265 §6.1). */
export const httpRequestMutants: readonly Mutant[] = [
  ...mutantsOf(source('decompression'), test('decompression'), [
    {
      id: 'content-codings-without-end',
      find: 'if (this.#codings.length > maxCodings)',
      replace: 'if (false)',
      tests: 'more codings',
    },
    {
      id: 'decoded-body-over-its-size',
      find: 'if (this.#decoded > maxSize)',
      replace: 'if (false)',
      tests: 'maxSize',
    },
    {
      id: 'bomb-in-a-body',
      find: 'if (this.#decoded > freeSize && this.#decoded > this.#received * maxRatio)',
      replace: 'if (false)',
      tests: 'a bomb ends',
    },
  ]),
  ...mutantsOf(source('hops'), test('redirects'), [
    {
      id: 'credentials-for-another-origin',
      find: 'route.hasLeft ||= origin !== route.first;',
      replace: '',
      tests: 'credentials',
    },
    {
      id: 'credentials-on-the-way-back',
      find: 'route.hasLeft ||= origin !== route.first;',
      replace: 'route.hasLeft = origin !== route.first;',
      tests: 'credentials',
    },
    {
      id: 'sensitive-headers-for-another-origin',
      find: 'new Set([...credentialHeaders, ...sensitiveHeaders])',
      replace: 'new Set(credentialHeaders)',
      tests: 'credentials',
    },
  ]),
  ...mutantsOf(source('redirects'), test('redirects'), [
    {
      id: 'redirects-without-end',
      find: 'if (count >= rules.maxRedirections)',
      replace: 'if (count >= rules.maxRedirections + 10)',
      tests: 'endless',
    },
    {
      id: 'redirect-to-any-scheme',
      find: "if (target.protocol === 'https:' || target.protocol === 'http:') return target;",
      replace: 'if (target !== undefined) return target;',
      tests: 'no URL of HTTP',
    },
    {
      id: 'stream-that-a-redirect-sends-twice',
      find: 'if (!becomesGet && !canBeSentAgain(request.body))',
      replace: 'if (false)',
      tests: 'is not sent twice',
    },
  ]),
  ...mutantsOf(source('retries'), test('retries'), [
    {
      id: 'retry-after-of-years',
      find: 'return asked <= rules.maxRetryAfter ? asked : undefined;',
      replace: 'return Math.min(asked, rules.maxRetryAfter);',
      tests: 'Retry-After',
    },
    {
      id: 'retry-of-what-is-final',
      find: 'return isPassingCode && !causes(root).some(isFinal);',
      replace: 'return true;',
      tests: 'is final',
    },
  ]),
  ...mutantsOf(source('attempts'), test('retries'), [
    {
      id: 'retry-of-any-method',
      find: 'if (!attempt.canRepeat || !rules.methods.includes(call.method)) return undefined;',
      replace: 'if (!attempt.canRepeat) return undefined;',
      tests: 'is not repeated, unless',
    },
    {
      id: 'retry-with-a-body-that-is-used-up',
      find: 'if (!attempt.canRepeat || !rules.methods.includes(call.method)) return undefined;',
      replace: 'if (!rules.methods.includes(call.method)) return undefined;',
      tests: 'one that is a stream is not',
    },
  ]),
  ...mutantsOf(source('cookies'), test('cookies'), [
    {
      id: 'cookie-of-any-length',
      find: '.filter((line) => line.length <= maxCookieLength)',
      replace: '',
      tests: 'of any length',
    },
    {
      id: 'cookies-without-end',
      find: 'ofDomain.length > maxCookiesOfDomain ? ofDomain[0]',
      replace: 'ofDomain.length > maxCookies ? ofDomain[0]',
      tests: 'fill the jar',
    },
  ]),
  ...mutantsOf(source('har'), test('har'), [
    {
      id: 'archive-without-end',
      find: 'if (this.#entries.length <= this.#maxEntries) return;',
      replace: 'if (this.#maxEntries > 0) return;',
      tests: 'newest',
    },
  ]),
  ...mutantsOf(source('har-redaction'), test('har'), [
    {
      id: 'credentials-in-an-archive',
      find: 'if (isOn && names.has(name)) return hidden;',
      replace: '',
      tests: 'hides credentials',
    },
    {
      id: 'tokens-of-urls-in-an-archive',
      find: 'if (secretParameters.test(name))',
      replace: 'if (false)',
      tests: 'hides credentials',
    },
  ]),
  ...mutantsOf('packages/http-client/src/security-before-cache.ts', test('caching'), [
    {
      id: 'redirect-out-of-tls-from-the-cache',
      find: 'record.wasSecured ||= secured;',
      replace: '',
      tests: 'out of TLS',
    },
    {
      id: 'security-of-a-response-from-the-cache',
      find: 'record.carriedBy = undefined;',
      replace: '',
      tests: 'tells of no connection',
    },
  ]),
];
