import { TlsError } from '@org/tls-core';

const block = /-----BEGIN ([A-Z0-9 ]+)-----\s*([^-]*?)-----END \1-----/g;
const privateKeyLabels = ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY'];

interface PemBlock {
  readonly label: string;
  readonly der: Uint8Array;
}

/** The certificates in PEM text (RFC 7468), in order. */
export function certificatesOf(pem: string): readonly Uint8Array[] {
  return blocksOf(pem)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ der }) => der);
}

/**
 * The one private key in PEM text: PKCS#8, SEC1 or PKCS#1.
 * @throws TlsError `ERR_TLS_IDENTITY` when there is none, more than one, or it is encrypted
 */
export function privateKeyOf(pem: string): Uint8Array {
  if (/ENCRYPTED/.test(pem)) {
    throw new TlsError(
      'ERR_TLS_IDENTITY',
      'the private key is encrypted; decrypt it first: openssl pkey -in FILE -out FILE',
    );
  }
  const keys = blocksOf(pem).filter(({ label }) => privateKeyLabels.includes(label));
  const [key] = keys;
  if (key === undefined || keys.length > 1) {
    throw new TlsError('ERR_TLS_IDENTITY', `expected one private key in PEM, got ${keys.length}`);
  }
  return key.der;
}

function blocksOf(pem: string): readonly PemBlock[] {
  const blocks = [...pem.matchAll(block)].map(([, label = '', base64 = '']): PemBlock => ({
    label,
    der: decode(base64),
  }));
  // a block that is not closed, or holds what no base64 does, is not passed over
  if (blocks.length !== pem.split('-----BEGIN ').length - 1)
    throw new TlsError('ERR_TLS_IDENTITY', 'a PEM block is malformed');
  return blocks;
}

function decode(text: string): Uint8Array {
  const base64 = text.replaceAll(/\s/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)) {
    throw new TlsError('ERR_TLS_IDENTITY', 'a PEM block is not base64');
  }
  return Buffer.from(base64, 'base64');
}
