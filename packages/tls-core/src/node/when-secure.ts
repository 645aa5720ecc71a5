import type { ConnectionInfo } from '../connection-info.ts';
import { TlsError } from '../tls-error.ts';
import type { TlsStream } from './tls-stream.ts';

/**
 * Waits until the handshake is done and the stream has said so by `secure`, and tells how the connection is secured.
 * @throws TlsError what the stream failed with, and `ERR_TLS_ABORTED` when it was destroyed without a reason; also when that was before
 */
export function whenSecure(stream: TlsStream): Promise<ConnectionInfo> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stream.removeListener('secure', onSecure);
      stream.removeListener('error', onError);
      stream.removeListener('close', onClose);
    };
    const onSecure = (): void => {
      stream.removeListener('secure', onSecure);
      // What fails it in this very turn, a reset for example, is told before whoever waits goes on, and nobody else listens yet.
      queueMicrotask(() => {
        end();
        if (stream.errored !== null) reject(stream.errored);
        else if (stream.info !== undefined) resolve(stream.info);
      });
    };
    const onError = (error: Error): void => {
      end();
      reject(error);
    };
    const onClose = (): void => {
      end();
      reject(stream.errored ?? destroyed());
    };
    stream.on('secure', onSecure);
    stream.on('error', onError);
    stream.on('close', onClose);
    // a stream has its `info` a little before it says `secure`: that has been or comes before this tick
    if (stream.info !== undefined && !stream.destroyed) process.nextTick(onSecure);
    // a stream is `closed` a little before it says so: its events have been or come in this turn of the loop
    else if (stream.closed) setImmediate(onClose);
  });
}

function destroyed(): TlsError {
  return new TlsError('ERR_TLS_ABORTED', 'the socket was destroyed before it was handed over');
}
