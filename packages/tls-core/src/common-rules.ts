import { alpnProtocols } from './alpn-rules.ts';
import { certificateProfiles } from './certificate-profile.ts';
import type { CommonConfig } from './common-config.ts';
import { externalPsks } from './external-psk-rules.ts';
import type { CertificateCompressor } from './hooks.ts';
import { wrongType } from './option-error.ts';
import * as rule from './option-rule.ts';
import { propertyOf, withoutPrototype } from './own-options.ts';
import { protocolVersions } from './protocol-version.ts';
import { clock, isPublicSuffix, random } from './synchronous-hook-rules.ts';
import { pins, revocation } from './trust-rules.ts';

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

/** Reads compressors. Their methods may stand in a class. */
function compressors(value: unknown, option: string): readonly CertificateCompressor[] {
  return rule.listOf(value, option, 'an array of compressors', (each) => {
    if (typeof each !== 'object' || each === null) throw wrongType(option, 'an array of compressors', each);
    const algorithm = rule.integer(1, 0xffff)(propertyOf(each, 'algorithm'), `${option}.algorithm`);
    const present = (['compress', 'decompress'] as const).filter((name) => propertyOf(each, name) !== undefined);
    const hooks = rule.methods<CertificateCompressor>(...present)(each, option);
    return withoutPrototype({ ...hooks, algorithm });
  });
}
