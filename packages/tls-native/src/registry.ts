/** Numbers as registered by IANA, of everything that some platform has. */
export const cipherSuites = {
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

export const groups = {
  secp256r1: 23,
  secp384r1: 24,
  secp521r1: 25,
  x25519: 29,
  SecP256r1MLKEM768: 0x11eb,
  X25519MLKEM768: 0x11ec,
  SecP384r1MLKEM1024: 0x11ed,
} as const;

/** The groups with ML-KEM in them (draft-ietf-tls-ecdhe-mlkem). */
export function isPostQuantum(group: number): boolean {
  return group >= groups.SecP256r1MLKEM768 && group <= groups.SecP384r1MLKEM1024;
}

export const signatureSchemes = {
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
} as const;

type Table = Readonly<Record<string, number>>;

/** `undefined`: it is in no table of ours. */
export function nameOf(table: Table, number: number): string | undefined {
  let names = namesByNumber.get(table);
  if (names === undefined) {
    names = new Map(Object.entries(table).map(([name, each]) => [each, name]));
    namesByNumber.set(table, names);
  }
  return names.get(number);
}

const namesByNumber = new Map<Table, ReadonlyMap<number, string>>();

/** Names in the order of the numbers; a number without a name is left out. */
export function namesOf(table: Table, numbers: readonly number[]): readonly string[] {
  return numbers.flatMap((number) => nameOf(table, number) ?? []);
}

/** @param names all of the table, as the capabilities have it */
export function numbersOf(table: Table, names: readonly string[]): readonly number[] {
  return names.map((name) => {
    const number = table[name];
    if (number === undefined) throw new RangeError(`${name} is not registered here`);
    return number;
  });
}

/** Likewise; a name that is not registered here is left out. */
export function knownNumbersOf(table: Table, names: readonly string[]): readonly number[] {
  return names.flatMap((name) => table[name] ?? []);
}
