import { inspect } from 'node:util';
import type { ConnectionInfo, MaybePromise, PeerVerification } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import { codedError } from '../coded-error.ts';
import type { ChainVerifier, Verdict } from '../secure-context.ts';
import { carryRefusal } from './program-error.ts';

/** How the peer of one connection is judged. */
export interface PeerJudgeOptions {
  readonly verify: ChainVerifier;
  /** Judges the name, once the chain is accepted. */
  readonly checkIdentity:
    | ((chain: readonly Uint8Array[], path: readonly Uint8Array[]) => Error | undefined)
    | undefined;
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
  #hasJudged = false;
  #path: readonly Uint8Array[] = [];

  constructor(options: PeerJudgeOptions) {
    this.#options = options;
  }

  /**
   * Why the peer is not to be trusted; `undefined` where it is. Whoever showed a certificate that was not judged is not: nobody is trusted
   * because something was not asked.
   */
  errorOf(info: ConnectionInfo | undefined): Error | undefined {
    const hasCertificate = (info?.peer?.chain.length ?? 0) > 0;
    if (hasCertificate && this.#hasJudged) return this.#error;
    const hasProvenKey = !hasCertificate && info?.externalPskIdentity !== undefined;
    return hasProvenKey ? undefined : codedError('UNABLE_TO_GET_ISSUER_CERT', 'unable to get issuer certificate');
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
    this.#hasJudged = true;
    if (this.#error !== undefined && this.#options.rejects) throw carryRefusal(this.#error, chain);
  }

  #checkIdentity(chain: readonly Uint8Array[]): Error | undefined {
    try {
      const answer: unknown = this.#options.checkIdentity?.(chain, this.#path);
      // a program may answer `false`, which Node takes for no error, and an async function answers what is one
      return answer ? asError(answer) : undefined;
    } catch (error) {
      return asError(error);
    }
  }
}

function asError(given: unknown): Error {
  return given instanceof Error ? given : new Error(`checkServerIdentity: ${inspect(given)}`);
}
