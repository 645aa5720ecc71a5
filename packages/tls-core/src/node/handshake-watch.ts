import { TlsError } from '../tls-error.ts';

/** What bounds a handshake. */
export interface HandshakeBounds {
  /** Milliseconds until `ERR_TLS_TIMEOUT`. 0 means never. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined;
  /** Ends the handshake with `ERR_TLS_ABORTED`. It has no effect once the handshake is done. */
  readonly signal?: AbortSignal | undefined;
}

const defaultHandshakeTimeout = 10_000;

/** Gives a handshake up when it takes too long or is aborted. */
export class HandshakeWatch {
  readonly #giveUp: (reason: TlsError) => void;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;

  /** @param giveUp is called with the reason, never before `begin` has returned */
  constructor(giveUp: (reason: TlsError) => void) {
    this.#giveUp = giveUp;
  }

  begin({ handshakeTimeout = defaultHandshakeTimeout, signal }: HandshakeBounds): void {
    if (handshakeTimeout > 0) {
      this.#timer = setTimeout(() => {
        this.#giveUp(new TlsError('ERR_TLS_TIMEOUT', `the handshake was not done within ${handshakeTimeout} ms`));
      }, handshakeTimeout);
    }
    if (signal === undefined) return;
    this.#signal = signal;
    if (signal.aborted) process.nextTick(this.#onAbort);
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Stops watching. It may be called at any time, and more than once. */
  end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#giveUp(new TlsError('ERR_TLS_ABORTED', 'the handshake was aborted', { cause: this.#signal?.reason }));
  };
}
