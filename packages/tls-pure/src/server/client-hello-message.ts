import type { ClientHelloInfo } from '@org/tls-core';
import { decodeAlpnProtocol, describedNumbers, ByteStringList } from '@org/tls-core/backend';
import { ExtensionType } from '../wire/extension.ts';
import { decodeAlpn } from '../wire/extensions/alpn.ts';
import { decodeCertificateAuthorities } from '../wire/extensions/certificate-authorities.ts';
import { decodeSignatureAlgorithms, decodeSupportedGroups } from '../wire/extensions/number-lists.ts';
import { decodeServerName } from '../wire/extensions/server-name.ts';
import { decodeSupportedVersions } from '../wire/extensions/supported-versions.ts';
import type { ClientHello } from '../wire/messages/client-hello.ts';

/** A ClientHello of any version, the extensions decoded that every version has. */
export interface ClientHelloMessage extends ClientHello {
  /** The whole message. */
  readonly raw: Uint8Array;
  /** Empty before TLS 1.3. */
  readonly supportedVersions: Uint16Array;
  readonly supportedGroups: Uint16Array | undefined;
  readonly signatureAlgorithms: Uint16Array | undefined;
  readonly serverName: string | undefined;
  readonly alpnProtocols: ByteStringList | undefined;
  readonly certificateAuthorities: ByteStringList;
}

/** @throws TlsError `ERR_TLS_DECODE` on a malformed extension */
export function readClientHello(hello: ClientHello, raw: Uint8Array): ClientHelloMessage {
  return {
    ...hello,
    raw,
    supportedVersions: hello.extensions.decode(ExtensionType.supportedVersions, decodeSupportedVersions) ?? noNumbers,
    supportedGroups: hello.extensions.decode(ExtensionType.supportedGroups, decodeSupportedGroups),
    signatureAlgorithms: hello.extensions.decode(ExtensionType.signatureAlgorithms, decodeSignatureAlgorithms),
    serverName: hello.extensions.decode(ExtensionType.serverName, decodeServerName),
    alpnProtocols: hello.extensions.decode(ExtensionType.applicationLayerProtocolNegotiation, decodeAlpn),
    certificateAuthorities:
      hello.extensions.decode(ExtensionType.certificateAuthorities, decodeCertificateAuthorities) ??
      ByteStringList.empty,
  };
}

const noNumbers = new Uint16Array(0);

/**
 * What the hooks are told. It is made when a hook asks, and not before: a list becomes objects here.
 * @throws TlsError `ERR_TLS_LIMIT` on a list of more than 1024 entries
 */
export function helloInfo(hello: ClientHelloMessage): ClientHelloInfo {
  const protocols = hello.alpnProtocols?.describe() ?? [];
  return Object.freeze({
    serverName: hello.serverName,
    alpnProtocols: Object.freeze(protocols.map((protocol) => decodeAlpnProtocol(protocol))),
    cipherSuites: describedNumbers('cipher_suites', hello.cipherSuites),
    groups: describedNumbers('supported_groups', hello.supportedGroups ?? noNumbers),
    signatureSchemes: describedNumbers('signature_algorithms', hello.signatureAlgorithms ?? noNumbers),
    supportedVersions: describedNumbers('supported_versions', hello.supportedVersions),
    certificateAuthorities: Object.freeze(hello.certificateAuthorities.describe()),
  });
}
