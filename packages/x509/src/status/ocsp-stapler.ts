import { isTlsError, TlsError, type Identity } from '@org/tls-core';
import { askHookNow, certificatesOfChain, concatBytes, equalBytes, hex, ownOptions } from '@org/tls-core/backend';
import { defaultCrypto, type CryptoProvider } from '@org/tls-crypto';
import { cachedCertificate } from '../certificate-cache.ts';
import type { Certificate } from '../certificate.ts';
import { sameName } from '../names/distinguished-name.ts';
import type { OcspSubject } from '../ocsp.ts';
import type { AskingRules } from './ask-responders.ts';
import { checkTimeout, OpenRequests, type StatusFetcher } from './fetcher.ts';
import { RequestTurns } from './request-turns.ts';
import { StapledCertificate, type OcspResponseStore } from './stapled-certificate.ts';
import { ocspResponders } from './status-locations.ts';

export interface OcspStaplerOptions {
  /** Does the requests; `statusFetcher(fetch)` makes one. */
  readonly fetch: StatusFetcher;
  /**
   * Is told why no response can be had: `ERR_TLS_CERTIFICATE_STATUS`, once for each reason until there is one again, and `ERR_TLS_CERTIFICATE_REVOKED`
   * when a responder says that the certificate was taken back. `error.certificate` says which. What it throws is the application's own
   * uncaught exception.
   */
  readonly onFailure: (error: TlsError) => void;
  /** Keeps responses over a restart. Default: none is kept. */
  readonly store?: OcspResponseStore;
  /** How many milliseconds a request may take, 100 to 60,000. Default: 10,000. */
  readonly timeout?: number;
  /** Tells the time in milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Default: the platform's provider. */
  readonly crypto?: CryptoProvider;
}

/** Keeps OCSP responses for a server's own certificates fresh, in the background. */
export interface OcspStapler extends Disposable {
  /**
   * Gives the identity with an `ocspResponse` that gives the last response while it is valid. The same identity gives the same object. The
   * first request is made at once, others before the response ends; a certificate that was renewed is another identity.
   *
   * A certificate without a responder, or without its issuer behind it, is told to `onFailure`, and its identity comes back as it is.
   * @param issuer the issuer's certificate as PEM or DER, where the chain does not have it
   * @throws TlsError `ERR_TLS_IDENTITY` on an identity without a chain of certificates, or with a response of its own
   */
  staple<Given extends Identity>(identity: Given, issuer?: string | Uint8Array): Given;
  /** Waits until each certificate has a response, or its first request has failed. It never rejects. */
  ready(): Promise<void>;
  /** Ends all requests. What is there is stapled until it ends. */
  close(): void;
}

const names = ['fetch', 'onFailure', 'store', 'timeout', 'clock', 'crypto'] as const;
/** How many certificates are kept fresh. Of more, the one that was stapled the longest time ago is let go. */
const maxCertificates = 10_000;

/**
 * Makes a stapler. It fetches nothing by itself but through `fetch`, from the URLs that the certificates name. No request keeps the process
 * alive, and none that fails fails a handshake.
 * @throws TypeError on an unknown option, or one of the wrong type; TlsError `ERR_TLS_CONFIG` on a timeout out of range
 */
export function ocspStapler(options: OcspStaplerOptions): OcspStapler {
  const own = ownOptions(options, names, 'ocspStapler');
  for (const name of ['fetch', 'onFailure'] as const)
    if (typeof own[name] !== 'function') throw new TypeError(`ocspStapler.${name}: expected a function`);
  const { clock = Date.now, timeout = 10_000 } = own;
  checkTimeout(timeout);
  const rules: AskingRules = {
    fetch: own.fetch,
    timeout,
    requests: new OpenRequests(),
    crypto: own.crypto ?? defaultCrypto,
    clock: () => Math.floor(askHookNow('clock', () => clock())),
  };
  const stapler = new Stapler(rules, own);
  return Object.freeze({
    staple: (identity, issuer) => stapler.staple(identity, issuer),
    ready: async () => stapler.ready(),
    close: () => stapler.close(),
    [Symbol.dispose]: () => stapler.close(),
  } satisfies OcspStapler);
}

class Stapler {
  readonly #rules: AskingRules;
  readonly #options: Pick<OcspStaplerOptions, 'onFailure' | 'store'>;
  readonly #turns = new RequestTurns();
  /** By the digest of certificate and issuer; the order is that of the last time that they were stapled. */
  readonly #certificates = new Map<string, StapledCertificate>();
  readonly #identities = new WeakMap<object, Identity>();

