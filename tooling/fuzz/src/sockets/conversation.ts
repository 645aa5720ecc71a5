import { isTlsError, type TlsClientContext } from '@org/tls-core';
import { connect, type TlsSocket } from '@org/tls-core/node';
import { Finding } from '../fuzzer.ts';
import type { ClientHabit } from './habits.ts';

/** What the client sends. */
const question = Buffer.alloc(3000, 'a question that is asked over and over ');

export interface Talk {
  readonly habit: ClientHabit;
  /** Whether the server sends back what it gets. */
  readonly isAnswered: boolean;
  /** Its abort makes the client give up. */
  readonly signal: AbortSignal;
}

/** Runs one client's connection from dialling to close. Throws on what a socket must not do. */
export async function converse(context: TlsClientContext, port: number, talk: Talk): Promise<string> {
  const { signal } = talk;
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
  return untilClosed(socket, talk);
}

function untilClosed(socket: TlsSocket, talk: Talk): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let error: Error | undefined;
    let isEnded = false;
    const broken = (promise: string, cause?: unknown): void => reject(new Finding(promise, { cause }));
    if (talk.habit !== 'does not read') {
      socket.on('data', (chunk: Buffer) => {
        if (isEnded || error !== undefined) broken('data behind the end');
        chunks.push(chunk);
      });
    }
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
      talk.signal.removeEventListener('abort', giveUp);
      if (talk.isAnswered) checkAnswer(Buffer.concat(chunks), isEnded && error === undefined, broken);
      resolve(isTlsError(error) ? error.code : isEnded ? 'ended' : 'closed');
    });
    const giveUp = (): void => void socket.destroy();
    talk.signal.addEventListener('abort', giveUp, { once: true });
    if (talk.signal.aborted) giveUp();
    if (socket.writable) speak(socket, talk.habit);
  });
}

function checkAnswer(answer: Buffer, isWhole: boolean, broken: (promise: string) => void): void {
  if (Buffer.compare(question.subarray(0, answer.length), answer) !== 0) broken('an answer that nobody gave');
  if (isWhole && answer.length !== question.length)
    broken(`an end without an error behind ${answer.length} of ${question.length} bytes`);
}

function speak(socket: TlsSocket, habit: ClientHabit): void {
  switch (habit) {
    case 'asks':
      socket.end(question);
      return;
    case 'asks in small pieces':
      for (let at = 0; at < question.length; at += 100) socket.write(question.subarray(at, at + 100));
      socket.end();
      return;
    case 'does not read':
      socket.write(question);
      return;
    case 'leaves at once':
      socket.write(question);
      socket.destroy();
  }
}
