import { isTlsError, TlsError, type PeerVerification, type VerifyPeer } from '@org/tls-core';
import { askHookNow, concatBytes, hex, ownOptions } from '@org/tls-core/backend';
import { defaultCrypto, type CryptoProvider } from '@org/tls-crypto';
import { cachedCertificate } from '../certificate-cache.ts';
import type { Certificate } from '../certificate.ts';
import type { ListedStatus } from '../revocation.ts';
import { askResponders, judgeResponse, type AskingRules, type JudgedResponse } from './ask-responders.ts';
import { fetchList, statusInList, type FetchedList, type ListSubject } from './fetched-list.ts';
import { checkTimeout, OpenRequests, type StatusFetcher } from './fetcher.ts';
import { KeptAnswers } from './kept-answers.ts';
import { RequestTurns } from './request-turns.ts';
import { listLocations, ocspResponders } from './status-locations.ts';

export interface CertificateStatusOptions {
  /** Does the requests; `statusFetcher(fetch)` makes one. */
  readonly fetch: StatusFetcher;
  /**
   * Says which certificates are looked up: the peer's own, or all whose issuer's certificate is in the verified path. Default: `chain`.
   */
  readonly depth?: 'leaf' | 'chain';
  /** Says what happens when nobody says anything about a certificate that can be believed. Default: `reject`. */
  readonly unknownStatus?: 'accept' | 'reject';
  /** Lists who is asked, and in which order: OCSP responders, the places of revocation lists. Default: `['ocsp', 'crl']`. */
  readonly sources?: readonly ('ocsp' | 'crl')[];
  /** How many milliseconds a request may take, 100 to 60,000. Default: 5,000. */
  readonly timeout?: number;
  /** Tells the time in milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Default: the platform's provider. */
  readonly crypto?: CryptoProvider;
}

const names = ['fetch', 'depth', 'unknownStatus', 'sources', 'timeout', 'clock', 'crypto'] as const;

/**
 * Makes a `verifyPeer` that asks whether the peer's certificates were revoked, where no OCSP response was stapled that says so. It fetches nothing by
 * itself but through `fetch`, and only from the URLs that certificates of a verified path name. Answers are kept as long as they are valid, and
 * failures for some seconds up to ten minutes; handshakes that ask the same thing wait for one request. Set `verifyResumedPeer`, so that the peer of a
 * resumed session is looked up too.
 * @throws TypeError on an unknown option, or one of the wrong type; TlsError `ERR_TLS_CONFIG` on a value out of range. The hook rejects with
 *   `ERR_TLS_CERTIFICATE_REVOKED`, and with `ERR_TLS_CERTIFICATE_STATUS` where the status is unknown and that is rejected.
 */
export function checkCertificateStatus(options: CertificateStatusOptions): VerifyPeer {
  const own = ownOptions(options, names, 'checkCertificateStatus');
  if (typeof own.fetch !== 'function') throw new TypeError('checkCertificateStatus.fetch: expected a function');
  const { clock = Date.now, depth = 'chain', unknownStatus = 'reject', timeout = 5000 } = own;
  const { sources = ['ocsp', 'crl'] } = own;
  checkTimeout(timeout);
  checkWord('depth', depth, ['leaf', 'chain']);
  checkWord('unknownStatus', unknownStatus, ['accept', 'reject']);
  if (!Array.isArray(sources) || sources.length === 0) throw new TypeError('sources: expected ocsp, crl or both');
  for (const source of sources) checkWord('sources', source, ['ocsp', 'crl']);
  const asker = new StatusAsker(
    {
      fetch: own.fetch,
      timeout,
      requests: new OpenRequests(),
      crypto: own.crypto ?? defaultCrypto,
      clock: () => Math.floor(askHookNow('clock', () => clock())),
    },
    [...sources],
  );
  return async (verification) => {
    const statuses = await asker.statusesOf(verification, depth);
    if (statuses.includes('revoked'))
      throw failure('ERR_TLS_CERTIFICATE_REVOKED', 'a certificate is revoked', verification);
    const unknown = statuses.find((each) => typeof each === 'object');
    if (unknown === undefined || unknownStatus === 'accept') return;
    const message = `whether a certificate is revoked is not known: ${unknown.unknown}`;
    throw failure('ERR_TLS_CERTIFICATE_STATUS', message, verification);
  };
}

function failure(
  code: 'ERR_TLS_CERTIFICATE_REVOKED' | 'ERR_TLS_CERTIFICATE_STATUS',
  message: string,
  { chain, verifiedPath }: PeerVerification,
): TlsError {
  const rejectedPath = { path: verifiedPath, code, reason: message };
  return new TlsError(code, message, { certificate: { chain, rejectedPaths: [rejectedPath] } });
}

function checkWord(option: string, value: string, allowed: readonly string[]): void {
  if (typeof value !== 'string') throw new TypeError(`${option}: expected a string`);
  if (!allowed.includes(value))
    throw new TlsError('ERR_TLS_CONFIG', `${option}: expected one of ${allowed.join(', ')}`, { option });
}

/** A certificate of a verified path. */
interface Place extends ListSubject {
  readonly isLeaf: boolean;
}

