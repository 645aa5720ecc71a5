import { encodeAlpnProtocol, TlsError, type CommonConfig, type ProtocolVersion } from '@org/tls-core';
import type { ContextOptions, NativeLibrary } from './addon.ts';
import { cipherSuites, groups, numbersOf, signatureSchemes } from './registry.ts';

const wireVersions: Readonly<Record<ProtocolVersion, number>> = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

/** What both roles tell the library alike. */
export function commonOptions(
  config: CommonConfig,
  library: NativeLibrary,
): Pick<
  ContextOptions,
  'minVersion' | 'maxVersion' | 'cipherSuites' | 'groups' | 'signatureSchemes' | 'alpn' | 'keyLog'
> {
  const given = (names: readonly string[] | undefined, table: Readonly<Record<string, number>>) =>
    names && numbersOf(table, names);
  const suites = given(config.cipherSuites, cipherSuites) ?? library.cipherSuites;
  const has13 = suites.some(isOfTls13);
  const has12 = suites.some((suite) => !isOfTls13(suite));
  const { minVersion = has12 ? 'TLSv1.2' : 'TLSv1.3', maxVersion = has13 ? 'TLSv1.3' : 'TLSv1.2' } = config;
  if ((minVersion === 'TLSv1.3' && !has13) || (maxVersion === 'TLSv1.2' && !has12)) {
    throw new TlsError(
      'ERR_TLS_CONFIG',
      `cipherSuites: none of them is of a version from ${minVersion} to ${maxVersion}`,
      {
        option: 'cipherSuites',
      },
    );
  }
  return {
    minVersion: wireVersions[minVersion],
    maxVersion: wireVersions[maxVersion],
    cipherSuites: suites,
    groups: given(config.groups, groups) ?? library.groups,
    signatureSchemes: given(config.signatureSchemes, signatureSchemes) ?? library.signatureSchemes,
    alpn: alpnList(config.alpnProtocols ?? []),
    keyLog: config.keyLog ?? false,
  };
}

/** RFC 8446 §B.4. */
function isOfTls13(suite: number): boolean {
  return suite >> 8 === 0x13;
}

/** ProtocolNameList without its length (RFC 7301 §3.1). */
export function alpnList(protocols: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    protocols.flatMap((protocol) => {
      const bytes = encodeAlpnProtocol(protocol);
      return [Uint8Array.of(bytes.length), bytes];
    }),
  );
}
