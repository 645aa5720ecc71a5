import { encodeAlpnProtocol } from './alpn.ts';
import type { BackendCapabilities } from './capabilities.ts';
import { certificateProfiles } from './certificate-profile.ts';
import type { CommonConfig } from './client-config.ts';
import type { CertificateCompressor } from './hooks.ts';
import { externalPsks } from './identity-rules.ts';
import { badValue, unsupported, wrongType } from './option-error.ts';
import * as rule from './option-rule.ts';
import { ownOptions, propertyOf, withoutPrototype } from './own-options.ts';
import { protocolVersions } from './protocol-version.ts';
import { clock, isPublicSuffix, random } from './synchronous-hook-rules.ts';
import { TlsError } from './tls-error.ts';
import { pins, revocation } from './trust-rules.ts';

/** Whose configuration is checked. */
export interface CheckedBackend {
  readonly name: string;
  readonly capabilities: BackendCapabilities;
  /** What would support an option that this backend does not have, in a few words for the error. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/**
 * Applies a table of rules: unknown option, bad value, unsupported option, in this order. `undefined` means absent.
 * @returns a copy of what was checked, without a prototype; nothing else is to be used
 */
export function checkConfig<Config extends CommonConfig>(
  config: Config,
  rules: rule.OptionRules<Config>,
  role: 'client' | 'server',
  backend: CheckedBackend,
): Config {
  const { name: backendName, remedies = {} } = backend;
  const capabilities = backend.capabilities[role];
  const checked = ownOptions(config, Object.keys(rules) as (keyof Config & string)[]);
  for (const option of Object.keys(checked) as (keyof Config & string)[]) {
    checked[option] = rules[option](checked[option], option, capabilities, backendName);
    if (!capabilities.options.includes(option)) {
      const remedy = Object.hasOwn(remedies, option) ? remedies[option] : undefined;
      throw unsupported(option, backendName, remedy ?? 'another backend may support it; see `capabilities`');
    }
  }
  const { minVersion, maxVersion } = checked;
  if (minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2') {
    throw new TlsError('ERR_TLS_CONFIG', 'minVersion TLSv1.3 is above maxVersion TLSv1.2', { option: 'minVersion' });
  }
  const usable = capabilities.protocols.filter(
    (version) =>
      (minVersion === undefined || version >= minVersion) && (maxVersion === undefined || version <= maxVersion),
  );
  if (usable.length === 0) {
    const option = maxVersion === undefined ? 'minVersion' : 'maxVersion';
    throw unsupported(option, backendName, `it speaks ${capabilities.protocols.join(', ')}`);
  }
  return Object.freeze(checked);
}

/** All names of protocols with their lengths: a ClientHello has 64 KiB for its extensions, and others need room too. */
const maxAlpnLength = 0x20_00;

/** Names of protocols for ALPN; those that are bytes are copied. */
export function alpnProtocols(value: unknown, option: string): readonly (string | Uint8Array)[] {
  let length = 0;
  return rule.listOf(value, option, 'an array of strings or Uint8Array', (protocol) => {
    const copy = rule.textOrBytes(protocol, option, 'an array of strings or Uint8Array');
    length += 1 + encodeAlpnProtocol(copy).length;
    if (length > maxAlpnLength) throw badValue(option, `all protocols together are longer than ${maxAlpnLength} bytes`);
    return copy;
  });
}

/** Whose methods stand in a class are taken too. */
function compressors(value: unknown, option: string): readonly CertificateCompressor[] {
  return rule.listOf(value, option, 'an array of compressors', (each) => {
    if (typeof each !== 'object' || each === null) throw wrongType(option, 'an array of compressors', each);
    const algorithm = rule.integer(1, 0xffff)(propertyOf(each, 'algorithm'), `${option}.algorithm`);
    const present = (['compress', 'decompress'] as const).filter((name) => propertyOf(each, name) !== undefined);
    const hooks = rule.methods<CertificateCompressor>(...present)(each, option);
    return withoutPrototype({ ...hooks, algorithm });
  });
}

/** The rules of the options that both roles have. */
export const commonRules: rule.OptionRules<CommonConfig> = {
  minVersion: rule.oneOf(...protocolVersions),
  maxVersion: rule.oneOf(...protocolVersions),
  cipherSuites: rule.namesFrom('cipherSuites'),
  groups: rule.namesFrom('groups'),
  signatureSchemes: rule.namesFrom('signatureSchemes'),
  alpnProtocols,
  clock,
  random,
  keyLog: rule.flag,
  verifyPeer: rule.callback,
  verifyResumedPeer: rule.flag,
  pins,
  revocation,
  certificateProfile: rule.oneOf(...certificateProfiles),
  isPublicSuffix,
  peerCertificateTypes: rule.someOf('X509', 'RawPublicKey'),
  trustedPublicKeys: rule.byteStrings(1, 0xffff),
  certificateCompressors: compressors,
  externalPsks,
  recordSizeLimit: rule.integer(64, 16_384),
  maxFragmentLength: rule.integer(64, 16_384),
  recordPadding: rule.integer(1, 16_384),
};
