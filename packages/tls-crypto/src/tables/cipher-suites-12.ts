import { cipherSuiteNumbers, registered } from '@org/tls-core/backend';
import type { AeadAlgorithm, HashAlgorithm } from '../provider.ts';

/** A TLS 1.2 cipher suite with ECDHE and an AEAD (RFC 5289 §3.2, RFC 7905 §2). */
export interface CipherSuite12 {
  /** The suite's IANA name. */
  readonly name: string;
  readonly id: number;
  /** The type of the server's key; `ecdsa` stands for Ed25519 too (RFC 8422 §5.10). */
  readonly authentication: 'ecdsa' | 'rsa';
  readonly aead: AeadAlgorithm;
  readonly keyLength: number;
  /**
   * The length of `client_write_IV` and `server_write_IV` in bytes: 4 where 8 more come with each record (RFC 5288 §3), or all
   * 12 (RFC 7905 §2).
   */
  readonly fixedIvLength: 4 | 12;
  /** The hash of the PRF and of the transcript (RFC 5246 §5, §7.4.9). */
  readonly hash: HashAlgorithm;
  /** How many records one key may protect. As there is no KeyUpdate, the connection ends there. */
  readonly recordLimit: number;
}

const aes128Gcm = {
  aead: 'aes-128-gcm',
  keyLength: 16,
  fixedIvLength: 4,
  hash: 'sha256',
  recordLimit: 2 ** 24, // RFC 8446 §5.5 applies to the cipher in either version
} as const;
const aes256Gcm = {
  aead: 'aes-256-gcm',
  keyLength: 32,
  fixedIvLength: 4,
  hash: 'sha384',
  recordLimit: 2 ** 24,
} as const;
const chaCha20Poly1305 = {
  aead: 'chacha20-poly1305',
  keyLength: 32,
  fixedIvLength: 12,
  hash: 'sha256',
  recordLimit: 2 ** 48, // the cipher's limit lies beyond that of the sequence number; a Number stays exact up to this figure
} as const;

/** The suites, in order of preference where AES is done by hardware. */
export const cipherSuites12: readonly CipherSuite12[] = [
  {
    ...registered(cipherSuiteNumbers, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'),
    authentication: 'ecdsa',
    ...aes128Gcm,
  },
  {
    ...registered(cipherSuiteNumbers, 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'),
    authentication: 'ecdsa',
    ...aes256Gcm,
  },
  {
    ...registered(cipherSuiteNumbers, 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'),
    authentication: 'ecdsa',
    ...chaCha20Poly1305,
  },
  { ...registered(cipherSuiteNumbers, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'), authentication: 'rsa', ...aes128Gcm },
  { ...registered(cipherSuiteNumbers, 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'), authentication: 'rsa', ...aes256Gcm },
  {
    ...registered(cipherSuiteNumbers, 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'),
    authentication: 'rsa',
    ...chaCha20Poly1305,
  },
];

/** Gives the suites in a provider's order of preference: ChaCha20-Poly1305 is first where AES is done in software. */
export function preferredCipherSuites12(hasHardwareAes: boolean): readonly CipherSuite12[] {
  if (hasHardwareAes) return cipherSuites12;
  const isChaCha = ({ aead }: CipherSuite12): boolean => aead === 'chacha20-poly1305';
  return [...cipherSuites12.filter(isChaCha), ...cipherSuites12.filter((suite) => !isChaCha(suite))];
}
