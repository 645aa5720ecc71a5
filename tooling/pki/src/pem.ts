/** Writes DER as PEM (RFC 7468) with 64 columns and a line feed at the end. */
export function toPem(label: 'CERTIFICATE' | 'PRIVATE KEY' | 'PUBLIC KEY' | 'X509 CRL', der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
