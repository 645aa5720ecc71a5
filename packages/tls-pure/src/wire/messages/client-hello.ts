import { noExtensions, writeExtensions, type Extension, type Extensions } from '../extension.ts';
import { readExtensions } from '../extension-places.ts';
import { WireVersion } from '../extensions/supported-versions.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** ClientHello (RFC 8446 §4.1.2), its extensions still encoded. */
export interface ClientHello {
  readonly legacyVersion: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** 0 to 32 bytes. */
  readonly legacySessionId: Uint8Array;
  readonly cipherSuites: Uint16Array;
  readonly legacyCompressionMethods: Uint8Array;
  readonly extensions: Extensions;
}

export function decodeClientHello(body: Uint8Array): ClientHello {
  return decodeAll(body, 'ClientHello', (reader) => ({
    legacyVersion: reader.uint16(),
    random: reader.bytes(32),
    legacySessionId: reader.vector8(0, 32),
    cipherSuites: reader.numbers16(2),
    legacyCompressionMethods: reader.vector8(1),
    // before TLS 1.2 there may be none at all (RFC 5246 §7.4.1.2)
    extensions: reader.remaining === 0 ? noExtensions : readExtensions(reader, 'ClientHello'),
  }));
}

/** What differs between ClientHellos that we make. */
export interface ClientHelloParameters {
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly cipherSuites: Iterable<number>;
  readonly extensions: readonly Extension[];
}

/** A whole ClientHello message. */
export function encodeClientHello({
  random,
  legacySessionId,
  cipherSuites,
  extensions,
}: ClientHelloParameters): Uint8Array {
  return encodeHandshake(
    HandshakeType.clientHello,
    (body) => {
      body.uint16(WireVersion.tls12).bytes(random);
      body.vector8(() => body.bytes(legacySessionId));
      body.vector16(() => {
        for (const suite of cipherSuites) body.uint16(suite);
      });
      body.vector8(() => body.uint8(0)); // legacy_compression_methods: null
      writeExtensions(body, extensions);
    },
    512,
  );
}
