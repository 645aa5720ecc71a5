import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Certificate, PublicKeyInfo } from 'pkijs';
import type { KeyAlgorithm } from './key-algorithm.ts';
import { keyAlgorithmRow } from './key-algorithm.ts';
import type { SigningKey } from './key-pair.ts';
import { testCertificate } from './test-certificate.ts';
import type { TestCertificate } from './test-certificate.ts';

/**
 * Gives a CA that was made earlier, so that it can issue again.
 * @param chainPem the CA's certificate first, then the CAs that issued it, without the root
 * @param privateKeyPem its key as PKCS#8 that is not encrypted
 * @throws TypeError when the certificate is no CA, the key is not its own, or is of a kind that this package does not make
 */
export function loadCa(chainPem: string, privateKeyPem: string): TestCertificate {
  const chain = certificatesIn(chainPem);
  const [certificate] = chain;
  if (certificate === undefined) throw new TypeError('expected a certificate in PEM');
  const key = createPrivateKey(privateKeyPem);
  if (!certificate.ca) throw new TypeError('expected a certificate that may issue others');
  if (!certificate.checkPrivateKey(key)) throw new TypeError('expected the private key of the certificate');
  const der = Uint8Array.from(certificate.raw);
  const { subject } = Certificate.fromBER(der);
  const above = chain.slice(1).map(({ raw }) => Uint8Array.from(raw));
  const isRoot = certificate.checkIssued(certificate);
  return testCertificate(der, signingKey(key), subject, isRoot ? undefined : { chainDer: above });
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function signingKey(key: KeyObject): SigningKey {
  const algorithm = algorithmOf(key);
  const privateKeyDer = Uint8Array.from(key.export({ type: 'pkcs8', format: 'der' }));
  const spki = Uint8Array.from(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  return {
    algorithm,
    publicKeyInfo: PublicKeyInfo.fromBER(spki),
    privateKeyDer,
    sign: (signed, hash) => keyAlgorithmRow(algorithm).sign(privateKeyDer, hash, signed),
  };
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyAlgorithm {
  const { namedCurve = '', modulusLength = '' } = asymmetricKeyDetails ?? {};
  const kind = `${asymmetricKeyType} ${namedCurve}${modulusLength}`;
  const algorithm = algorithms.get(kind.trim());
  if (algorithm === undefined) throw new TypeError(`expected a key of a kind that is made here, got ${kind}`);
  return algorithm;
}

const algorithms: ReadonlyMap<string, KeyAlgorithm> = new Map([
  ['ec prime256v1', 'ecdsa-p256'],
  ['ec secp384r1', 'ecdsa-p384'],
  ['ec secp521r1', 'ecdsa-p521'],
  ['rsa 2048', 'rsa-2048'],
  ['rsa 4096', 'rsa-4096'],
  ['ed25519', 'ed25519'],
]);
