/** A certificate of the kit's PKI, with its private key, which everybody knows. */
export interface FixtureCertificate {
  readonly certificatePem: string;
  /** The leaf and the certificates between it and the root. */
  readonly chainPem: string;
  /** The private key as PKCS#8. */
  readonly privateKeyPem: string;
}

/** Writes PEM (RFC 7468) from DER that is given in Base64. */
export function pem(label: string, base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** @param chain leaf first */
export function fixture(privateKey: string, chain: readonly string[]): FixtureCertificate {
  const pems = chain.map((certificate) => pem('CERTIFICATE', certificate));
  return { certificatePem: pems[0] ?? '', chainPem: pems.join(''), privateKeyPem: pem('PRIVATE KEY', privateKey) };
}
