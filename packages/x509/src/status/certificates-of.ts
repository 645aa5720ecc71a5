import { certificatesInPem, pemOrDer } from '@org/tls-core/backend';

/**
 * Reads certificates in the forms in which an identity has them: PEM text, PEM or DER in bytes, a list of such bytes.
 * @returns DER
 * @throws TlsError `ERR_TLS_IDENTITY` on bad PEM
 */
export function certificatesOf(given: string | Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  const files = typeof given === 'string' || given instanceof Uint8Array ? [given] : given;
  return files.flatMap((file) => {
    const contents = pemOrDer(file);
    return typeof contents === 'string' ? certificatesInPem(contents, 'identity') : [contents];
  });
}
