import { isTlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { parseCertificate, type Certificate } from './certificate.ts';
import { DerReader, Oid } from '@org/tls-crypto/der';
import { KeyUsageBit } from './extensions/key-usage.ts';
import { sameName } from './names/distinguished-name.ts';
import { parseOcspResponse, type OcspResponse, type SingleResponse } from './ocsp-response.ts';
import type { Signed } from './signature-check.ts';

/** What a stapled response says of a certificate; `undefined` where it says nothing that can be believed. */
export type OcspStatus = 'good' | 'revoked' | undefined;

/** Tells whether the signature of an object was made by this certificate's key. */
export type VerifySigned<Step> = (signed: Signed, signer: Certificate) => Generator<Step, boolean, unknown>;

/** How far a responder's clock may be ahead of ours, in milliseconds. */
const allowedSkew = 5 * 60_000;
/**
 * How long a response without nextUpdate is believed, in milliseconds. It says that newer information is always available (RFC 6960 §2.4).
 */
const maxAgeWithoutNextUpdate = 24 * 3_600_000;

/** The certificate that a response has to be about. */
export interface OcspSubject {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/** What is needed to judge a response. */
export interface OcspJudgement<Step> {
  /** The time of the judgement, in milliseconds since the epoch. */
  readonly time: number;
  readonly crypto: CryptoProvider;
  readonly verify: VerifySigned<Step>;
}

/** What a response says of a certificate, and since when and until when that holds, in milliseconds since the epoch. */
export interface OcspAnswer {
  readonly status: 'good' | 'revoked';
  /** When the status was known to be right. */
  readonly thisUpdate: number;
  /** This instant does not belong to it. */
  readonly until: number;
}

/** Why a response says nothing that can be believed. */
export interface OcspFault {
  readonly fault: string;
}

/** As `judgeOcsp`, of a response that was stapled. */
export function* ocspStatus<Step>(
  der: Uint8Array,
  subject: OcspSubject,
  judgement: OcspJudgement<Step>,
): Generator<Step, OcspStatus, unknown> {
  const answer = yield* judgeOcsp(der, subject, judgement);
  return 'fault' in answer ? undefined : answer.status;
}

/**
 * Judges an OCSP response (RFC 6960 §3.2). A response says nothing if it cannot be read, is about another certificate, is out of date, or is
 * signed neither by the issuer nor by a responder that the issuer named.
 */
export function* judgeOcsp<Step>(
  der: Uint8Array,
  { certificate, issuer }: OcspSubject,
  { time, crypto, verify }: OcspJudgement<Step>,
): Generator<Step, OcspAnswer | OcspFault, unknown> {
  const response = parsed(der);
  if ('fault' in response) return response;
  const about = response.responses.filter((each) => isFor(each, certificate, issuer, crypto));
  if (about.length === 0) return { fault: 'it is not about this certificate' };
  const fresh = about.filter((each) => isFresh(each, time));
  if (fresh.length === 0) return { fault: 'it is out of date, or from the future' };
  const statuses = fresh.map(({ status }) => status);
  const status = statuses.includes('revoked') ? 'revoked' : statuses.includes('unknown') ? undefined : 'good';
  if (status === undefined) return { fault: 'the responder does not know the certificate' };
  const responder = yield* findResponder(response, issuer, { time, crypto, verify });
  if (responder === undefined || !(yield* verify(response, responder)))
    return { fault: 'neither its issuer nor a responder that its issuer named has signed it' };
  const ends = [...fresh.map(endOf), ...(responder === issuer ? [] : [responder.notAfter + 1000])];
  return { status, thisUpdate: Math.max(...fresh.map(({ thisUpdate }) => thisUpdate)), until: Math.min(...ends) };
}

function parsed(der: Uint8Array): OcspResponse | OcspFault {
  try {
    return parseOcspResponse(der);
  } catch (error) {
    if (isTlsError(error)) return { fault: error.message };
    throw error;
  }
}

/** Gives the instants at which what a response says may begin or cease to be believed, in milliseconds since the epoch. */
export function ocspInstants(der: Uint8Array): readonly number[] {
  const response = readable(() => parseOcspResponse(der));
  if (response === undefined) return [];
  const delegates = response.certificates.flatMap((each) => readable(() => parseCertificate(each)) ?? []);
  return [
    ...response.responses.flatMap((single) => [single.thisUpdate - allowedSkew, endOf(single)]),
    ...delegates.flatMap(({ notBefore, notAfter }) => [notBefore, notAfter + 1000]),
  ];
}

function isFor(single: SingleResponse, certificate: Certificate, issuer: Certificate, crypto: CryptoProvider): boolean {
  const { hash } = single;
  if (hash === undefined || !equalBytes(single.serialNumber, certificate.serialNumber)) return false;
  const digest = (bytes: Uint8Array): Uint8Array => (hash === 'sha1' ? crypto.sha1(bytes) : crypto.hash(hash, bytes));
  return (
    equalBytes(single.issuerNameHash, digest(certificate.issuer.der)) &&
    equalBytes(single.issuerKeyHash, digest(subjectPublicKeyBits(issuer)))
  );
}

/** Applies the rules for the times of a response (RFC 6960 §4.2.2.1). */
function isFresh(single: SingleResponse, time: number): boolean {
  return single.thisUpdate <= time + allowedSkew && time < endOf(single);
}

function endOf({ thisUpdate, nextUpdate = thisUpdate + maxAgeWithoutNextUpdate }: SingleResponse): number {
  return nextUpdate;
}

/** Finds the responder's certificate: the issuer's own, or one that the issuer made for this with id-kp-OCSPSigning (RFC 6960 §4.2.2.2). */
function* findResponder<Step>(
  response: OcspResponse,
  issuer: Certificate,
  { time, crypto, verify }: OcspJudgement<Step>,
): Generator<Step, Certificate | undefined, unknown> {
  if (isResponder(response, issuer, crypto)) return issuer;
  for (const der of response.certificates) {
    const delegate = readable(() => parseCertificate(der));
    if (delegate === undefined || !isResponder(response, delegate, crypto)) continue;
    const isNamed =
      sameName(delegate.issuer, issuer.subject) &&
      delegate.extendedKeyUsage?.has(Oid.ocspSigning) === true &&
      delegate.keyUsage?.bits.has(KeyUsageBit.digitalSignature) !== false &&
      delegate.unknownCritical.length === 0 &&
      delegate.notBefore <= time &&
      time < delegate.notAfter + 1000;
    if (isNamed && (yield* verify(delegate, issuer))) return delegate;
  }
  return undefined;
}

function isResponder({ responder }: OcspResponse, certificate: Certificate, crypto: CryptoProvider): boolean {
  return 'name' in responder
    ? equalBytes(responder.name, certificate.subject.der)
    : equalBytes(responder.keyHash, crypto.sha1(subjectPublicKeyBits(certificate)));
}

/** Gives the contents of the BIT STRING in a SubjectPublicKeyInfo, without its tag and length. */
export function subjectPublicKeyBits({ publicKey }: Certificate): Uint8Array {
  const spki = new DerReader(publicKey.spki, 'SubjectPublicKeyInfo').sequence();
  spki.sequence();
  return spki.bitStringOctets();
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isTlsError(error)) return undefined;
    throw error;
  }
}
