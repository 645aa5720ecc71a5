import { Unimplemented } from './unimplemented.ts';

const groupIds: Readonly<Record<number, string>> = {
  23: 'secp256r1',
  24: 'secp384r1',
  25: 'secp521r1',
  29: 'x25519',
  0x11eb: 'SecP256r1MLKEM768',
  0x11ec: 'X25519MLKEM768',
  0x11ed: 'SecP384r1MLKEM1024',
  0x0202: 'MLKEM1024',
};

const schemeIds: Readonly<Record<number, string>> = {
  0x0401: 'rsa_pkcs1_sha256',
  0x0501: 'rsa_pkcs1_sha384',
  0x0601: 'rsa_pkcs1_sha512',
  0x0403: 'ecdsa_secp256r1_sha256',
  0x0503: 'ecdsa_secp384r1_sha384',
  0x0603: 'ecdsa_secp521r1_sha512',
  0x0804: 'rsa_pss_rsae_sha256',
  0x0805: 'rsa_pss_rsae_sha384',
  0x0806: 'rsa_pss_rsae_sha512',
  0x0807: 'ed25519',
  0x0809: 'rsa_pss_pss_sha256',
  0x080a: 'rsa_pss_pss_sha384',
  0x080b: 'rsa_pss_pss_sha512',
  0x0904: 'mldsa44',
  0x0905: 'mldsa65',
  0x0906: 'mldsa87',
};

const suiteIds: Readonly<Record<number, string>> = {
  0x1301: 'TLS_AES_128_GCM_SHA256',
  0x1302: 'TLS_AES_256_GCM_SHA384',
  0x1303: 'TLS_CHACHA20_POLY1305_SHA256',
  0xc02b: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  0xc02c: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  0xc02f: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  0xc030: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  0xcca8: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  0xcca9: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
};

/** OpenSSL's names of TLS 1.2's suites. */
const opensslNames: Readonly<Record<string, string>> = {
  'ECDHE-ECDSA-AES128-GCM-SHA256': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384': 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256': 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305': 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305': 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
};

export const groupName = (id: number): string => named(groupIds, id, 'group');
export const schemeName = (id: number): string => named(schemeIds, id, 'signature scheme');

function named(names: Readonly<Record<number, string>>, id: number, what: string): string {
  const name = names[id];
  if (name === undefined) throw new Unimplemented(`${what} 0x${id.toString(16)}`);
  return name;
}

/** Suites of an OpenSSL cipher list, which stands for TLS 1.2 only: those of TLS 1.3 always are. */
export function suitesFrom(cipherList: string): readonly string[] {
  if (cipherList === 'DEFAULT:!AES') return Object.values(suiteIds).filter((name) => !name.includes('_WITH_AES_'));
  const named12 = cipherList.split(/[:|]/).map((part) => {
    const name = part.replaceAll(/[[\]]/g, '');
    const iana = opensslNames[name] ?? (Object.values(suiteIds).includes(name) ? name : undefined);
    if (iana === undefined) throw new Unimplemented(`cipher list ${cipherList}`);
    return iana;
  });
  return [...Object.values(suiteIds).slice(0, 3), ...named12];
}

const tls12 = 0x0303;
const tls13 = 0x0304;

/** @throws Unimplemented when neither TLS 1.2 nor 1.3 is wanted */
export function versionsFrom(options: {
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly noTls12: boolean;
  readonly noTls13: boolean;
}): { readonly minVersion: 'TLSv1.2' | 'TLSv1.3'; readonly maxVersion: 'TLSv1.2' | 'TLSv1.3' } {
  const { minVersion, maxVersion, noTls12, noTls13 } = options;
  const isWanted = (version: number, isOff: boolean): boolean =>
    !isOff && (minVersion === 0 || version >= minVersion) && (maxVersion === 0 || version <= maxVersion);
  const with12 = isWanted(tls12, noTls12);
  const with13 = isWanted(tls13, noTls13);
  if (!with12 && !with13) throw new Unimplemented('a version before TLS 1.2');
  return { minVersion: with12 ? 'TLSv1.2' : 'TLSv1.3', maxVersion: with13 ? 'TLSv1.3' : 'TLSv1.2' };
}

/** In the order of preference of a signer. */
export const schemeNames: readonly string[] = Object.values(schemeIds);

export const suiteId = (name: string): number => idOf(suiteIds, name);
export const groupId = (name: string): number => idOf(groupIds, name);
export const schemeId = (name: string): number => idOf(schemeIds, name);

function idOf(names: Readonly<Record<number, string>>, wanted: string): number {
  const found = Object.entries(names).find(([, name]) => name === wanted);
  return found === undefined ? 0 : Number(found[0]);
}
