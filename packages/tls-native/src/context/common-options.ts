import { TlsError, type ProtocolVersion } from '@org/tls-core';
import {
  cipherSuiteNumbers,
  clientDefaults,
  namedGroupNumbers,
  serverDefaults,
  signatureSchemeNumbers,
  type CheckedClientConfig,
  type CheckedServerConfig,
  type Registry,
} from '@org/tls-core/backend';
import type { ContextOptions, SystemPolicy } from '../border/addon.ts';
import { libraryOptionNames, type LibraryOptions } from '../border/platforms.ts';
import type { Host } from '../border/host.ts';
import { alpnList } from '../border/alpn-list.ts';
import { numbersOf } from '../border/registry.ts';

const wireVersions: Readonly<Record<ProtocolVersion, number>> = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

/** Gives the options that both roles tell the library in the same way. */
export function commonOptions(
  config: CheckedClientConfig | CheckedServerConfig,
  { library, drive, revocation, resumption, securityLevel = -1 }: Host,
): Pick<
  ContextOptions,
  | 'minVersion'
  | 'maxVersion'
  | 'cipherSuites'
  | 'groups'
  | 'signatureSchemes'
  | 'offload'
  | 'securityLevel'
  | 'alpn'
  | keyof Host['revocation']
  | keyof Host['resumption']
  | keyof LibraryOptions
> {
  const given = (names: readonly string[] | undefined, registry: Registry) => names && numbersOf(registry, names);
  const { policy } = library;
  const wanted = given(config.cipherSuites, cipherSuiteNumbers) ?? library.cipherSuites;
  const suites = wanted.filter((suite) => policy?.cipherSuites.includes(suite) ?? true);
  const has13 = suites.some(isOfTls13);
  const has12 = suites.some((suite) => !isOfTls13(suite));
  const { minVersion = has12 ? 'TLSv1.2' : 'TLSv1.3', maxVersion = has13 ? 'TLSv1.3' : 'TLSv1.2' } = config;
  if (suites.length === 0) throw forbidden('cipherSuites', policy);
  if ((minVersion === 'TLSv1.3' && !has13) || (maxVersion === 'TLSv1.2' && !has12)) {
    throw new TlsError(
      'ERR_TLS_CONFIG',
      `cipherSuites: none of them is of a version from ${minVersion} to ${maxVersion}`,
      {
        option: 'cipherSuites',
      },
    );
  }
  const lowest = Math.max(wireVersions[minVersion], policy?.minVersion ?? 0);
  const highest = Math.min(wireVersions[maxVersion], policy?.maxVersion || 0xffff);
  if (lowest > highest) throw forbidden('maxVersion', policy);
  return {
    ...libraryOptions(config),
    ...revocation,
    ...resumption,
    minVersion: lowest,
    maxVersion: highest,
    cipherSuites: suites,
    groups: given(config.groups, namedGroupNumbers) ?? library.groups,
    signatureSchemes: given(config.signatureSchemes, signatureSchemeNumbers) ?? library.signatureSchemes,
    offload: drive.isOffloaded,
    securityLevel,
    alpn: alpnList(config.alpnProtocols),
  };
}

/** An option that the role does not have has the other role's default. */
function libraryOptions(config: CheckedClientConfig | CheckedServerConfig): LibraryOptions {
  const keyLog = config.keyLog !== false;
  const options: LibraryOptions = { ...clientDefaults, ...serverDefaults, ...config, keyLog };
  return Object.fromEntries(libraryOptionNames.map((name) => [name, options[name]])) as unknown as LibraryOptions;
}

function forbidden(option: string, policy: SystemPolicy | undefined): TlsError {
  const file = policy?.file ?? 'its configuration';
  return new TlsError('ERR_TLS_CONFIG', `${option}: the system’s policy (${file}) allows none of it`, { option });
}

/** Tells a suite of TLS 1.3 by its number (RFC 8446 §B.4). */
export function isOfTls13(suite: number): boolean {
  return suite >> 8 === 0x13;
}
