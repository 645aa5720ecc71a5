import type { ProtocolVersion } from './protocol-version.ts';

/** A backend as data: which one it is and what it can do. */
export interface BackendDescription {
  /** `pure`, `native`, or a third party's name. */
  readonly name: string;
  /** What it can do. The conformance kit proves each claim. */
  readonly capabilities: BackendCapabilities;
}

/** What a backend can do in each role. The conformance kit proves each `true` and each `false`. */
export interface BackendCapabilities {
  readonly client: RoleCapabilities;
  readonly server: RoleCapabilities;
}

export interface RoleCapabilities {
  readonly protocols: readonly ProtocolVersion[];
  /** IANA names, in the backend's order of preference, as those below. */
  readonly cipherSuites: readonly string[];
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
  /** The options of `ClientConfig` or `ServerConfig` that are honoured. Any other is refused with `ERR_TLS_UNSUPPORTED`. */
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
