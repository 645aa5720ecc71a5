import { isTlsError, TlsError } from '@org/tls-core';
import { settle } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { judgeOcsp, type OcspAnswer, type OcspSubject, type VerifySigned } from '../ocsp.ts';
import { runSearch } from '../path-builder.ts';
import { checkSignature } from '../signature-check.ts';
import { fetchAnswer, type FetchLimits } from './fetcher.ts';
import { encodeOcspRequest, ocspHttpRequest } from './ocsp-request.ts';
import { ocspResponders } from './status-locations.ts';

/** How status is asked for, by whoever asks. */
export interface AskingRules extends FetchLimits {
  readonly crypto: CryptoProvider;
  /** The time in milliseconds since the epoch. */
  readonly clock: () => number;
}

/** A response that was judged. */
export interface JudgedResponse extends OcspAnswer {
  /** The response in DER. */
  readonly der: Uint8Array;
}

/**
 * Asks the responders that a certificate names, one after the other, until one gives a response that can be believed.
 * @param subject from a path that was verified, or one's own: its URLs are asked as they are
 * @throws (rejects with) TlsError `ERR_TLS_CERTIFICATE_STATUS`, which says what was wrong with the first responder
 */
export async function askResponders(subject: OcspSubject, rules: AskingRules): Promise<JudgedResponse> {
  const request = encodeOcspRequest(subject, rules.crypto);
  let first: TlsError | undefined;
  for (const url of ocspResponders(subject.certificate)) {
    try {
      // The next one is asked only when this one has failed.
      // oxlint-disable-next-line no-await-in-loop
      const der = await fetchAnswer(ocspHttpRequest(url, request), rules);
      // oxlint-disable-next-line no-await-in-loop
      return await judgeResponse(der, subject, rules);
    } catch (error) {
      if (!isTlsError(error)) throw error;
      first ??= error;
    }
  }
  throw (
    first ?? new TlsError('ERR_TLS_CERTIFICATE_STATUS', 'the certificate names no OCSP responder that can be asked')
  );
}

/** @throws (rejects with) TlsError `ERR_TLS_CERTIFICATE_STATUS` when the response says nothing that can be believed */
export async function judgeResponse(
  der: Uint8Array,
  subject: OcspSubject,
  { crypto, clock }: Pick<AskingRules, 'crypto' | 'clock'>,
): Promise<JudgedResponse> {
  const answer = await runSearch(judgeOcsp(der, subject, { time: clock(), crypto, verify: verifyBy(crypto) }));
  if ('fault' in answer)
    throw new TlsError('ERR_TLS_CERTIFICATE_STATUS', `the OCSP response is not used: ${answer.fault}`);
  return { ...answer, der };
}

/** Verifies signatures without a budget: the objects are few, and their signers are vouched for by a path that was verified. */
export function verifyBy(crypto: CryptoProvider): VerifySigned<PromiseLike<unknown>> {
  return function* verify(signed, { publicKey }) {
    return yield* settle(checkSignature(signed, publicKey, crypto));
  };
}
