import { encodeAlpnProtocol, TlsError, type CommonConfig, type ProtocolVersion } from '@org/tls-core';
import type { ContextOptions, NativeLibrary } from './addon.ts';
import { cipherSuites, groupList, groupsOf, signatureSchemes, suiteList } from './algorithms.ts';

const wireVersions: Readonly<Record<ProtocolVersion, number>> = { 'TLSv1.2': 0x0303, 'TLSv1.3': 0x0304 };

/** What both roles tell the library alike. */
export function commonOptions(
  config: CommonConfig,
  library: NativeLibrary,
): Pick<
  ContextOptions,
  'minVersion' | 'maxVersion' | 'suites13' | 'suites12' | 'groups' | 'signatureSchemes' | 'alpn' | 'keyLog'
> {
  const suites = config.cipherSuites ?? cipherSuites;
  const suites12 = suiteList(suites, 'TLSv1.2');
  const suites13 = suiteList(suites, 'TLSv1.3');
  const { minVersion = suites12 === '' ? 'TLSv1.3' : 'TLSv1.2', maxVersion = suites13 === '' ? 'TLSv1.2' : 'TLSv1.3' } =
    config;
  if ((minVersion === 'TLSv1.3' && suites13 === '') || (maxVersion === 'TLSv1.2' && suites12 === '')) {
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
    suites13,
    suites12,
    groups: groupList(config.groups ?? groupsOf(library.versionNumber)),
    signatureSchemes: (config.signatureSchemes ?? signatureSchemes).join(':'),
    alpn: alpnList(config.alpnProtocols ?? []),
    keyLog: config.keyLog ?? false,
  };
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
