import { randomBytes } from 'node:crypto';
import type { CertificateCompressor } from '@org/tls-core';

/**
 * The runner's mock algorithms (in its cert_compression_tests.go). The transformations are the same, so that each end can check
 * the other's.
 */
export const mockCompressors: readonly CertificateCompressor[] = [
  {
    algorithm: 0xff02,
    compress: (certificate) => Buffer.concat([Buffer.of(1, 2, 3, 4), certificate]),
    decompress(compressed) {
      if (!Buffer.from(compressed.subarray(0, 4)).equals(Buffer.of(1, 2, 3, 4)))
        throw new Error('not of this algorithm');
      return compressed.subarray(4);
    },
  },
  {
    algorithm: 0xff01,
    compress(certificate) {
      if (certificate[0] !== 0 || certificate[1] !== 0) throw new Error('not compressible by this algorithm');
      return certificate.subarray(2);
    },
    decompress: (compressed) => Buffer.concat([Buffer.of(0, 0), compressed]),
  },
  {
    algorithm: 0xff03,
    compress: (certificate) => Buffer.concat([randomBytes(1), certificate]),
    decompress: (compressed) => compressed.subarray(1),
  },
];
