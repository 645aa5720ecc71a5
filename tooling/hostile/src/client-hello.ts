import type { ProtocolVersion } from '@org/tls-core';
import { ContentType, ExtensionType, HandshakeType, type Extension } from '@org/tls-pure/misbehaving';
import { handshakeMessage, join, plainRecords, text, uint16, vector16, vector8 } from './wire.ts';

export type { Extension };

/** The parts of a ClientHello; a part that is not given is as an honest client has it. */
export interface ClientHelloParts {
  readonly version: ProtocolVersion;
  /** Extensions that replace the honest one of the same type, or come besides. */
  readonly extensions?: readonly Extension[];
  readonly cipherSuites?: Uint8Array;
  readonly sessionId?: Uint8Array;
  readonly compressionMethods?: Uint8Array;
}

/** Makes a whole ClientHello message. As far as a server can tell, its client could go on. */
export function clientHello(parts: ClientHelloParts): Uint8Array {
  const own = parts.extensions ?? [];
  const given = new Set(own.map(({ type }) => type));
  const extensions = [...honestExtensions(parts.version).filter(({ type }) => !given.has(type)), ...own];
  const body = join(
    uint16(0x0303),
    new Uint8Array(32).fill(7),
    vector8(parts.sessionId ?? new Uint8Array(0)),
    vector16(parts.cipherSuites ?? join(uint16(0x1301), uint16(0xc02b), uint16(0x00ff))),
    vector8(parts.compressionMethods ?? Uint8Array.of(0)),
    vector16(...extensions.map(({ type, body }) => join(uint16(type), vector16(body)))),
  );
  return handshakeMessage(HandshakeType.clientHello, body);
}

/** Writes a ClientHello into as few records as possible. */
export function clientHelloRecords(parts: ClientHelloParts): Uint8Array {
  return plainRecords(ContentType.handshake, clientHello(parts));
}

export function extension(type: number, ...body: readonly Uint8Array[]): Extension {
  return { type, body: join(...body) };
}

function honestExtensions(version: ProtocolVersion): readonly Extension[] {
  const both = [
    extension(ExtensionType.serverName, vector16(Uint8Array.of(0), vector16(text('localhost')))),
    extension(ExtensionType.supportedGroups, vector16(uint16(29), uint16(23))),
    extension(ExtensionType.signatureAlgorithms, vector16(uint16(0x0403))),
  ];
  if (version === 'TLSv1.2') {
    return [
      ...both,
      extension(ExtensionType.extendedMasterSecret),
      extension(ExtensionType.ecPointFormats, vector8(Uint8Array.of(0))),
    ];
  }
  return [
    ...both,
    extension(ExtensionType.supportedVersions, vector8(uint16(0x0304))),
    extension(ExtensionType.pskKeyExchangeModes, vector8(Uint8Array.of(1))),
    extension(ExtensionType.keyShare, vector16(uint16(29), vector16(new Uint8Array(32).fill(9)))),
  ];
}
