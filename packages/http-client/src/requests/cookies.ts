import type { CookieJar as ToughCookieJar } from 'tough-cookie';

/** A jar of cookies, such as tough-cookie's `CookieJar`. What may be set and sent is the jar's to say. */
export interface CookieJar {
  /** Gives the value of `Cookie` for a request to a URL, or an empty text. */
  getCookieString(url: string): string | Promise<string>;
  /** Takes one `Set-Cookie` of a response from a URL. It may reject, which drops the cookie. */
  setCookie(cookie: string, url: string): unknown;
}

/** Browsers keep no longer ones (RFC 6265 §6.1 asks for 4,096 bytes at least). */
const maxCookieLength = 4096;

/** How many cookies the jar that `cookies: true` makes holds in all (RFC 6265 §6.1 asks for 3,000), and for one domain, as Chrome. */
const maxCookies = 3000;
const maxCookiesOfDomain = 180;

/** @throws TypeError on what is no jar */
export function readCookies(given: boolean | CookieJar = false): CookieKeeper | undefined {
  if (given === false) return undefined;
  if (given === true) return new CookieKeeper(boundedJar());
  if (typeof given !== 'object' || given === null || !('setCookie' in given) || !('getCookieString' in given))
    throw new TypeError('cookies: expected a boolean, or a jar with getCookieString and setCookie');
  return new CookieKeeper(() => Promise.resolve(given));
}

/** Sends and keeps the cookies of a client. A request waits until the cookies of the responses before it are in the jar. */
export class CookieKeeper {
  readonly #jar: () => Promise<CookieJar>;
  #keeping: Promise<void> = Promise.resolve();

  constructor(jar: () => Promise<CookieJar>) {
    this.#jar = jar;
  }

  async cookiesFor(url: string): Promise<string> {
    await this.#keeping;
    const jar = await this.#jar();
    return jar.getCookieString(url);
  }

  /** Puts the cookies of a response into the jar. One that the jar refuses is dropped, as by browsers: it is the server's fault, not the call's. */
  keep(url: string, lines: string | readonly string[] | undefined): void {
    if (lines === undefined) return;
    const cookies = [lines].flat().filter((line) => line.length <= maxCookieLength);
    this.#keeping = this.#keeping.then(() => this.#put(url, cookies));
  }

  /** Waits until all cookies of earlier responses are in the jar. */
  async settled(): Promise<void> {
    await this.#keeping;
  }

  async #put(url: string, cookies: readonly string[]): Promise<void> {
    const jar = await this.#jar();
    for (const cookie of cookies) {
      try {
        // In the order of the response: a later cookie takes the place of an earlier one.
        await jar.setCookie(cookie, url);
      } catch {
        // The jar says no: a public suffix, another site, no cookie at all.
      }
    }
  }
}

/** Makes a jar when it is first needed. Servers cannot fill it: it takes no cookie more than its bounds. */
function boundedJar(): () => Promise<CookieJar> {
  let jar: Promise<CookieJar> | undefined;
  return () => (jar ??= makeJar());
}

async function makeJar(): Promise<CookieJar> {
  const { CookieJar, MemoryCookieStore } = await import('tough-cookie');
  const store = new MemoryCookieStore();
  const jar: ToughCookieJar = new CookieJar(store);
  return {
    getCookieString: (url) => jar.getCookieString(url),
    setCookie: async (cookie, url) => {
      const kept = await jar.setCookie(cookie, url);
      if (kept === undefined) return;
      const all = await store.getAllCookies();
      const ofDomain = all.filter(({ domain }) => domain === kept.domain);
      // What came first goes first, as it does in browsers.
      const surplus = ofDomain.length > maxCookiesOfDomain ? ofDomain[0] : all.length > maxCookies ? all[0] : undefined;
      if (surplus?.domain && surplus.path) await store.removeCookie(surplus.domain, surplus.path, surplus.key);
    },
  };
}
