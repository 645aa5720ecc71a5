import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

type Body = Exclude<Dispatcher.DispatchOptions['body'], undefined>;

/** The body of a request, and whether all of it has been taken to be sent. */
export interface WatchedBody {
  /** What is to be sent in its place. */
  readonly body: Body;
  readonly isSent: () => boolean;
}

const sentAtOnce = (): boolean => true;

/** Tells whether a body has been taken: a stream and an iterable take their time, and all else is there at once. */
export function watchBody(body: Body = null): WatchedBody {
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return { body, isSent: sentAtOnce };
  if (body instanceof Readable) return { body, isSent: () => body.readableEnded };
  if (!isAsyncIterable(body)) return { body, isSent: sentAtOnce };
  let isSent = false;
  const watched = async function* (): AsyncGenerator<unknown> {
    yield* body;
    isSent = true;
  };
  return { body: watched() as unknown as Body, isSent: () => isSent };
}

function isAsyncIterable(body: object): body is AsyncIterable<unknown> {
  return Symbol.asyncIterator in body;
}
