import { defaultAuthorities } from './ca-certificates.ts';
import { certificateBlocks, listOf, pemText, revocationListBlocks, type PemInput } from './pem-input.ts';

/** The options that say whom a context trusts. */
export interface TrustOptions {
  readonly ca?: PemInput | readonly PemInput[] | null | undefined;
  readonly crl?: PemInput | readonly PemInput[] | null | undefined;
  readonly allowPartialTrustChain?: boolean | undefined;
}

/** OpenSSL's store of a context: certificates, of which those that are self-signed are roots, and revocation lists. */
export class ContextTrust {
  readonly revocationLists: readonly Buffer[];
  /** Any certificate of the store ends a chain, not only a self-signed one. */
  readonly allowsPartialChain: boolean;
  /** True where a program has named the authorities, and Node's are not trusted. */
  readonly #isOwn: boolean;
  readonly #authorities: Uint8Array[];
  #version = 0;

  constructor({ ca, crl, allowPartialTrustChain }: TrustOptions, further: readonly Uint8Array[]) {
    this.#isOwn = Boolean(ca);
    this.#authorities = [...listOf(ca).flatMap((each) => certificateBlocks(pemText(each))), ...further];
    this.revocationLists = listOf(crl).flatMap((each) => revocationListBlocks(pemText(each)));
    this.allowsPartialChain = Boolean(allowPartialTrustChain);
  }

  /** Adds the certificates in PEM text; Node has judged it. */
  add(pem: PemInput): void {
    this.#authorities.push(...certificateBlocks(pemText(pem)));
    this.#version += 1;
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** DER: the certificates that a program has named. */
  get ownAuthorities(): readonly Uint8Array[] {
    return this.#authorities;
  }

  /** Whether Node's authorities are trusted, besides what a program has named. */
  get hasDefaults(): boolean {
    return !this.#isOwn;
  }

  /** DER: all certificates of the store. */
  get authorities(): readonly Uint8Array[] {
    return this.#isOwn ? this.#authorities : [...defaultAuthorities(), ...this.#authorities];
  }
}
