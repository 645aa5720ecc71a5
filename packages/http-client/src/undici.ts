// @ts-expect-error undici has no types for what is its own
import symbols from 'undici/lib/core/symbols.js';

// By the name of its file: Bun puts a part of undici of its own in the place of what is imported as `undici`.
export {
  Agent,
  cacheStores,
  Client,
  Dispatcher,
  fetch,
  FormData,
  Headers,
  interceptors,
  Pool,
  request,
  Request,
  Response,
} from 'undici/index.js';
/** What is thrown where this undici is not as the one that the client was written for. */
export function unknownUndici(what: string): Error {
  return new Error(`this undici does not ${what} as version 7.30 does`);
}

/** The symbols under which undici keeps what no option and no method of its gives. */
export const undiciSymbols = symbols as Readonly<
  Record<'kError' | 'kHTTP2Session' | 'kHTTPContext' | 'kSocket', symbol>
>;
