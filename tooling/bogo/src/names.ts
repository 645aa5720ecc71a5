import {
  cipherSuiteNumbers,
  namedGroupNumbers,
  nameOf,
  numberOf,
  signatureSchemeNumbers,
  type Registry,
} from '@org/tls-core/backend';
import { Unimplemented } from './unimplemented.ts';

/** OpenSSL's names for the suites of TLS 1.2. */
const opensslNames: Readonly<Record<string, string>> = {
  'ECDHE-ECDSA-AES128-GCM-SHA256': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384': 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256': 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'ECDHE-RSA-CHACHA20-POLY1305': 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305': 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
};

export const groupName = (id: number): string => named(namedGroupNumbers, id, 'group');
export const schemeName = (id: number): string => named(signatureSchemeNumbers, id, 'signature scheme');

function named(registry: Registry, id: number, what: string): string {
  const name = nameOf(registry, id);
  if (name === undefined) throw new Unimplemented(`${what} 0x${id.toString(16)}`);
  return name;
}

/** The suites; those of TLS 1.3 come first. */
const suites: readonly string[] = Object.keys(cipherSuiteNumbers);

/** Gives the suites of an OpenSSL cipher list, which is about TLS 1.2 only: those of TLS 1.3 are always in. */
export function suitesFrom(cipherList: string): readonly string[] {
  if (cipherList === 'DEFAULT:!AES') return suites.filter((name) => !name.includes('_WITH_AES_'));
  const named12 = cipherList.split(/[:|]/).map((part) => {
    const name = part.replaceAll(/[[\]]/g, '');
    const iana = opensslNames[name] ?? suites.find((suite) => suite === name);
    if (iana === undefined) throw new Unimplemented(`cipher list ${cipherList}`);
    return iana;
  });
  return [...suites.slice(0, 3), ...named12];
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

/** The schemes in a signer's order of preference. */
export const schemeNames: readonly string[] = Object.keys(signatureSchemeNumbers);

/** Gives a suite's number; 0 stands for a name without one. */
export const suiteId = (name: string): number => numberOf(cipherSuiteNumbers, name) ?? 0;
export const groupId = (name: string): number => numberOf(namedGroupNumbers, name) ?? 0;
export const schemeId = (name: string): number => numberOf(signatureSchemeNumbers, name) ?? 0;
