import type { EventEmitter } from 'node:events';
import type { Identity, MaybePromise, ServerSessionStore } from '@org/tls-core';
import { certificatesOfChain } from '@org/tls-core/backend';
import { codedError } from '../coded-error.ts';
import { x509Of } from './certificates.ts';
import { carry } from './program-error.ts';

type Done = (error?: Error | null, answer?: unknown) => void;

/**
 * Asks a callback of Node's kind.
 * @returns a Promise that is rejected, with a TlsError that holds the program's error, where the callback gives one or throws
 */
export function askContext(ask: (done: Done) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(carry(error instanceof Error ? error : new Error(String(error)), 'ERR_TLS_HOOK'));
    let isAnswered = false;
    try {
      ask((error, answer) => {
        if (isAnswered) fail(codedError('ERR_MULTIPLE_CALLBACK', 'Callback called multiple times'));
        else if (error) fail(error);
        else resolve(answer);
        isAnswered = true;
      });
    } catch (error) {
      fail(error);
    }
  });
}

/**
 * Emits an event that a listener answers by a callback. What a listener throws is the program's uncaught exception, as everywhere in Node.
 * @returns false where no answer is to come: nobody listens, or a listener threw
 */
function tell(server: EventEmitter, event: string, facts: readonly unknown[]): boolean {
  try {
    return server.emit(event, ...facts);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
    return false;
  }
}

/**
 * Keeps sessions by a server's events `newSession` and `resumeSession`; `undefined` where nobody listens to them, and tickets hold the
 * sessions.
 */
export function sessionStoreOf(server: EventEmitter | undefined): ServerSessionStore | undefined {
  if (server === undefined) return undefined;
  if (server.listenerCount('newSession') + server.listenerCount('resumeSession') === 0) return undefined;
  return {
    put: (identifier, state) =>
      new Promise((resolve) => {
        if (!tell(server, 'newSession', [Buffer.from(identifier), Buffer.from(state), () => resolve()])) resolve();
      }),
    take: (identifier) =>
      new Promise((resolve, reject) => {
        const done: Done = (error, state) => {
          if (error) reject(error);
          else resolve(state instanceof Uint8Array ? state : undefined);
        };
        if (!tell(server, 'resumeSession', [Buffer.from(identifier), done])) resolve(undefined);
      }),
  };
}

/** Asks for OCSP responses by a server's event `OCSPRequest`; `undefined` where nobody listens to it. */
export function stapleOf(
  server: EventEmitter | undefined,
): ((identity: Identity) => MaybePromise<Uint8Array | undefined>) | undefined {
  if (server === undefined || server.listenerCount('OCSPRequest') === 0) return undefined;
  return async (identity) => {
    const [certificate, issuer] = leafAndIssuer(identity);
    const response = await askContext((done) => {
      if (!tell(server, 'OCSPRequest', [certificate, issuer, done])) done();
    });
    return response instanceof Uint8Array && response.length > 0 ? response : undefined;
  };
}

/** The certificate that a response is for and its issuer, DER; `null` where there is none, as Node says it. */
function leafAndIssuer({ certificateChain }: Identity): readonly (Buffer | null)[] {
  const chain = certificatesOfChain(certificateChain ?? []);
  return [0, 1].map((index) => x509Of(chain[index])?.raw ?? null);
}
