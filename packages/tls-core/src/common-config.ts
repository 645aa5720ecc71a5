import * as binds from './binding-rule.ts';
import { alpnProtocols } from './alpn-rules.ts';
import { certificateProfiles, type CertificateProfile } from './certificate-profile.ts';
import { externalPsks } from './external-psk-rules.ts';
import { keyLog, type KeyLog } from './key-log.ts';
import { wrongType } from './option-error.ts';
import type { CertificateCompressor, ExternalPsk, VerifyPeer } from './hooks.ts';
import type { WithDefaults } from './option-defaults.ts';
import * as rule from './option-rule.ts';
import { propertyOf, frozenCopy } from './own-options.ts';
import { protocolVersions, type ProtocolVersion } from './protocol-version.ts';
import { clock, isPublicSuffix, random } from './synchronous-hook-rules.ts';
import { pins, revocation } from './trust-rules.ts';
import type { Pin } from './pin.ts';
import type { Revocation } from './revocation.ts';

/** The options of both roles. */
export interface CommonConfig {
  /** The lowest version that is spoken. Default: the backend's lowest, which is TLS 1.2 or higher. */
  readonly minVersion?: ProtocolVersion;
  /** The highest version that is spoken. Default: the backend's highest. */
  readonly maxVersion?: ProtocolVersion;
  /** Lists the cipher suites by their IANA names, in order of preference. Default: the backend's. */
  readonly cipherSuites?: readonly string[];
  /** Lists the key exchange groups by their IANA names, in order of preference. Default: the backend's. */
  readonly groups?: readonly string[];
  /** Lists the signature schemes that are accepted by their IANA names, in order of preference. Default: the backend's. */
  readonly signatureSchemes?: readonly string[];
  /** Lists the protocols for ALPN (RFC 7301), in order of preference, with 1 to 255 bytes each. Default: none. */
  readonly alpnProtocols?: readonly (string | Uint8Array)[];
  /** Tells the time in milliseconds since the epoch, 0 to 8.64e15. Any other answer is `ERR_TLS_HOOK`. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Fills a buffer with random bytes. It is for tests only, where every byte must be known. Default: the platform's. */
  readonly random?: (into: Uint8Array) => void;
  /**
   * Gives out secrets in NSS key log format: with `true` to the owner of each connection, with a function to that as well. Whoever has them
   * can read the connection. Default: false.
   */
  readonly keyLog?: boolean | KeyLog;
  /** Judges the peer after the backend's verifier has accepted it. */
  readonly verifyPeer?: VerifyPeer;
  /** Asks `verifyPeer` again when a session is resumed. Default: false, since it was asked when the session was made. */
  readonly verifyResumedPeer?: boolean;
  /** Says how it is found out whether the peer's certificates were revoked. Default: it is not. */
  readonly revocation?: Revocation;
  /** Demands that the peer's chain has at least one of these, besides being trusted. Default: nothing is demanded. */
  readonly pins?: readonly Pin[];
  /** Says by which rules the form of the peer's certificates is judged, beyond what is always checked. Default: `compatible`. */
  readonly certificateProfile?: CertificateProfile;
  /**
   * Lists the certificate policies that are acceptable, as object identifiers in dotted form. One of them must hold for the peer's whole chain
   * (RFC 5280 §6.1.1 (c), (e)). Default: any is acceptable, and none is needed unless a CA of the chain demands one.
   */
  readonly certificatePolicies?: readonly string[];
  /**
   * Tells whether anybody can register names directly under this one, as under `co.uk` (https://publicsuffix.org). The profile `webpki`
   * refuses wildcards there. Default: only top-level domains are such names.
   * @param domain A-labels in lower case
   */
  readonly isPublicSuffix?: (domain: string) => boolean;
  /**
   * Says how many proven chains a context remembers, 0 to 65536. A peer that shows the same chain again under the same name costs one
   * hash in the place of the proof, until the first of its certificates, revocation lists and stapled responses goes out of date. `verifyPeer`
   * is asked each time, and the peer proves each time that it has the key. What was refused is not remembered. 0: nothing is.
   * Default: 256.
   */
  readonly provenChains?: number;
  /** Lists the kinds of certificate that are accepted from the peer, in order of preference (RFC 7250). Default: `['X509']`. */
  readonly peerCertificateTypes?: readonly CertificateType[];
  /**
   * Lists the raw public keys that are accepted, each as SubjectPublicKeyInfo in DER. It is required when `peerCertificateTypes` names
   * `RawPublicKey`.
   */
  readonly trustedPublicKeys?: readonly Uint8Array[];
  /** Lists the algorithms that compress certificates, in order of preference (RFC 8879). Default: none. */
  readonly certificateCompressors?: readonly CertificateCompressor[];
  /** Lists keys that were agreed on outside of TLS, in order of preference. Default: none. */
  readonly externalPsks?: readonly ExternalPsk[];
  /** Limits the plaintext that the peer may put into a record, 64 to 16384 bytes (RFC 8449). Default: no limit is sent. */
  readonly recordSizeLimit?: number;
  /** Limits the plaintext that we put into a record, 64 to 16384 bytes. Default: 16384. */
  readonly maxFragmentLength?: number;
  /** Pads each record's content to a multiple of so many bytes, 1 to 16384 (RFC 8446 §5.4). Default: 1. */
  readonly recordPadding?: number;
}

