import {
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { TlsError } from '@org/tls-core';
import type { TlsSocket } from '@org/tls-core/node';
import { HttpClientError } from './requests/http-client-error.ts';
import { undiciSymbols, unknownUndici, type Client } from './undici.ts';

/** What undici's client has of an HTTP/2 connection, under symbols of its own. */
interface Http2Parts {
  readonly session: ClientHttp2Session;
  readonly context: { busy: (request: unknown) => boolean };
}

type Keyed = Record<symbol, unknown>;

/** How often it is looked whether a session is over whose peer keeps its connection, in milliseconds. */
const checkInterval = 1000;

/** What undici's client is told and asked about its session. */
export interface SessionOwner {
  readonly client: Client;
  readonly socket: TlsSocket;
  /** Is called when the server takes no more requests over this connection. */
  readonly onGoaway: () => void;
}

/**
 * Puts right what undici does with an HTTP/2 session.
 * @param owner whose client has just connected, and has sent nothing
 * @throws Error where undici is another one than that which this package names exactly
 */
export function correctSession(owner: SessionOwner): void {
  const parts = partsOf(owner.client);
  obeyGoaway(parts, owner);
  watchStreams(parts.session);
  keepLaterConnection(parts.session, owner);
  endStreamsFirst(owner.socket);
}

/**
 * Obeys GOAWAY (RFC 9113 §6.8): the requests under way end over the old connection, those that the server leaves out are refused
 * (`REFUSED_STREAM`), and others get a connection of their own. undici would cut the connection, and all requests with it. node:http2 does
 * what is right by itself, so that all that is left is to send nothing more, and to end what the peer does not.
 */
function obeyGoaway({ session, context }: Http2Parts, { client, socket, onGoaway }: SessionOwner): void {
  session.removeAllListeners('goaway');
  session.once('goaway', () => {
    context.busy = () => true;
    onGoaway();
    // A stream that was cancelled can keep the session, and requests that wait in undici's queue with it.
    const end = (): void => {
      if (session.destroyed || client.stats.running === 0) socket.destroy();
    };
    setImmediate(end);
    const timer = setInterval(end, checkInterval).unref();
    socket.once('finish', end).once('close', () => clearInterval(timer));
  });
}

function watchStreams(session: ClientHttp2Session): void {
  const request = session.request.bind(session);
  session.request = (...given): ClientHttp2Stream => {
    const stream = request(...given);
    cancelWhenAborted(stream);
    failWhenCut(stream);
    return stream;
  };
}

/**
 * Ends the stream of an aborted request with CANCEL (RFC 9113 §7). undici ends it with NO_ERROR, which says to node:http2 that what was
 * written is still to be sent: where the peer takes none of it, the stream never ends, nor does the iterable that its body comes from.
 */
function cancelWhenAborted(stream: ClientHttp2Stream): void {
  const close = stream.close.bind(stream);
  stream.close = (code = constants.NGHTTP2_CANCEL, callback) => close(code, callback);
}

/**
 * Fails a body that a server ends by RST_STREAM with NO_ERROR before it has as many bytes as the server said. node:http2 gives that as an end
 * like any other. The server may do so only behind a whole response (RFC 9113 §8.1), and one that said no length is taken at its word: node:http2's
 * own servers end whole responses so where many are under way (Node 22.23, 24.21 and 26.12).
 */
function failWhenCut(stream: ClientHttp2Stream): void {
  const push = stream.push.bind(stream);
  let [hasEnded, received] = [false, 0];
  let expected = Number.POSITIVE_INFINITY; // without a response nothing is whole
  stream.once('response', (headers) => {
    expected = contentLength(stream, headers);
  });
  stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk instanceof Uint8Array) received += chunk.length;
    // it has closed the stream by then, while END_STREAM ends the body of a stream that is open
    if (chunk === null && !hasEnded && stream.closed && !stream.destroyed) {
      hasEnded = true;
      // the response is told in this turn, and node:http2 still needs the session of the stream
      process.nextTick(() => {
        if (received < expected) {
          stream.destroy(cutShort(received, expected));
          return;
        }
        push(null);
        stream.read(0); // the end is told also where nobody reads at the time
      });
      return false;
    }
    hasEnded ||= chunk === null;
    return push(chunk, encoding);
  };
}

/** How many bytes the body has to have; 0: nobody said, or it has none (RFC 9110 §8.6). */
function contentLength(stream: ClientHttp2Stream, headers: IncomingHttpHeaders & IncomingHttpStatusHeader): number {
  const { ':status': status, 'content-length': length = '0' } = headers;
  return status === 304 || stream.sentHeaders[':method'] === 'HEAD' ? 0 : Number(length);
}

function cutShort(received: number, expected: number): HttpClientError {
  const cut = Number.isFinite(expected)
    ? `the server has reset the stream behind ${received} of ${expected} bytes`
    : 'the server has reset the stream before it answered';
  return new HttpClientError('ERR_HTTP_CLIENT_TRUNCATED', cut, { phase: 'body' });
}

/**
 * Has a session's end leave a later connection alone. undici's listener takes the connection that the client has by then for the session's own:
 * it throws where there is none, as the connection may end before its session does, and forgets a new one.
 */
function keepLaterConnection(session: ClientHttp2Session, { client, socket }: SessionOwner): void {
  const { kSocket, kHTTPContext, kError } = undiciSymbols;
  const owner = client as unknown as Keyed;
  const listeners = session.listeners('close');
  session.removeAllListeners('close');
  session.on('close', () => {
    const { [kSocket]: current, [kHTTPContext]: context } = owner;
    (socket as unknown as Keyed)[kError] ??= new TlsError('ERR_TLS_TRANSPORT', 'the HTTP/2 session has ended');
    for (const listener of listeners) Reflect.apply(listener, session, []);
    if (current !== socket) Object.assign(owner, { [kSocket]: current, [kHTTPContext]: context });
  });
}

/**
 * Has undici learn that the connection has closed when its streams have told their errors. undici makes what is under way wait once more: a client
 * that was destroyed throws then, from an event of the socket, and any other makes a connection for requests that have failed. node:http2 ends the
 * streams in the turn of the socket's end, and over a socket that is none of node:tls undici hears of that end first.
 */
function endStreamsFirst(socket: TlsSocket): void {
  const onClose = socket.listeners('close').find(({ name }) => name === 'onHttp2SocketClose') as
    | (() => void)
    | undefined;
  if (onClose === undefined) throw unknownUndici('watch the socket of an HTTP/2 session');
  socket.removeListener('close', onClose);
  socket.once('close', () => setImmediate(() => Reflect.apply(onClose, socket, [])));
}

function partsOf(client: Client): Http2Parts {
  const { kHTTP2Session, kHTTPContext } = undiciSymbols;
  const { [kHTTP2Session]: session, [kHTTPContext]: context } = client as unknown as Keyed;
  if (typeof session !== 'object' || typeof context !== 'object') throw unknownUndici('keep its HTTP/2 session');
  return { session, context } as Http2Parts;
}
