export { createRoot } from './test-certificate.ts';
export type { TestCertificate } from './test-certificate.ts';
export { loadCa } from './load-ca.ts';
export type {
  CertificateExtension,
  ExtendedKeyUsage,
  IssueOptions,
  KeyUsage,
  NameConstraintsOption,
} from './issue-options.ts';
export { keyAlgorithms } from './key-algorithm.ts';
export type { KeyAlgorithm, SignatureHash } from './key-algorithm.ts';
export { createLog, timestampList } from './test-log.ts';
export type { TestLog } from './test-log.ts';
export { toPem } from './pem.ts';
export { respondOcsp } from './ocsp-responder.ts';
export { authorityInfoAccess, startOcspServer } from './ocsp-server.ts';
export type { OcspServer, OcspServerOptions } from './ocsp-server.ts';
export type { OcspOptions } from './ocsp-responder.ts';
export type { CrlOptions } from './revocation-list.ts';
export { readWithPkijs, type PkijsReading } from './read-certificate.ts';
export { expandedMlDsaKey, mlDsaAlgorithmIdentifiers, mlDsaParameterSets, mlDsaPkcs8 } from './ml-dsa-keys.ts';
export type { MlDsaParameterSet } from './ml-dsa-keys.ts';
export { sharedData } from './shared-data.ts';
export { thrown, type CodedError } from './thrown.ts';
