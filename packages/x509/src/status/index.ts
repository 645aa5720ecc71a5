export { checkCertificateStatus, type CertificateStatusOptions } from './check-certificate-status.ts';
export { statusFetcher, type StatusFetcher, type StatusRequest } from './fetcher.ts';
export { ocspStapler, type OcspStapler, type OcspStaplerOptions } from './ocsp-stapler.ts';
export type { OcspResponseStore } from './stapled-certificate.ts';
