import { decodeAlpnProtocol, readServerName, type ClientHelloInfo } from '@org/tls-core';
import type { Question } from './addon.ts';

/** Types of extensions (RFC 8446 §4.2). */
const ExtensionType = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  supportedVersions: 43,
  certificateAuthorities: 47,
} as const;

/** The ClientHello as hooks see it. OpenSSL has read the message, not these extensions: what is malformed in them reads as absent. */
export function clientHelloInfo(question: Extract<Question, { readonly kind: 'clientHello' }>): ClientHelloInfo {
  const bodies = new Map(question.extensions.map((extension) => [uint16(extension, 0), extension.subarray(2)]));
  const body = (type: number): Uint8Array => bodies.get(type) ?? new Uint8Array();
  const versions = numbers(vector(body(ExtensionType.supportedVersions), 1));
  return {
    serverName: serverName(body(ExtensionType.serverName)),
    alpnProtocols: vectors(vector(body(ExtensionType.alpn), 2), 1).map((name) => decodeAlpnProtocol(name)),
    cipherSuites: numbers(question.cipherSuites[0] ?? new Uint8Array()),
    groups: numbers(vector(body(ExtensionType.supportedGroups), 2)),
    signatureSchemes: numbers(vector(body(ExtensionType.signatureAlgorithms), 2)),
    supportedVersions: versions.length > 0 ? versions : [0x0303],
    certificateAuthorities: vectors(vector(body(ExtensionType.certificateAuthorities), 2), 2),
  };
}

/**
 * RFC 6066 §3: one name of type host_name.
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on what is no host name
 */
function serverName(body: Uint8Array): string | undefined {
  const list = vector(body, 2);
  if (list.length < 3 || list[0] !== 0) return undefined;
  const name = vector(list.subarray(1), 2);
  return name.length === 0 ? undefined : readServerName(Buffer.from(name).toString('latin1'));
}

/** Big-endian numbers of two bytes. */
export function numbers(bytes: Uint8Array): readonly number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, index) => uint16(bytes, 2 * index));
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** What a vector with a length of so many bytes in front holds; nothing when it is cut off. */
function vector(bytes: Uint8Array, prefix: 1 | 2): Uint8Array {
  if (bytes.length < prefix) return new Uint8Array();
  const length = prefix === 1 ? (bytes[0] ?? 0) : uint16(bytes, 0);
  const end = prefix + length;
  return end <= bytes.length ? new Uint8Array(bytes.subarray(prefix, end)) : new Uint8Array();
}

function vectors(bytes: Uint8Array, prefix: 1 | 2): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const each = vector(rest, prefix);
    if (each.length === 0) return found;
    found.push(each);
    rest = rest.subarray(prefix + each.length);
  }
  return found;
}