/** The kinds of certificate by their IANA names (RFC 7250). */
export type CertificateType = 'X509' | 'RawPublicKey';

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
  keyLog,
  verifyPeer: rule.callback,
  verifyResumedPeer: rule.flag,
  pins,
  revocation,
  certificateProfile: rule.oneOf(...certificateProfiles),
  certificatePolicies: rule.objectIdentifiers,
  isPublicSuffix,
  provenChains: rule.integer(0, 65_536),
  peerCertificateTypes: rule.someOf('X509', 'RawPublicKey'),
  trustedPublicKeys: rule.byteStrings(1, 0xffff),
  certificateCompressors: compressors,
  externalPsks,
  recordSizeLimit: rule.integer(64, 16_384),
  maxFragmentLength: rule.integer(64, 16_384),
  recordPadding: rule.integer(1, 16_384),
};

/**
 * What holds where a configuration says nothing, for every backend alike. An option without a row is then absent, or its default is the
 * backend's own.
 */
export const commonDefaults = {
  alpnProtocols: Object.freeze([]),
  // The function is looked up at each call, so that a clock counts that somebody puts in its place.
  clock: () => Date.now(),
  keyLog: false as boolean | KeyLog,
  verifyResumedPeer: false,
  certificateProfile: 'compatible',
  provenChains: 256,
  peerCertificateTypes: Object.freeze(['X509'] as const),
  certificateCompressors: Object.freeze([]),
  externalPsks: Object.freeze([]),
  maxFragmentLength: 16_384,
  recordPadding: 1,
} as const satisfies Partial<CommonConfig>;

/** What `checkClientConfig` and `checkServerConfig` both give. */
export type CheckedConfig = WithDefaults<CommonConfig, typeof commonDefaults>;

/** What a session is bound to. */
export const commonBinding: binds.BindingTable<CheckedConfig> = {
  minVersion: { free: 'a session belongs to one version, which the handshake looks at' },
  maxVersion: { free: 'a session belongs to one version, which the handshake looks at' },
  cipherSuites: { free: 'the session’s suite must be among them, which the handshake looks at' },
  groups: binds.oncePerHandshake,
  signatureSchemes: binds.words,
  alpnProtocols: binds.oncePerHandshake,
  clock: { free: 'both ends of a lifetime are read off it' },
  random: binds.ownBehaviour,
  keyLog: binds.ownBehaviour,
  verifyPeer: binds.presence,
  verifyResumedPeer: { free: 'the hook is then asked again' },
  revocation: binds.revocation,
  pins: binds.pins,
  certificateProfile: (profile) => [profile],
  certificatePolicies: (policies = []) => policies,
  isPublicSuffix: binds.presence,
  provenChains: { free: 'a remembered chain was proven by the same rules' },
  peerCertificateTypes: (types) => types,
  trustedPublicKeys: (keys = []) => keys,
  certificateCompressors: binds.ownBehaviour,
  externalPsks: { free: 'a session keeps the digest of the key that it was made with, which must still be among them' },
  recordSizeLimit: binds.ownBehaviour,
  maxFragmentLength: binds.ownBehaviour,
  recordPadding: binds.ownBehaviour,
};

/** Reads compressors. Their methods may stand in a class. */
function compressors(value: unknown, option: string): readonly CertificateCompressor[] {
  return rule.listOf(value, option, 'an array of compressors', (each) => {
    if (typeof each !== 'object' || each === null) throw wrongType(option, 'an array of compressors', each);
    const algorithm = rule.integer(1, 0xffff)(propertyOf(each, 'algorithm'), `${option}.algorithm`);
    const present = (['compress', 'decompress'] as const).filter((name) => propertyOf(each, name) !== undefined);
    const hooks = rule.methods<CertificateCompressor>(...present)(each, option);
    return frozenCopy({ ...hooks, algorithm });
  });
}
