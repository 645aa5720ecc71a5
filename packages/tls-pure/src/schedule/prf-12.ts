import { asciiBytes, concatBytes } from '@org/tls-core/backend';
import { hashLength, type CipherSuite12, type CryptoProvider, type HashAlgorithm } from '@org/tls-crypto';
import type { HelloRandoms } from '../wire/messages/hello-randoms.ts';

/** Bytes of TLS 1.2's master secret, extended or not (RFC 5246 §8.1, RFC 7627 §4). */
const mainSecretLength = 48;
/** Bytes of `verify_data` (RFC 5246 §7.4.9). */
export const verifyDataLength = 12;

/** What the PRF makes of a secret. */
export interface PrfInput {
  /** It is ASCII. */
  readonly label: string;
  readonly seed: Uint8Array;
  /** Bytes of the result, at least 1. */
  readonly length: number;
}

/** PRF(secret, label, seed) = P_hash(secret, label + seed) (RFC 5246 §5). The result is the caller's to wipe. */
export function prf(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  secret: Uint8Array,
  { label, seed, length }: PrfInput,
): Uint8Array {
  const labelAndSeed = concatBytes([asciiBytes(label), seed]);
  const output = new Uint8Array(length);
  const block = new Uint8Array(hashLength[hash]);
  const input = new Uint8Array(block.length + labelAndSeed.length);
  const a = input.subarray(0, block.length);
  input.set(labelAndSeed, block.length);
  crypto.hmac(hash, secret, labelAndSeed, a); // A(1)
  for (let offset = 0; ;) {
    crypto.hmac(hash, secret, input, block);
    output.set(block.subarray(0, length - offset), offset);
    offset += block.length;
    block.fill(0);
    if (offset >= length) return output;
    crypto.hmac(hash, secret, a, a);
  }
}

/**
 * master_secret = PRF(pre_master_secret, "master secret", client_random + server_random)[0..47] (RFC 5246 §8.1).
 * @param preMainSecret the shared secret of ECDHE (RFC 8422 §5.10); remains the caller's to wipe, as the result is
 */
export function mainSecret(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  preMainSecret: Uint8Array,
  { client, server }: HelloRandoms,
): Uint8Array {
  const seed = concatBytes([client, server]);
  return prf(crypto, hash, preMainSecret, { label: 'master secret', seed, length: mainSecretLength });
}

/**
 * master_secret = PRF(pre_master_secret, "extended master secret", session_hash)[0..47] (RFC 7627 §4).
 * @param preMainSecret the shared secret of ECDHE (RFC 8422 §5.10); remains the caller's to wipe, as the result is
 * @param sessionHash the hash of all handshake messages up to and including ClientKeyExchange (RFC 7627 §3)
 */
export function extendedMainSecret(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  preMainSecret: Uint8Array,
  sessionHash: Uint8Array,
): Uint8Array {
  return prf(crypto, hash, preMainSecret, {
    label: 'extended master secret',
    seed: sessionHash,
    length: mainSecretLength,
  });
}

/** The keys of both directions (RFC 5246 §6.3): views of one buffer, that leave nothing of it out. The caller's to wipe. */
export interface KeyBlock {
  readonly clientWriteKey: Uint8Array;
  readonly serverWriteKey: Uint8Array;
  readonly clientWriteIv: Uint8Array;
  readonly serverWriteIv: Uint8Array;
}

/** key_block = PRF(master_secret, "key expansion", server_random + client_random), cut up without MAC keys (RFC 5246 §6.3). */
export function keyBlock(
  crypto: CryptoProvider,
  { hash, keyLength, fixedIvLength }: CipherSuite12,
  secret: Uint8Array,
  { client, server }: HelloRandoms,
): KeyBlock {
  const length = 2 * (keyLength + fixedIvLength);
  const block = prf(crypto, hash, secret, { label: 'key expansion', seed: concatBytes([server, client]), length });
  const ivs = 2 * keyLength;
  return {
    clientWriteKey: block.subarray(0, keyLength),
    serverWriteKey: block.subarray(keyLength, ivs),
    clientWriteIv: block.subarray(ivs, ivs + fixedIvLength),
    serverWriteIv: block.subarray(ivs + fixedIvLength),
  };
}

/**
 * verify_data = PRF(master_secret, finished_label, Hash(handshake_messages))[0..11] (RFC 5246 §7.4.9).
 * @param sender whose Finished it is
 * @param handshakeHash of all messages before that Finished
 */
export function verifyData(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  secret: Uint8Array,
  sender: 'client' | 'server',
  handshakeHash: Uint8Array,
): Uint8Array {
  return prf(crypto, hash, secret, { label: `${sender} finished`, seed: handshakeHash, length: verifyDataLength });
}

/** What a TLS 1.2 connection exports from. */
export interface ExporterSource {
  readonly secret: Uint8Array;
  readonly randoms: HelloRandoms;
}

/** What is to be exported (RFC 5705 §4). */
export interface Export {
  readonly label: string;
  /** It has at most 65535 bytes; `undefined`: none, which is not the same as an empty one. */
  readonly context: Uint8Array | undefined;
  readonly length: number;
}

/**
 * The exporter of RFC 5705 §4: PRF(master_secret, label, client_random + server_random [+ context_value_length + context_value]).
 * An absent context is not the same as an empty one, as it is in TLS 1.3. Safe only with an extended master secret (RFC 7627 §5.4).
 * @throws RangeError when the label is one of the protocol's own (RFC 5705 §4), or the context too long
 */
export function exporter(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  { secret, randoms: { client, server } }: ExporterSource,
  { label, context, length }: Export,
): Uint8Array {
  if (reservedLabels.has(label)) throw new RangeError(`label: ${JSON.stringify(label)} is reserved for TLS itself`);
  if (context === undefined) return prf(crypto, hash, secret, { label, seed: concatBytes([client, server]), length });
  if (context.length > 0xffff) throw new RangeError(`context: expected at most 65535 bytes, got ${context.length}`);
  const contextLength = Uint8Array.of(context.length >>> 8, context.length);
  const seed = concatBytes([client, server, contextLength, context]);
  return prf(crypto, hash, secret, { label, seed, length });
}

/** Labels that derive TLS's own secrets from the same master secret. */
const reservedLabels: ReadonlySet<string> = new Set([
  'client finished',
  'server finished',
  'master secret',
  'extended master secret',
  'key expansion',
]);
