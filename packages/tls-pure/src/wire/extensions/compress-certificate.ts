import { decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';
import { hasTwice } from '../number-set.ts';

/** The algorithms that its sender can decompress certificates by (RFC 8879 §3). TLS 1.2 does not use it, and yet it must be well-formed there. */
export const compressCertificate = {
  type: ExtensionType.compressCertificate,
  name: 'compress_certificate',
  tls12: ['ClientHello'],
  tls13: ['ClientHello', 'CertificateRequest'],

  offer({ settings }: { readonly settings: CompressionSettings & { readonly speaksTls13: boolean } }) {
    return settings.speaksTls13 ? plan(settings) : undefined;
  },

  request({ settings }: { readonly settings: CompressionSettings }) {
    return plan(settings);
  },

  readOffer: decodeCompressCertificate,
} as const satisfies ExtensionDefinition<Uint16Array>;

export interface CompressionSettings {
  readonly config: {
    readonly certificateCompressors: readonly { readonly algorithm: number; readonly decompress?: unknown }[];
  };
}

function plan({ config }: CompressionSettings): Extension | undefined {
  const usable = config.certificateCompressors.filter(({ decompress }) => decompress !== undefined);
  return usable.length === 0 ? undefined : encodeCompressCertificate(usable.map(({ algorithm }) => algorithm));
}

function encodeCompressCertificate(algorithms: readonly number[]): Extension {
  const body = new Writer(1 + 2 * algorithms.length)
    .vector8((list) => {
      for (const algorithm of algorithms) list.uint16(algorithm);
    })
    .finish();
  return { type: ExtensionType.compressCertificate, body };
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when an algorithm stands twice */
function decodeCompressCertificate(body: Uint8Array): Uint16Array {
  const algorithms = decodeAll(body, 'compress_certificate', (reader) => reader.numbers8(2));
  if (hasTwice(algorithms)) throw illegalParameter('compress_certificate: an algorithm stands twice');
  return algorithms;
}
