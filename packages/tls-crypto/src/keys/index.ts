export { parsePrivateKey } from './private-key.ts';
export { readSignatureAlgorithm, type CertificateSignatureAlgorithm } from './signature-algorithm.ts';
export { parseSpki, pssKeyHash } from './spki.ts';
