import { cipherSuiteNumbers, registered } from '@org/tls-core/backend';
import type { AeadAlgorithm, HashAlgorithm } from '../provider.ts';

/** A TLS 1.3 cipher suite (RFC 8446 §B.4). */
export interface CipherSuite13 {
  /** The suite's IANA name. */
  readonly name: string;
  readonly id: number;
  readonly aead: AeadAlgorithm;
  readonly keyLength: number;
  readonly hash: HashAlgorithm;
  readonly hashLength: number;
  /** How many records one key may protect (RFC 8446 §5.5): a power of two below the RFC's figure. */
  readonly recordLimit: number;
}

const aesGcmRecordLimit = 2 ** 24;

/** The suites, in order of preference where AES is done by hardware. */
export const cipherSuites13: readonly CipherSuite13[] = [
  {
    ...registered(cipherSuiteNumbers, 'TLS_AES_128_GCM_SHA256'),
    aead: 'aes-128-gcm',
    keyLength: 16,
    hash: 'sha256',
    hashLength: 32,
    recordLimit: aesGcmRecordLimit,
  },
  {
    ...registered(cipherSuiteNumbers, 'TLS_AES_256_GCM_SHA384'),
    aead: 'aes-256-gcm',
    keyLength: 32,
    hash: 'sha384',
    hashLength: 48,
    recordLimit: aesGcmRecordLimit,
  },
  // The RFC's limit lies beyond that of the sequence number. This figure is one up to which a Number stays exact.
  {
    ...registered(cipherSuiteNumbers, 'TLS_CHACHA20_POLY1305_SHA256'),
    aead: 'chacha20-poly1305',
    keyLength: 32,
    hash: 'sha256',
    hashLength: 32,
    recordLimit: 2 ** 48,
  },
];

/** Gives the suites in a provider's order of preference: ChaCha20-Poly1305 is first where AES is done in software. */
export function preferredCipherSuites13(hasHardwareAes: boolean): readonly CipherSuite13[] {
  if (hasHardwareAes) return cipherSuites13;
  const isChaCha = ({ aead }: CipherSuite13): boolean => aead === 'chacha20-poly1305';
  return [...cipherSuites13.filter(isChaCha), ...cipherSuites13.filter((suite) => !isChaCha(suite))];
}
