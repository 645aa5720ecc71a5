import type { ConnectionInfo } from '../connection-info.ts';
import { TlsError } from '../tls-error.ts';
import type { TlsSocket } from './tls-socket.ts';

/**
 * Waits for the handshake.
 * @throws TlsError whatever the handshake failed with; `ERR_TLS_ABORTED` when the socket was destroyed without a reason
 */
export function whenSecure(socket: TlsSocket): Promise<ConnectionInfo> {
  if (socket.info !== undefined) return Promise.resolve(socket.info);
  return new Promise((resolve, reject) => {
    const end = (): void => {
      socket.removeListener('secure', onSecure);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
    };
    const onSecure = (): void => {
      end();
      if (socket.info !== undefined) resolve(socket.info);
    };
    const onError = (error: Error): void => {
      end();
      reject(error);
    };
    const onClose = (): void => {
      end();
      reject(socket.errored ?? destroyed());
    };
    socket.on('secure', onSecure);
    socket.on('error', onError);
    socket.on('close', onClose);
    // a stream is `closed` a little before it says so: its events are behind us or come in this turn of the loop
    if (socket.closed) setImmediate(onClose);
  });
}

function destroyed(): TlsError {
  return new TlsError('ERR_TLS_ABORTED', 'the socket was destroyed before the handshake was done');
}
