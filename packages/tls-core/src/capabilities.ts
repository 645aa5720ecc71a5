import type { ProtocolVersion } from './protocol-version.ts';

/** What a backend can do, per role. Data, not promises: the conformance kit proves each `true` and each `false`. */
export interface BackendCapabilities {
  readonly client: RoleCapabilities;
  readonly server: RoleCapabilities;
}

export interface RoleCapabilities {
  readonly protocols: readonly ProtocolVersion[];
  /** IANA names, in the backend's order of preference. */
  readonly cipherSuites: readonly string[];
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
  /** Options of `ClientConfig` or `ServerConfig` that are honoured; any other is refused with `ERR_TLS_UNSUPPORTED`. */
  readonly options: readonly string[];
  readonly features: Readonly<Record<Feature, boolean>>;
}

export const features = [
  'keyUpdate',
  'exporter',
  'resumption',
  'earlyData',
  'clientAuthentication',
  'asyncHooks',
  'keyLog',
  'ocspStapling',
  'signedCertificateTimestamps',
  'certificateCompression',
  'rawPublicKeys',
  'recordSizeLimit',
  'externalPsk',
  'pskImporter',
  'ticketRequest',
  'ech',
] as const;
export type Feature = (typeof features)[number];

/** Says of each feature whether it is among these. */
export function featuresAmong(list: readonly Feature[]): RoleCapabilities['features'] {
  const rows = features.map((feature) => [feature, list.includes(feature)]);
  return Object.fromEntries(rows) as RoleCapabilities['features'];
}
