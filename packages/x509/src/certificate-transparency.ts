import { TlsError, type PeerVerification, type VerifyPeer } from '@org/tls-core';
import { askHookNow, ownFields, ownOptions, equalBytes } from '@org/tls-core/backend';
import { defaultCrypto } from '@org/tls-crypto';
import type { CryptoProvider, PublicKey } from '@org/tls-crypto';
import { cachedCertificate } from './certificate-cache.ts';
import { readCertificateTimestamps, type CertificateTimestamp } from './certificate-timestamps.ts';
import { parseSpki } from '@org/tls-crypto/keys';

/** A log of certificates (RFC 6962). */
export interface CertificateLog {
  /** The log's SubjectPublicKeyInfo, as DER or as the Base64 of it that the lists of browsers have. */
  readonly publicKey: string | Uint8Array;
  /** Who runs the log; a certificate needs timestamps from several operators. */
  readonly operator: string;
  /** When the log was retired, in milliseconds since the epoch; timestamps from then on do not count. Absent where the log is in use. */
  readonly retiredAt?: number;
}

/** How many timestamps a certificate needs. */
export interface CertificateTransparencyPolicy {
  readonly logs: readonly CertificateLog[];
  /**
   * How many timestamps of different logs are needed. Default: 2 for a certificate that is valid for at most 180 days, else 3, which is
   * what browsers demand.
   */
  readonly minimumTimestamps?: number;
  /** How many different operators must be among them; default 2. */
  readonly minimumOperators?: number;
  /** Default: the platform's provider. */
  readonly crypto?: CryptoProvider;
  /** Gives the time in milliseconds since the epoch; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * A `verifyPeer` that accepts only certificates that stand in public logs (RFC 6962 §5.2): with enough timestamps whose signature is that
 * of a log of the policy. Set `requestCertificateTimestamps`, so that a server may send them beside its certificate.
 * @throws TlsError `ERR_TLS_CONFIG` on a log's key that is none, no log at all, or a minimum below 1; the hook throws, or rejects with,
 *   `ERR_TLS_CERTIFICATE_REJECTED`, and says what was wrong with each timestamp
 */
export function requireCertificateTransparency(policy: CertificateTransparencyPolicy): VerifyPeer {
  const own = ownOptions(policy, ['logs', 'minimumTimestamps', 'minimumOperators', 'crypto', 'now']);
  const { crypto = defaultCrypto, now = Date.now, minimumTimestamps, minimumOperators = 2 } = own;
  checkMinimum('minimumTimestamps', minimumTimestamps ?? 1);
  checkMinimum('minimumOperators', minimumOperators);
  if (own.logs.length === 0) throw config('there is no log, so no certificate could be accepted');
  const logs = own.logs.map((log) => openLog(ownFields(log, ['publicKey', 'operator', 'retiredAt'], 'logs'), crypto));
  return async (verification) => {
    const wanted = minimumTimestamps ?? (lifetimeDays(verification) > 180 ? 3 : 2);
    const time = askHookNow('clock', () => now());
    const judged = await judge(readCertificateTimestamps(verification, crypto), logs, time);
    const good = judged.flatMap(({ log, fault }) => (fault === undefined && log !== undefined ? [log] : []));
    const operators = new Set(good.map(({ operator }) => operator));
    if (new Set(good).size >= wanted && operators.size >= minimumOperators) return;
    const faults = judged.flatMap(({ fault }) => fault ?? []);
    throw new TlsError(
      'ERR_TLS_CERTIFICATE_REJECTED',
      `certificate transparency: expected timestamps of ${wanted} logs and ${minimumOperators} operators, got ${new Set(good).size} and ` +
        `${operators.size}${faults.length === 0 ? '' : `; ${faults.join('; ')}`}`,
    );
  };
}

interface OpenLog extends CertificateLog {
  readonly id: Uint8Array;
  readonly key: PublicKey;
}

function openLog(log: CertificateLog, crypto: CryptoProvider): OpenLog {
  try {
    const spki = typeof log.publicKey === 'string' ? fromBase64(log.publicKey) : new Uint8Array(log.publicKey);
    const key = crypto.importPublicKey(parseSpki(spki));
    return { ...log, id: crypto.hash('sha256', spki), key };
  } catch (cause) {
    throw config(`the key of a log of ${log.operator} cannot be used`, cause);
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

interface Judged {
  readonly log: OpenLog | undefined;
  readonly fault: string | undefined;
}

/**
 * How many signatures of one certificate are verified. An honest one has two to five, but a server that is not authenticated yet can send
 * as many as fit.
 */
const maxSignatures = 8;

/**
 * Judges the timestamps one after the other. A log that has vouched once is not asked again, and timestamps beyond the limit are not looked
 * at.
 */
async function judge(
  timestamps: readonly CertificateTimestamp[],
  logs: readonly OpenLog[],
  time: number,
): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  const vouched = new Set<OpenLog>();
  let signatures = 0;
  for (const timestamp of timestamps) {
    const log = logs.find(({ id }) => equalBytes(id, timestamp.logId));
    if (log !== undefined && vouched.has(log)) continue;
    const fault = log === undefined ? 'a log that is not known' : cheapFaultOf(timestamp, log, time);
    if (fault !== undefined || log === undefined) {
      judged.push({ log, fault: `${timestamp.source}: ${fault}` });
      continue;
    }
    signatures += 1;
    if (signatures > maxSignatures) return [...judged, { log: undefined, fault: 'there are too many to be verified' }];
    const isGood = await isSigned(timestamp, log);
    if (isGood) vouched.add(log);
    judged.push({
      log,
      fault: isGood ? undefined : `${timestamp.source}: a timestamp of ${log.operator} with a wrong signature`,
    });
  }
  return judged;
}

function cheapFaultOf(
  { signedData, timestamp }: CertificateTimestamp,
  { operator, retiredAt = Infinity }: OpenLog,
  time: number,
): string | undefined {
  // A client must reject a timestamp in the future (RFC 6962 §5.2).
  if (timestamp > time) return `a timestamp of ${operator} in the future`;
  if (timestamp >= retiredAt) return `a timestamp of ${operator} from after the log was retired`;
  return signedData === undefined ? `a timestamp of ${operator} over an issuer that is not in the chain` : undefined;
}

async function isSigned(
  { signedData, signatureAlgorithm, signature }: CertificateTimestamp,
  { key }: OpenLog,
): Promise<boolean> {
  if (signedData === undefined || signatureAlgorithm === undefined) return false;
  return key.verify(signatureAlgorithm, signedData, signature);
}

function lifetimeDays({ chain: [leaf] }: PeerVerification): number {
  if (leaf === undefined) return 0;
  const { notBefore, notAfter } = cachedCertificate(leaf);
  return (notAfter - notBefore) / 86_400_000;
}

function checkMinimum(option: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1)
    throw config(`${option}: expected a whole number from 1, got ${value}`);
}

function config(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `certificate transparency: ${message}`, { cause });
}
