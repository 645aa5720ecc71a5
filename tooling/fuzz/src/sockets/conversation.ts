import { isTlsError, type TlsClientContext } from '@org/tls-core';
import { connect, type TlsServer, type TlsSocket } from '@org/tls-core/node';
import { Finding } from '../fuzzer.ts';

/** What the client asks, and the server gives back. */
const question = Buffer.alloc(3000, 'a question that is asked over and over ');

/** The server's side: sends back what it gets, and ends when the client does. */
export function serveEcho(server: TlsServer, watch: (socket: TlsSocket) => void): void {
  server.on('secureConnection', (socket: TlsSocket) => {
    watch(socket);
    socket.on('data', (chunk: Buffer) => socket.write(chunk));
    socket.on('end', () => socket.end());
  });
}

/** One client's connection from dialling to close; throws on what a socket must not do. */
export async function converse(context: TlsClientContext, port: number, signal: AbortSignal): Promise<string> {
  let socket: TlsSocket;
  try {
    socket = await connect({
      host: '127.0.0.1',
      port,
      serverName: 'localhost',
      tls: context,
      signal,
      handshakeTimeout: 0,
    });
  } catch (error) {
    if (!isTlsError(error)) throw new Finding('connect rejects with something else than a TlsError', { cause: error });
    return error.code;
  }
  return talk(socket, signal);
}

function talk(socket: TlsSocket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let error: Error | undefined;
    let isEnded = false;
    const broken = (promise: string, cause?: unknown): void => reject(new Finding(promise, { cause }));
    socket.on('data', (chunk: Buffer) => {
      if (isEnded || error !== undefined) broken('data behind the end');
      chunks.push(chunk);
    });
    socket.on('end', () => {
      if (isEnded) broken('end twice');
      isEnded = true;
    });
    socket.on('error', (cause: Error) => {
      if (error !== undefined) broken('error twice', cause);
      if (!isTlsError(cause)) broken('an error that is no TlsError', cause);
      error = cause;
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', giveUp);
      const answer = Buffer.concat(chunks);
      if (Buffer.compare(question.subarray(0, answer.length), answer) !== 0) broken('an answer that nobody gave');
      if (isEnded && error === undefined && answer.length !== question.length)
        broken(`an end without an error behind ${answer.length} of ${question.length} bytes`);
      resolve(isTlsError(error) ? error.code : isEnded ? 'whole' : 'closed');
    });
    const giveUp = (): void => void socket.destroy();
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    socket.end(question);
  });
}
