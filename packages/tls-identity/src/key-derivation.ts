import { DerTag, type DerReader } from '@org/tls-crypto/der';
import { deriveByScrypt } from '#platform';
import { nameOfAlgorithm, readBareAlgorithm, type AlgorithmIdentifier } from './algorithm-identifier.ts';
import { weight, type Effort } from './effort.ts';
import { fault, typed } from './identity-fault.ts';

/**
 * Derives the key of PBES2 from a passphrase, beside the event loop: by PBKDF2 (RFC 8018 §5.2) or scrypt (RFC 7914 §7).
 * @param passphrase in UTF-8
 * @param length of the key; the parameters may say it too, and must say the same
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when the parameters cannot be used, or ask for too much
 */
export async function deriveKey(
  { oid, parameters }: AlgorithmIdentifier,
  passphrase: Uint8Array,
  length: number,
  effort: Effort,
): Promise<Uint8Array> {
  if (oid === pbkdf2Oid) return byPbkdf2(parameters, passphrase, length, effort);
  if (oid === scryptOid) return byScrypt(parameters, passphrase, length, effort);
  throw fault(`its key is derived by ${nameOfAlgorithm(oid)}, which is not supported`);
}

export const pbkdf2Oid = '1.2.840.113549.1.5.12';
const scryptOid = '1.3.6.1.4.1.11591.4.11';

/** Reads PBKDF2-params (RFC 8018 §A.2) and derives. */
async function byPbkdf2(
  algorithm: DerReader,
  passphrase: Uint8Array,
  length: number,
  effort: Effort,
): Promise<Uint8Array> {
  const parameters = algorithm.sequence('PBKDF2-params');
  algorithm.end();
  const salt = parameters.contents(DerTag.octetString);
  const iterations = parameters.smallInteger();
  checkLength('PBKDF2', parameters, length);
  // without a PRF it is HMAC with SHA-1
  const hash = parameters.isAtEnd ? hmacHashes[hmacWithSha1] : hmacHash(readBareAlgorithm(parameters));
  parameters.end();
  effort.spend(iterations * Math.ceil(length / hash.outputLength), hash.weight);
  const { subtle } = globalThis.crypto;
  return typed('PBKDF2 failed', async () => {
    const key = await subtle.importKey('raw', Uint8Array.from(passphrase), 'PBKDF2', false, ['deriveBits']);
    const bits = { name: 'PBKDF2', hash: hash.name, salt: Uint8Array.from(salt), iterations };
    return new Uint8Array(await subtle.deriveBits(bits, key, 8 * length));
  });
}

/** Reads scrypt-params (RFC 7914 §7) and derives. */
async function byScrypt(
  algorithm: DerReader,
  passphrase: Uint8Array,
  length: number,
  effort: Effort,
): Promise<Uint8Array> {
  const parameters = algorithm.sequence('scrypt-params');
  algorithm.end();
  const salt = parameters.contents(DerTag.octetString);
  const [N, r, p] = [parameters.smallInteger(), parameters.smallInteger(), parameters.smallInteger()];
  checkLength('scrypt', parameters, length);
  parameters.end();
  // RFC 7914 §2: N is a power of two and below 2^(128 r / 8)
  if (N < 2 || (N & (N - 1)) !== 0 || r < 1 || p < 1 || N >= 2 ** (16 * r))
    throw fault(`scrypt: N ${N}, r ${r} and p ${p} are no parameters of it`);
  if (r * p > maxLanes) throw fault(`scrypt: r ${r} and p ${p} are not supported: r·p is at most ${maxLanes}`);
  effort.spend(N * r * p, weight.scrypt);
  return typed('scrypt failed', () => deriveByScrypt(passphrase, salt, { N, r, p, length }));
}

/** The most r·p, which decides how long scrypt takes before and behind its own work. Programs have 8. */
const maxLanes = 1024;

function checkLength(what: string, parameters: DerReader, length: number): void {
  if (parameters.peek() !== DerTag.integer) return;
  const given = parameters.smallInteger();
  if (given !== length) throw fault(`${what}: a key of ${given} bytes, not ${length}`);
}

interface HmacHash {
  /** WebCrypto's name. */
  readonly name: string;
  readonly outputLength: number;
  readonly weight: typeof weight.pbkdf2 | typeof weight.pbkdf2Of64;
}

const hmacWithSha1 = '1.2.840.113549.2.7';

/** The hash functions by the object identifier of their HMAC (RFC 8018 §B.1.2). */
const hmacHashes: Readonly<Record<string, HmacHash>> & Readonly<Record<typeof hmacWithSha1, HmacHash>> = {
  [hmacWithSha1]: { name: 'SHA-1', outputLength: 20, weight: weight.pbkdf2 },
  '1.2.840.113549.2.9': { name: 'SHA-256', outputLength: 32, weight: weight.pbkdf2 },
  '1.2.840.113549.2.10': { name: 'SHA-384', outputLength: 48, weight: weight.pbkdf2Of64 },
  '1.2.840.113549.2.11': { name: 'SHA-512', outputLength: 64, weight: weight.pbkdf2Of64 },
};

/** Gives the hash of an HMAC. @throws TlsError `ERR_TLS_IDENTITY` when it is not supported */
export function hmacHash(oid: string): HmacHash {
  const hash = hmacHashes[oid];
  if (hash === undefined) throw fault(`${nameOfAlgorithm(oid)} is not supported`);
  return hash;
}
