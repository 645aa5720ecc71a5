import { equalBytes, decodeAll } from '@org/tls-core/backend';
import {
  ExtensionType,
  noExtensions,
  readExtensionList,
  writeExtensions,
  type Extension,
  type Extensions,
} from '../extension.ts';
import { refuseMisplaced } from '../extension-places.ts';
import { WireVersion } from '../extensions/supported-versions.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';

/** ServerHello or, by its random, HelloRetryRequest (RFC 8446 §4.1.3, §4.1.4). */
export interface ServerHello {
  readonly isHelloRetryRequest: boolean;
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly legacySessionIdEcho: Uint8Array;
  readonly cipherSuite: number;
  readonly legacyCompressionMethod: number;
  readonly extensions: Extensions;
}

/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
export const helloRetryRequestRandom = Uint8Array.of(
  0xcf,
  0x21,
  0xad,
  0x74,
  0xe5,
  0x9a,
  0x61,
  0x11,
  0xbe,
  0x1d,
  0x8c,
  0x02,
  0x1e,
  0x65,
  0xb8,
  0x91,
  0xc2,
  0xa2,
  0x11,
  0x16,
  0x7a,
  0xbb,
  0x8c,
  0x5e,
  0x07,
  0x9e,
  0x09,
  0xe2,
  0xc8,
  0xa8,
  0x33,
  0x9c,
);

export function decodeServerHello(body: Uint8Array): ServerHello {
  return decodeAll(body, 'ServerHello', (reader) => {
    const legacyVersion = reader.uint16();
    const random = reader.bytes(32);
    const isHelloRetryRequest = equalBytes(random, helloRetryRequestRandom);
    return {
      isHelloRetryRequest,
      legacyVersion,
      random,
      legacySessionIdEcho: reader.vector8(0, 32),
      cipherSuite: reader.uint16(),
      legacyCompressionMethod: reader.uint8(),
      extensions: readServerHelloExtensions(),
    };

    function readServerHelloExtensions(): Extensions {
      if (reader.remaining === 0) return noExtensions; // TLS 1.2 without extensions
      const carrier = isHelloRetryRequest ? 'HelloRetryRequest' : 'ServerHello';
      const extensions = readExtensionList(reader, carrier);
      // a TLS 1.2 ServerHello may carry what a 1.3 one may not
      if (extensions.has(ExtensionType.supportedVersions)) refuseMisplaced(extensions, carrier);
      return extensions;
    }
  });
}

export interface ServerHelloParameters {
  readonly random: Uint8Array;
  readonly legacySessionIdEcho: Uint8Array;
  readonly cipherSuite: number;
  readonly extensions: readonly Extension[];
}

/** A whole ServerHello message; a HelloRetryRequest when its random is the special one. */
export function encodeServerHello({
  random,
  legacySessionIdEcho,
  cipherSuite,
  extensions,
}: ServerHelloParameters): Uint8Array {
  return encodeHandshake(HandshakeType.serverHello, (body) => {
    body.uint16(WireVersion.tls12).bytes(random);
    body.vector8(() => body.bytes(legacySessionIdEcho));
    body.uint16(cipherSuite).uint8(0);
    writeExtensions(body, extensions);
  });
}
