import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

type Body = Exclude<Dispatcher.DispatchOptions['body'], undefined>;

/** The body of a request, and whether all of it has been taken to be sent. */
export interface WatchedBody {
  /** What is to be sent in its place. */
  readonly body: Body;
  readonly isSent: () => boolean;
  /** Takes no more of the body: the request is over. */
  readonly end: () => void;
}

const sentAtOnce = { isSent: (): boolean => true, end: (): void => undefined };

/**
 * Watches a body that takes its time: a stream, or another iterable. All else is there at once.
 *
 * A stream is sent as an iterable too. undici pipes it into an HTTP/2 stream otherwise, and then fails a request that a server has answered
 * without reading all of its body, which it may (RFC 9113 §8.1).
 */
export function watchBody(body: Body = null): WatchedBody {
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array || !isAsyncIterable(body))
    return { body, ...sentAtOnce };
  let [isSent, isOver] = [false, false];
  const watched = async function* (): AsyncGenerator {
    for await (const chunk of body) {
      // undici would go on asking for more, and then wait for ever without giving the iterator back
      if (isOver) return;
      yield chunk;
    }
    isSent = true;
  };
  const end = (): void => {
    isOver = true;
    if (body instanceof Readable && !isSent) body.destroy();
  };
  return { body: watched() as unknown as Body, isSent: () => isSent, end };
}

function isAsyncIterable(body: object): body is AsyncIterable<unknown> {
  return Symbol.asyncIterator in body;
}