/** The last certificate of a path is the anchor, or stands right below an anchor that is no certificate and cannot be asked about. */
function placesIn({ verifiedPath }: PeerVerification, depth: 'leaf' | 'chain'): readonly Place[] {
  const path = verifiedPath.map(cachedCertificate);
  const [leaf] = path;
  // Who trusts a self-signed certificate itself has nobody to ask.
  if (path.length === 1 && leaf?.isSelfIssued === true) return [];
  const last = depth === 'leaf' ? 1 : Math.max(1, path.length - 1);
  return path
    .slice(0, last)
    .map((certificate, index) => ({ isLeaf: index === 0, certificate, above: path.slice(index + 1) }));
}

class StatusAsker {
  readonly #rules: AskingRules;
  readonly #sources: readonly ('ocsp' | 'crl')[];
  readonly #turns = new RequestTurns();
  readonly #responses: KeptAnswers<JudgedResponse>;
  readonly #lists: KeptAnswers<FetchedList>;

  constructor(rules: AskingRules, sources: readonly ('ocsp' | 'crl')[]) {
    const { clock } = rules;
    this.#rules = rules;
    this.#sources = sources;
    this.#responses = new KeptAnswers({
      clock,
      maxEntries: 10_000,
      maxBytes: 2 ** 24,
      lengthOf: ({ der }) => der.length,
    });
    this.#lists = new KeptAnswers({ clock, maxEntries: 1000, maxBytes: 2 ** 26, lengthOf: ({ length }) => length });
  }

  /** The certificates are asked about at the same time. */
  async statusesOf(verification: PeerVerification, depth: 'leaf' | 'chain'): Promise<readonly ListedStatus[]> {
    // A raw public key has no status, and was named in the configuration.
    if (verification.rawPublicKey !== undefined) return [];
    if (verification.verifiedPath.length === 0) return [{ unknown: 'no path was verified' }];
    try {
      const places = placesIn(verification, depth);
      return await Promise.all(places.map(async (place) => this.#statusOf(place, verification)));
    } catch (error) {
      return [{ unknown: reasonOf(error) }];
    }
  }

  async #statusOf(place: Place, { ocspResponse }: PeerVerification): Promise<ListedStatus> {
    if (place.isLeaf && ocspResponse !== undefined) {
      const stapled = await this.#byStaple(place, ocspResponse);
      if (stapled !== undefined) return stapled;
    }
    if (place.above.length === 0) return { unknown: 'its issuer’s certificate is not in the path' };
    const reasons: string[] = [];
    for (const source of this.#sources) {
      // The next source is asked only when this one says nothing.
      // oxlint-disable-next-line no-await-in-loop
      const status = await this.#by(source, place);
      if (status === 'good' || status === 'revoked') return status;
      reasons.push(status.unknown);
    }
    return { unknown: reasons.join('; ') };
  }

  /** What fails for one certificate does not hide what is known of another. */
  async #by(source: 'ocsp' | 'crl', place: Place): Promise<ListedStatus> {
    try {
      return await (source === 'ocsp' ? this.#byResponder(place) : this.#byList(place));
    } catch (error) {
      return { unknown: reasonOf(error) };
    }
  }

  async #byStaple({ certificate, above }: Place, der: Uint8Array): Promise<'good' | 'revoked' | undefined> {
    const [issuer] = above;
    if (issuer === undefined) return undefined;
    try {
      return (await judgeResponse(der, { certificate, issuer }, this.#rules)).status;
    } catch (error) {
      reasonOf(error);
      return undefined;
    }
  }

  async #byResponder({ certificate, above: [issuer] }: Place): Promise<ListedStatus> {
    if (issuer === undefined || ocspResponders(certificate).length === 0)
      return { unknown: 'it names no OCSP responder that can be asked' };
    const subject = { certificate, issuer };
    const load = async (): Promise<JudgedResponse> => this.#turns.run(async () => askResponders(subject, this.#rules));
    return (await this.#responses.get(this.#keyOf(certificate, issuer), load)).status;
  }

  async #byList(place: Place): Promise<ListedStatus> {
    const [issuer] = place.above;
    const reasons = ['it names no revocation list that can be fetched'];
    if (issuer === undefined) return { unknown: reasons.join() };
    for (const url of listLocations(place.certificate)) {
      const load = async (): Promise<FetchedList> => this.#turns.run(async () => fetchList(url, place, this.#rules));
      try {
        // oxlint-disable-next-line no-await-in-loop
        const { list } = await this.#lists.get(`${this.#keyOf(issuer)} ${url.href}`, load);
        // oxlint-disable-next-line no-await-in-loop
        const status = await statusInList(list, place, this.#rules);
        if (status === 'good' || status === 'revoked') return status;
        reasons.splice(0, 1, status.unknown);
      } catch (error) {
        reasons.splice(0, 1, reasonOf(error));
      }
    }
    return { unknown: reasons.join() };
  }

  #keyOf(...certificates: readonly Certificate[]): string {
    return hex(this.#rules.crypto.hash('sha256', concatBytes(certificates.map(({ der }) => der))));
  }
}

/** @throws what is no failure of a question: a clock that is out of order, or a fault of ours */
function reasonOf(error: unknown): string {
  if (isTlsError(error) && error.code !== 'ERR_TLS_HOOK') return error.message;
  throw error;
}
