import {
  andThen,
  askHook,
  askVerifyPeerHook,
  type CommonConfig,
  type MaybePromise,
  type PeerInfo,
  type PeerVerification,
  type PeerVerifier,
  type TrustSource,
} from '@org/tls-core';
import type { Addon, Answer, Question, TrustHandle } from '../border/addon.ts';
import { plain } from '../border/plain-bytes.ts';
import { pinCheck } from './pins.ts';
import { trustStore } from './trust-store.ts';

/** What each role reads from its configuration in its own way. */
export interface PeerJudgeOptions {
  readonly role: 'client' | 'server';
  /** `undefined`: no peer is judged. */
  readonly trust: TrustSource | undefined;
  readonly acceptAny: boolean;
  readonly asksForStaple: boolean;
  /** `undefined`: the platform's own. */
  readonly verifier: PeerVerifier | undefined;
}

/** What came, and what the platform's verifier made of it. */
type PresentedPeer = Extract<Question, { readonly kind: 'verify' }>;
type VerifiedPeer = Pick<PeerVerification, 'serverName' | 'chain' | 'verifiedPath' | 'ocspResponse' | 'resumed'>;

type FindPath = (presented: PresentedPeer, serverName: string | undefined) => MaybePromise<readonly Uint8Array[]>;

/**
 * Judges the peers of a context: the platform's verifier or one that was brought along, then the pins where nobody else looks at them, then
 * the hook `verifyPeer`.
 */
export class PeerJudge {
  /** What the library trusts; `undefined`: it is not to judge. */
  readonly trust: TrustHandle | undefined;
  /** The library accepts whatever comes: somebody else judges, or nobody. */
  readonly acceptAny: boolean;
  /** The library has to ask us. */
  readonly askVerify: boolean;
  readonly #options: PeerJudgeOptions;
  readonly #config: CommonConfig;
  readonly #verifiedPath: FindPath;
  readonly #checkPins: ReturnType<typeof pinCheck> | undefined;

  /** @throws TlsError `ERR_TLS_CONFIG` or `ERR_TLS_UNSUPPORTED` on what the verifier cannot use */
  constructor(addon: Addon, config: CommonConfig, options: PeerJudgeOptions) {
    const { acceptAny, trust, verifier } = options;
    const { pins, verifyPeer } = config;
    this.#options = options;
    this.#config = config;
    const isLeftToUs = pins !== undefined && verifier?.options.includes('pins') !== true;
    this.#checkPins = isLeftToUs && !acceptAny ? pinCheck(pins) : undefined;
    this.trust = trust === undefined || verifier !== undefined ? undefined : trustStore(addon, trust);
    this.acceptAny = acceptAny || verifier !== undefined;
    const brought = verifier === undefined || trust === undefined ? undefined : this.#broughtAlong(verifier, trust);
    const isAsked = brought !== undefined && !acceptAny;
    this.#verifiedPath = isAsked ? brought : ({ path }) => plain(path);
    this.askVerify = isAsked || this.#checkPins !== undefined || verifyPeer !== undefined;
  }

  /** The peer of a full handshake. */
  answer(presented: PresentedPeer, serverName: string | undefined): MaybePromise<Answer> {
    return andThen(this.#verifiedPath(presented, serverName), (path) => {
      const chain = plain(presented.chain);
      this.#checkPins?.(path, chain);
      const [ocspResponse] = plain(presented.ocspResponse);
      return andThen(
        this.#askVerifyPeer({ serverName, chain, verifiedPath: path, ocspResponse, resumed: false }),
        () => ({ path }),
      );
    });
  }

  /** The peer of a resumed session, which was judged when that was made. */
  again(peer: PeerInfo | undefined, serverName: string | undefined): MaybePromise<void> {
    if (this.#config.verifyResumedPeer !== true) return undefined;
    const { chain = [], verifiedPath = [], ocspResponse } = peer ?? {};
    return this.#askVerifyPeer({ serverName, chain, verifiedPath, ocspResponse, resumed: true });
  }

  #broughtAlong(verifier: PeerVerifier, trust: TrustSource): FindPath {
    const { role, asksForStaple } = this.#options;
    const { revocation, certificateProfile, isPublicSuffix, clock = Date.now } = this.#config;
    const pins = this.#checkPins === undefined ? this.#config.pins : undefined;
    const judge = verifier.createJudge({ role, trust, pins, revocation, certificateProfile, isPublicSuffix });
    return ({ chain, ocspResponse }, serverName) => {
      const staple = asksForStaple ? { ocspResponse: plain(ocspResponse)[0] } : undefined;
      const presented = { chain: plain(chain), serverName, staple, time: clock() };
      return andThen(
        askHook('verifier', () => judge(presented)),
        ({ path }) => plain(path),
      );
    };
  }

  #askVerifyPeer(peer: VerifiedPeer): MaybePromise<void> {
    const { verifyPeer } = this.#config;
    if (verifyPeer === undefined) return undefined;
    const { role } = this.#options;
    return askVerifyPeerHook(
      () => verifyPeer({ ...peer, role, rawPublicKey: undefined, signedCertificateTimestamps: undefined }),
      peer.chain,
    );
  }
}
