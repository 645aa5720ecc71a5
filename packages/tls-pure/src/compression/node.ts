import * as zlib from 'node:zlib';
import type { CertificateCompressor } from '@org/tls-core';

/** zlib (RFC 8879 §7.3), by node:zlib. Never makes more than the length that was announced. */
export const zlibCompressor: CertificateCompressor = Object.freeze({
  algorithm: 1,
  compress: (certificate) => zlib.deflateSync(certificate),
  decompress: (compressed, length) => zlib.inflateSync(compressed, { maxOutputLength: length }),
} satisfies CertificateCompressor);

/** brotli: the smallest certificates of the three. */
export const brotliCompressor: CertificateCompressor = Object.freeze({
  algorithm: 2,
  compress: (certificate) => zlib.brotliCompressSync(certificate),
  decompress: (compressed, length) => zlib.brotliDecompressSync(compressed, { maxOutputLength: length }),
} satisfies CertificateCompressor);

/** What no types know yet of Node 22.15 on. */
interface ZstdFunctions {
  zstdCompressSync(input: Uint8Array): Uint8Array;
  zstdDecompressSync(input: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
}

/** zstd, where Node has it (22.15 on); else `undefined`. */
export const zstdCompressor: CertificateCompressor | undefined = zstdFrom(zlib as unknown as Partial<ZstdFunctions>);

function zstdFrom({ zstdCompressSync, zstdDecompressSync }: Partial<ZstdFunctions>): CertificateCompressor | undefined {
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  return Object.freeze({
    algorithm: 3,
    compress: (certificate) => zstdCompressSync(certificate),
    decompress: (compressed, length) => zstdDecompressSync(compressed, { maxOutputLength: length }),
  } satisfies CertificateCompressor);
}

/** All that this Node has, smallest certificates first. */
export const nodeCompressors: readonly CertificateCompressor[] = Object.freeze(
  [brotliCompressor, zstdCompressor, zlibCompressor].filter((each) => each !== undefined),
);
