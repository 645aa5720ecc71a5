import type { MaybePromise, PeerVerification } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import type { ChainVerifier, Verdict } from '../secure-context.ts';
import { carryRefusal } from './program-error.ts';

/** How the peer of one connection is judged. */
export interface PeerJudgeOptions {
  readonly verify: ChainVerifier;
  /** Judges the name, once the chain is accepted. */
  readonly checkIdentity: ((chain: readonly Uint8Array[], path: readonly Uint8Array[]) => unknown) | undefined;
  /** Is told of the stapled OCSP response, or that there is none, before the peer is judged. */
  readonly onStaple?: ((response: Uint8Array | undefined) => void) | undefined;
  /** True: what is not accepted ends the handshake. False: it is written down, and the connection goes on. */
  readonly rejects: boolean;
}

/**
 * Judges the peer of one connection as Node does, within the handshake, in full handshakes and in resumed ones alike. A peer that is refused
 * is told so by an alert, and has not been sent anything yet.
 */
export class PeerJudge {
  readonly #options: PeerJudgeOptions;
  #error: Error | undefined;
  #path: readonly Uint8Array[] = [];

  constructor(options: PeerJudgeOptions) {
    this.#options = options;
  }

  /** Why the peer is not to be trusted; `undefined` where it is, and before it was judged. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** DER, leaf first: the peer's path as far as it is known; empty where the peer has no certificate. */
  get path(): readonly Uint8Array[] {
    return this.#path;
  }

  /** The hook of a backend's configuration. */
  readonly verifyPeer = ({ chain, resumed, ocspResponse }: PeerVerification): MaybePromise<void> => {
    if (!resumed) this.#options.onStaple?.(ocspResponse);
    const verdict = this.#options.verify(chain);
    return isPromiseLike(verdict)
      ? verdict.then((settled) => this.#conclude(settled, chain))
      : this.#conclude(verdict, chain);
  };

  #conclude({ error, path }: Verdict, chain: readonly Uint8Array[]): void {
    this.#path = path.length > 0 ? path : chain;
    this.#error = error ?? this.#checkIdentity(chain);
    if (this.#error !== undefined && this.#options.rejects) throw carryRefusal(this.#error, chain);
  }

  /** As to Node, any answer but a false one is a refusal; a Promise is one too. */
  #checkIdentity(chain: readonly Uint8Array[]): Error | undefined {
    let answer: unknown;
    try {
      answer = this.#options.checkIdentity?.(chain, this.#path);
    } catch (error) {
      answer = error instanceof Error ? error : new Error(String(error));
    }
    if (!answer) return undefined;
    return answer instanceof Error ? answer : new Error(`checkServerIdentity answered with ${typeof answer}`);
  }
}
