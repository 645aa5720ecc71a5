/**
 * The numbers that IANA's registry "TLS Parameters" gives to algorithms, by the names that this project uses for them. Each table holds what
 * some backend of ours has; what an algorithm is stands in the tables of those who implement it. A peer may use any other number.
 */

/** Cipher suites with forward secrecy and an AEAD (RFC 8446 §B.4; for TLS 1.2 RFC 5289 §3.2 and RFC 7905 §2). */
export const cipherSuiteNumbers = {
  TLS_AES_128_GCM_SHA256: 0x1301,
  TLS_AES_256_GCM_SHA384: 0x1302,
  TLS_CHACHA20_POLY1305_SHA256: 0x1303,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca8,
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca9,
} as const;

/** Groups (RFC 8446 §4.2.7; with ML-KEM draft-ietf-tls-ecdhe-mlkem §4 and draft-ietf-tls-mlkem §3). */
export const namedGroupNumbers = {
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  x25519: 0x001d,
  MLKEM1024: 0x0202,
  SecP256r1MLKEM768: 0x11eb,
  X25519MLKEM768: 0x11ec,
  SecP384r1MLKEM1024: 0x11ed,
} as const;

/** Signature schemes (RFC 8446 §4.2.3; those of ML-DSA draft-ietf-tls-mldsa §3). */
export const signatureSchemeNumbers = {
  rsa_pkcs1_sha256: 0x0401,
  ecdsa_secp256r1_sha256: 0x0403,
  rsa_pkcs1_sha384: 0x0501,
  ecdsa_secp384r1_sha384: 0x0503,
  rsa_pkcs1_sha512: 0x0601,
  ecdsa_secp521r1_sha512: 0x0603,
  rsa_pss_rsae_sha256: 0x0804,
  rsa_pss_rsae_sha384: 0x0805,
  rsa_pss_rsae_sha512: 0x0806,
  ed25519: 0x0807,
  rsa_pss_pss_sha256: 0x0809,
  rsa_pss_pss_sha384: 0x080a,
  rsa_pss_pss_sha512: 0x080b,
  mldsa44: 0x0904,
  mldsa65: 0x0905,
  mldsa87: 0x0906,
} as const;

/** One of the tables above. */
export type Registry = Readonly<Record<string, number>>;

/** The two fields by which a table of algorithms ties a row to its registration. */
export function registered<Table extends Registry, Name extends keyof Table & string>(
  registry: Table,
  name: Name,
): { readonly name: Name; readonly id: Table[Name] } {
  return { name, id: registry[name] };
}

/** @returns `undefined` for a name that is not in the table */
export function numberOf(registry: Registry, name: string): number | undefined {
  return Object.hasOwn(registry, name) ? registry[name] : undefined;
}

/** @returns `undefined` for a number that is not in the table */
export function nameOf(registry: Registry, number: number): string | undefined {
  let names = namesByNumber.get(registry);
  if (names === undefined) {
    names = new Map(Object.entries(registry).map(([name, each]) => [each, name]));
    namesByNumber.set(registry, names);
  }
  return names.get(number);
}

const namesByNumber = new WeakMap<Registry, ReadonlyMap<number, string>>();
