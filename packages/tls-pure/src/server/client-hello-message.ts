import { decodeAlpnProtocol, type ClientHelloInfo } from '@org/tls-core';
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
  readonly supportedVersions: readonly number[];
  readonly supportedGroups: readonly number[] | undefined;
  readonly signatureAlgorithms: readonly number[] | undefined;
  readonly serverName: string | undefined;
  readonly alpnProtocols: readonly Uint8Array[] | undefined;
  readonly certificateAuthorities: readonly Uint8Array[];
}

/** @throws TlsError `ERR_TLS_DECODE` on a malformed extension */
export function readClientHello(hello: ClientHello, raw: Uint8Array): ClientHelloMessage {
  const decoded = <T>(type: number, decode: (body: Uint8Array) => T): T | undefined => {
    const body = hello.extensions.get(type);
    return body === undefined ? undefined : decode(body);
  };
  return {
    ...hello,
    raw,
    supportedVersions: decoded(ExtensionType.supportedVersions, decodeSupportedVersions) ?? [],
    supportedGroups: decoded(ExtensionType.supportedGroups, decodeSupportedGroups),
    signatureAlgorithms: decoded(ExtensionType.signatureAlgorithms, decodeSignatureAlgorithms),
    serverName: decoded(ExtensionType.serverName, decodeServerName),
    alpnProtocols: decoded(ExtensionType.applicationLayerProtocolNegotiation, decodeAlpn),
    certificateAuthorities: decoded(ExtensionType.certificateAuthorities, decodeCertificateAuthorities) ?? [],
  };
}

/** What the hooks are told. */
export function helloInfo(hello: ClientHelloMessage): ClientHelloInfo {
  return Object.freeze({
    serverName: hello.serverName,
    alpnProtocols: Object.freeze((hello.alpnProtocols ?? []).map((protocol) => decodeAlpnProtocol(protocol))),
    cipherSuites: hello.cipherSuites,
    groups: hello.supportedGroups ?? [],
    signatureSchemes: hello.signatureAlgorithms ?? [],
    supportedVersions: hello.supportedVersions,
    certificateAuthorities: hello.certificateAuthorities,
  });
}
