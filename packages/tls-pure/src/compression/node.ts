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
  decompress: (compressed, length) =>
    zlib.brotliDecompressSync(withSmallWindow(compressed), { maxOutputLength: length }),
} satisfies CertificateCompressor);

/**
 * The same stream with a window of 256 KiB where it names a larger one (RFC 7932 §9.1), which makes no difference to contents that are
 * shorter than that: no distance reaches farther back than the beginning. A decoder gives nothing away before its window is full, so that
 * 53 bytes could otherwise make it produce 16 MiB before it sees that they are too much.
 */
function withSmallWindow(compressed: Uint8Array): Uint8Array {
  const [first = 0] = compressed;
  // WBITS in four bits, the lowest of them set, stands for 17 + its three upper bits; with these all zero it is another form
  const isLarge = (first & 1) === 1 && (first & 0b1110) > smallWindow;
  if (!isLarge) return compressed;
  const copy = new Uint8Array(compressed);
  copy[0] = (first & 0xf0) | smallWindow | 1;
  return copy;
}

/** The three bits of WBITS 18. */
const smallWindow = 0b0010;

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
