import type { cipherSuiteNumbers } from '@org/tls-core/backend';

type CipherSuiteName = keyof typeof cipherSuiteNumbers;

/** What OpenSSL's cipher strings can say about a suite. */
interface CipherDescription {
  /** OpenSSL's name, which `getCipher()` gives; that of a suite of TLS 1.3 is IANA's. */
  readonly openSslName: string;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  /** Bits of the key by which OpenSSL sorts; ChaCha20 counts as 256. */
  readonly strengthBits: 128 | 256;
  /** The words of a cipher string that name the suite; empty for TLS 1.3, whose suites are named in full only. */
  readonly keywords: ReadonlySet<string>;
}

const aes128 = { strengthBits: 128, cipherWords: ['AES', 'AES128', 'AESGCM', 'FIPS'] } as const;
const aes256 = { strengthBits: 256, cipherWords: ['AES', 'AES256', 'AESGCM', 'FIPS'] } as const;
const chaCha20 = { strengthBits: 256, cipherWords: ['CHACHA20'] } as const;
type BulkCipher = typeof aes128 | typeof aes256 | typeof chaCha20;

/** What all suites with an ephemeral key and an AEAD of TLS 1.2 have in common. */
const commonWords = ['ALL', 'HIGH', 'TLSv1.2', 'kECDHE', 'kEECDH', 'ECDHE', 'EECDH', 'ECDH'] as const;

function ecdhe(openSslName: string, authentication: 'ECDSA' | 'RSA', cipher: BulkCipher): CipherDescription {
  // the word RSA names RSA key exchange, which none of our suites has
  const authenticationWords = authentication === 'ECDSA' ? ['aECDSA', 'ECDSA'] : ['aRSA'];
  return {
    openSslName,
    version: 'TLSv1.2',
    strengthBits: cipher.strengthBits,
    keywords: new Set([openSslName, ...commonWords, ...authenticationWords, ...cipher.cipherWords]),
  };
}

function tls13(openSslName: CipherSuiteName, { strengthBits }: BulkCipher): CipherDescription {
  return { openSslName, version: 'TLSv1.3', strengthBits, keywords: new Set() };
}

/** The suites of our backends, in OpenSSL's order before a cipher string is applied to them. */
export const cipherDescriptions: Readonly<Record<CipherSuiteName, CipherDescription>> = {
  TLS_AES_256_GCM_SHA384: tls13('TLS_AES_256_GCM_SHA384', aes256),
  TLS_CHACHA20_POLY1305_SHA256: tls13('TLS_CHACHA20_POLY1305_SHA256', chaCha20),
  TLS_AES_128_GCM_SHA256: tls13('TLS_AES_128_GCM_SHA256', aes128),
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: ecdhe('ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDSA', aes256),
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: ecdhe('ECDHE-RSA-AES256-GCM-SHA384', 'RSA', aes256),
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: ecdhe('ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDSA', chaCha20),
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: ecdhe('ECDHE-RSA-CHACHA20-POLY1305', 'RSA', chaCha20),
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: ecdhe('ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDSA', aes128),
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: ecdhe('ECDHE-RSA-AES128-GCM-SHA256', 'RSA', aes128),
};

/** The description of a suite by its IANA name; `undefined` for a suite that none of our backends has. */
export function describeCipher(cipherSuite: string): CipherDescription | undefined {
  return Object.hasOwn(cipherDescriptions, cipherSuite)
    ? cipherDescriptions[cipherSuite as CipherSuiteName]
    : undefined;
}

/** What `tls.TLSSocket.getCipher()` says of a suite. */
export interface CipherNameAndProtocol {
  readonly name: string;
  readonly standardName: string;
  /** The lowest version that has the suite. */
  readonly version: string;
}

/** The answer of `getCipher()` by the suite's IANA name. */
export function cipherNameOf(cipherSuite: string): CipherNameAndProtocol {
  const { openSslName = cipherSuite, version = 'TLSv1.2' } = describeCipher(cipherSuite) ?? {};
  return { name: openSslName, standardName: cipherSuite, version };
}

/**
 * The names of suites as `tls.getCiphers()` gives them: OpenSSL's, in lower case and sorted.
 * @param cipherSuites IANA names; default: all that some backend of ours has
 */
export function cipherNames(cipherSuites: readonly string[] = Object.keys(cipherDescriptions)): string[] {
  return cipherSuites.map((name) => cipherNameOf(name).name.toLowerCase()).toSorted();
}
