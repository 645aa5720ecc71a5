export { parsePrivateKey } from './private-key.ts';
export { maxModulusBits } from './rsa-modulus.ts';
export { readSignatureAlgorithm, type CertificateSignatureAlgorithm } from './signature-algorithm.ts';
export { parseSpki, pssKeyHash } from './spki.ts';
