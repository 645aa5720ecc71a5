import type { MaybePromise, PeerInfo, PeerVerification, PeerVerifier, TrustSource } from '@org/tls-core';
import { andThen, askHook, askVerifyPeerHook, type CheckedConfig } from '@org/tls-core/backend';
import type { Answer, Question, TrustHandle } from '../border/addon.ts';
import type { Host } from '../border/host.ts';
import { plain } from '../border/plain-bytes.ts';
import { pinCheck } from './pins.ts';
import { trustStore } from './trust-store.ts';

/** What a role has read from its configuration. */
export interface PeerJudgeOptions {
  readonly role: 'client' | 'server';
  /** `undefined` where no peer is judged. */
  readonly trust: TrustSource | undefined;
  readonly acceptAny: boolean;
  readonly asksForStaple: boolean;
  /** `undefined` where the platform's verifier judges. */
  readonly verifier: PeerVerifier | undefined;
}

/** What the peer showed, and the path that the platform's verifier found. */
type PresentedPeer = Extract<Question, { readonly kind: 'verify' }>;
type VerifiedPeer = Pick<PeerVerification, 'serverName' | 'chain' | 'verifiedPath' | 'ocspResponse' | 'resumed'>;

type FindPath = (presented: PresentedPeer, serverName: string | undefined) => MaybePromise<readonly Uint8Array[]>;

/**
 * Judges the peers of a context: the platform's verifier or one that was brought along, then the pins where nobody else looks at them, then
 * the hook `verifyPeer`.
 */
export class PeerJudge {
  /** What the library trusts. It is `undefined` where the library does not judge. */
  readonly trust: TrustHandle | undefined;
  /** Whether the library accepts whatever comes, because somebody else judges, or nobody. */
  readonly acceptAny: boolean;
  /** Whether the library has to ask for a verdict. */
  readonly askVerify: boolean;
  readonly #options: PeerJudgeOptions;
  readonly #config: CheckedConfig;
  readonly #verifiedPath: FindPath;
  readonly #checkPins: ReturnType<typeof pinCheck> | undefined;

  /** @throws TlsError `ERR_TLS_CONFIG` or `ERR_TLS_UNSUPPORTED` on what the verifier cannot use */
  constructor({ addon, library }: Host, config: CheckedConfig, options: PeerJudgeOptions) {
    const { acceptAny, trust, verifier } = options;
    const { pins, verifyPeer } = config;
    this.#options = options;
    this.#config = config;
    const isLeftToUs = pins !== undefined && verifier?.options.includes('pins') !== true;
    this.#checkPins = isLeftToUs && !acceptAny ? pinCheck(addon, pins) : undefined;
    this.trust = trust === undefined || verifier !== undefined ? undefined : trustStore(trust, addon, library);
    this.acceptAny = acceptAny || verifier !== undefined;
    const brought = verifier === undefined || trust === undefined ? undefined : this.#broughtAlong(verifier, trust);
    const isAsked = brought !== undefined && !acceptAny;
    this.#verifiedPath = isAsked ? brought : ({ path }) => plain(path);
    this.askVerify = isAsked || this.#checkPins !== undefined || verifyPeer !== undefined;
  }

  /** Judges the peer of a full handshake. */
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

  /** Judges the peer of a resumed session, who was judged before when the session was made. */
  again(peer: PeerInfo | undefined, serverName: string | undefined): MaybePromise<void> {
    if (!this.#config.verifyResumedPeer) return undefined;
    const { chain = [], verifiedPath = [], ocspResponse } = peer ?? {};
    return this.#askVerifyPeer({ serverName, chain, verifiedPath, ocspResponse, resumed: true });
  }

  #broughtAlong(verifier: PeerVerifier, trust: TrustSource): FindPath {
    const { role, asksForStaple } = this.#options;
    const { revocation, certificateProfile, certificatePolicies, isPublicSuffix, provenChains, clock } = this.#config;
    const pins = this.#checkPins === undefined ? this.#config.pins : undefined;
    const rules = { revocation, certificateProfile, certificatePolicies, isPublicSuffix, provenChains };
    const judge = verifier.createJudge({ role, trust, pins, ...rules });
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