  constructor(rules: AskingRules, options: Pick<OcspStaplerOptions, 'onFailure' | 'store'>) {
    this.#rules = rules;
    this.#options = options;
  }

  staple<Given extends Identity>(identity: Given, issuer: string | Uint8Array | undefined): Given {
    const known = this.#identities.get(identity);
    if (known !== undefined) return known as Given;
    const stapled = this.#stapled(identity, issuer);
    this.#identities.set(identity, stapled);
    // What a stapler gave is stapled already.
    this.#identities.set(stapled, stapled);
    return stapled;
  }

  async ready(): Promise<void> {
    await Promise.all([...this.#certificates.values()].map(async (each) => each.first));
  }

  close(): void {
    this.#rules.requests.close();
    for (const each of this.#certificates.values()) each.stop();
  }

  #stapled<Given extends Identity>(identity: Given, issuer: string | Uint8Array | undefined): Given {
    if (identity.certificateChain === undefined || identity.ocspResponse !== undefined)
      throw new TlsError('ERR_TLS_IDENTITY', 'expected an identity with certificates, and without an ocspResponse');
    const chain = certificatesOfChain(identity.certificateChain);
    const subject = this.#subjectOf(chain, issuer === undefined ? undefined : certificatesOfChain(issuer)[0]);
    if (typeof subject === 'string') {
      this.#tell(new TlsError('ERR_TLS_CERTIFICATE_STATUS', subject, { certificate: { chain, rejectedPaths: [] } }));
      return identity;
    }
    const { crypto } = this.#rules;
    const key = hex(crypto.hash('sha256', concatBytes([subject.certificate.der, subject.issuer.der])));
    const stapled = this.#certificates.get(key) ?? this.#begin(key, subject, chain);
    this.#certificates.delete(key);
    this.#certificates.set(key, stapled);
    return { ...identity, ocspResponse: () => stapled.response() };
  }

  /** @returns why there is nothing to ask, in words */
  #subjectOf(chain: readonly Uint8Array[], issuer: Uint8Array | undefined): OcspSubject | string {
    const [leaf, ...others] = chain.map(readCertificate);
    if (leaf === undefined) throw new TlsError('ERR_TLS_IDENTITY', 'the chain is empty');
    if (ocspResponders(leaf).length === 0) return 'nothing is stapled: the certificate names no OCSP responder';
    const candidates = issuer === undefined ? others : [readCertificate(issuer)];
    const found = issuerAmong(candidates, leaf);
    if (found === undefined) return 'nothing is stapled: the certificate of its issuer is not behind the certificate';
    return { certificate: leaf, issuer: found };
  }

  #begin(key: string, subject: OcspSubject, chain: readonly Uint8Array[]): StapledCertificate {
    const stapled = new StapledCertificate({
      key,
      subject,
      rules: this.#rules,
      turns: this.#turns,
      store: this.#options.store,
      tell: (error) => {
        const { code, message } = error;
        this.#tell(new TlsError(code, message, { cause: error, certificate: { chain, rejectedPaths: [] } }));
      },
    });
    if (this.#certificates.size >= maxCertificates) {
      const [oldest] = this.#certificates;
      oldest?.[1].stop();
      if (oldest !== undefined) this.#certificates.delete(oldest[0]);
    }
    return stapled;
  }

  #tell(error: TlsError): void {
    if (this.#rules.requests.isClosed) return;
    const { onFailure } = this.#options;
    queueMicrotask(() => onFailure(error));
  }
}

/** Of several CAs of the same name, the one is meant whose key the certificate names. */
function issuerAmong(
  candidates: readonly Certificate[],
  { issuer, authorityKeyIdentifier }: Certificate,
): Certificate | undefined {
  const named = candidates.filter(({ subject }) => sameName(subject, issuer));
  const wanted = authorityKeyIdentifier?.keyIdentifier;
  const isWanted = ({ subjectKeyIdentifier: found }: Certificate): boolean =>
    wanted !== undefined && found !== undefined && equalBytes(found, wanted);
  return named.find(isWanted) ?? named[0];
}

/** @throws TlsError `ERR_TLS_IDENTITY` */
function readCertificate(der: Uint8Array): Certificate {
  try {
    return cachedCertificate(der);
  } catch (error) {
    if (!isTlsError(error)) throw error;
    throw new TlsError('ERR_TLS_IDENTITY', `a certificate of the chain cannot be read: ${error.message}`, {
      cause: error,
    });
  }
}
