import type { KeyObject } from 'node:crypto';
import type { ProtocolVersion } from '@org/tls-core';

/** A group, by its IANA name and by OpenSSL's. */
interface GroupRow {
  readonly name: string;
  readonly openSslName: string;
  /** NID, or the group's number with a flag where there is no NID. */
  readonly number: number;
  /** `OPENSSL_VERSION_NUMBER` from which it is there. */
  readonly since: number;
}

const openSsl30 = 0x30000000;
const openSsl35 = 0x30500000;
/** `TLSEXT_nid_unknown`: what is behind it is the number of RFC 8446 §4.2.7. */
const unknownNid = 0x1000000;

const groups: readonly GroupRow[] = [
  { name: 'X25519MLKEM768', openSslName: 'X25519MLKEM768', number: unknownNid | 0x11ec, since: openSsl35 },
  { name: 'x25519', openSslName: 'X25519', number: 1034, since: openSsl30 },
  { name: 'secp256r1', openSslName: 'P-256', number: 415, since: openSsl30 },
  { name: 'secp384r1', openSslName: 'P-384', number: 715, since: openSsl30 },
  { name: 'secp521r1', openSslName: 'P-521', number: 716, since: openSsl30 },
];

/** IANA names of the groups that this version of OpenSSL has, in order of preference. */
export function groupsOf(versionNumber: number): readonly string[] {
  return groups.filter(({ since }) => versionNumber >= since).map(({ name }) => name);
}

export function groupName(number: number): string | undefined {
  return groups.find((row) => row.number === number)?.name;
}

/** OpenSSL's list of groups; colon-separated. */
export function groupList(names: readonly string[]): string {
  return names.map((name) => groups.find((row) => row.name === name)?.openSslName ?? name).join(':');
}

interface SuiteRow {
  readonly name: string;
  readonly openSslName: string;
  readonly protocol: ProtocolVersion;
}

/** Suites with AEAD and forward secrecy, in order of preference. */
const suites: readonly SuiteRow[] = [
  { name: 'TLS_AES_128_GCM_SHA256', openSslName: 'TLS_AES_128_GCM_SHA256', protocol: 'TLSv1.3' },
  { name: 'TLS_AES_256_GCM_SHA384', openSslName: 'TLS_AES_256_GCM_SHA384', protocol: 'TLSv1.3' },
  { name: 'TLS_CHACHA20_POLY1305_SHA256', openSslName: 'TLS_CHACHA20_POLY1305_SHA256', protocol: 'TLSv1.3' },
  {
    name: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    openSslName: 'ECDHE-ECDSA-AES128-GCM-SHA256',
    protocol: 'TLSv1.2',
  },
  { name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', openSslName: 'ECDHE-RSA-AES128-GCM-SHA256', protocol: 'TLSv1.2' },
  {
    name: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    openSslName: 'ECDHE-ECDSA-AES256-GCM-SHA384',
    protocol: 'TLSv1.2',
  },
  { name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', openSslName: 'ECDHE-RSA-AES256-GCM-SHA384', protocol: 'TLSv1.2' },
  {
    name: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
    openSslName: 'ECDHE-ECDSA-CHACHA20-POLY1305',
    protocol: 'TLSv1.2',
  },
  {
    name: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
    openSslName: 'ECDHE-RSA-CHACHA20-POLY1305',
    protocol: 'TLSv1.2',
  },
];

/** IANA names, in order of preference. */
export const cipherSuites: readonly string[] = suites.map(({ name }) => name);

/** OpenSSL's list of the named suites of one protocol, in the order given; colon-separated, empty when none is of it. */
export function suiteList(names: readonly string[], protocol: ProtocolVersion): string {
  const rows = names.map((name) => suites.find((row) => row.name === name));
  return rows.flatMap((row) => (row?.protocol === protocol ? [row.openSslName] : [])).join(':');
}

const nid = { rsa: 6, rsaPss: 912, ec: 408, ed25519: 1087, sha256: 672, sha384: 673, sha512: 674 } as const;

interface SchemeRow {
  readonly name: string;
  /** As registered by IANA. */
  readonly id: number;
  /** Kind of key, and its curve. */
  readonly fits: string;
  /** NID of the key's type. */
  readonly key: number;
  /** NIDs of the signature's type and digest, as OpenSSL tells them. */
  readonly type: number;
  readonly digest: number | undefined;
}

/** IANA names, which OpenSSL takes as they are, in order of preference. */
const schemes: readonly SchemeRow[] = [
  { name: 'ecdsa_secp256r1_sha256', id: 0x0403, fits: 'ec prime256v1', key: nid.ec, type: nid.ec, digest: nid.sha256 },
  { name: 'ed25519', id: 0x0807, fits: 'ed25519', key: nid.ed25519, type: nid.ed25519, digest: undefined },
  { name: 'ecdsa_secp384r1_sha384', id: 0x0503, fits: 'ec secp384r1', key: nid.ec, type: nid.ec, digest: nid.sha384 },
  { name: 'ecdsa_secp521r1_sha512', id: 0x0603, fits: 'ec secp521r1', key: nid.ec, type: nid.ec, digest: nid.sha512 },
  { name: 'rsa_pss_rsae_sha256', id: 0x0804, fits: 'rsa', key: nid.rsa, type: nid.rsaPss, digest: nid.sha256 },
  { name: 'rsa_pss_rsae_sha384', id: 0x0805, fits: 'rsa', key: nid.rsa, type: nid.rsaPss, digest: nid.sha384 },
  { name: 'rsa_pss_rsae_sha512', id: 0x0806, fits: 'rsa', key: nid.rsa, type: nid.rsaPss, digest: nid.sha512 },
  { name: 'rsa_pss_pss_sha256', id: 0x0809, fits: 'rsa-pss', key: nid.rsaPss, type: nid.rsaPss, digest: nid.sha256 },
  { name: 'rsa_pss_pss_sha384', id: 0x080a, fits: 'rsa-pss', key: nid.rsaPss, type: nid.rsaPss, digest: nid.sha384 },
  { name: 'rsa_pss_pss_sha512', id: 0x080b, fits: 'rsa-pss', key: nid.rsaPss, type: nid.rsaPss, digest: nid.sha512 },
  { name: 'rsa_pkcs1_sha256', id: 0x0401, fits: 'rsa', key: nid.rsa, type: nid.rsa, digest: nid.sha256 },
  { name: 'rsa_pkcs1_sha384', id: 0x0501, fits: 'rsa', key: nid.rsa, type: nid.rsa, digest: nid.sha384 },
  { name: 'rsa_pkcs1_sha512', id: 0x0601, fits: 'rsa', key: nid.rsa, type: nid.rsa, digest: nid.sha512 },
];

export const signatureSchemes: readonly string[] = schemes.map(({ name }) => name);

/** The scheme by what OpenSSL tells of a signature and the key that made it. */
export function schemeName(key: number, type: number, digest: number): string | undefined {
  return schemes.find(
    (row) => row.key === key && row.type === type && (row.digest === undefined || row.digest === digest),
  )?.name;
}

/** Numbers of the schemes that a key signs with. */
export function schemesOfKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly number[] {
  const curve = asymmetricKeyDetails?.namedCurve;
  const kind = curve === undefined ? String(asymmetricKeyType) : `${asymmetricKeyType} ${curve}`;
  return schemes.filter(({ fits }) => fits === kind).map(({ id }) => id);
}
