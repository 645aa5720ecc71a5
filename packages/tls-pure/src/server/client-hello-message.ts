import { TlsError, type ClientHelloInfo } from '@org/tls-core';
import { decodeAlpnProtocol, describedNumbers } from '@org/tls-core/backend';
import type { Extensions } from '../wire/extension.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { certificateAuthorities } from '../wire/extensions/certificate-authorities.ts';
import { serverName } from '../wire/extensions/server-name.ts';
import { signatureAlgorithms } from '../wire/extensions/signature-algorithms.ts';
import { supportedGroups } from '../wire/extensions/supported-groups.ts';
import { supportedVersions } from '../wire/extensions/supported-versions.ts';
import type { ClientHello } from '../wire/messages/client-hello.ts';

/** How an extension is found in a ClientHello, and read. */
export interface OfferReader<Offered> {
  readonly type: number;
  readonly name: string;
  readonly signallingSuite?: number;
  readonly readOffer: (body: Uint8Array) => Offered;
}

/** A ClientHello of any version. */
export class ClientHelloMessage implements ClientHello {
  /** The whole message. */
  readonly raw: Uint8Array;
  readonly legacyVersion: number;
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly cipherSuites: Uint16Array;
  readonly legacyCompressionMethods: Uint8Array;
  readonly extensions: Extensions;
  /** What was read, by type. */
  readonly #values = new Map<number, unknown>();

  constructor(hello: ClientHello, raw: Uint8Array) {
    this.raw = raw;
    this.legacyVersion = hello.legacyVersion;
    this.random = hello.random;
    this.legacySessionId = hello.legacySessionId;
    this.cipherSuites = hello.cipherSuites;
    this.legacyCompressionMethods = hello.legacyCompressionMethods;
    this.extensions = hello.extensions;
  }

  /** Whether the client offers an extension, or the cipher suite that stands for it. */
  has({ type, signallingSuite }: Pick<OfferReader<unknown>, 'type' | 'signallingSuite'>): boolean {
    if (this.extensions.has(type)) return true;
    return signallingSuite !== undefined && this.cipherSuites.includes(signallingSuite);
  }

  /**
   * What an extension holds; `undefined`: it is not there. It is decoded when it is first asked for, and once.
   * @throws TlsError `ERR_TLS_DECODE`, `ERR_TLS_ILLEGAL_PARAMETER`, as its `readOffer` does
   */
  value<Offered>(extension: OfferReader<Offered>): Offered | undefined {
    const { type } = extension;
    const known = this.#values.get(type);
    if (known !== undefined) return known as Offered; // each type has one reader
    const value = this.extensions.decode(type, extension.readOffer);
    if (value !== undefined) this.#values.set(type, value);
    return value;
  }

  /** @throws TlsError `ERR_TLS_MISSING_EXTENSION` when it is not there (RFC 8446 §9.2); else as `value` */
  need<Offered>(extension: OfferReader<Offered>): Offered {
    const value = this.value(extension);
    if (value !== undefined) return value;
    throw new TlsError('ERR_TLS_MISSING_EXTENSION', `ClientHello: no ${extension.name} (§9.2)`);
  }
}

/**
 * What the hooks are told. It is made when a hook asks, and not before: a list becomes objects here.
 * @throws TlsError `ERR_TLS_LIMIT` on a list of more than 1024 entries
 */
export function helloInfo(hello: ClientHelloMessage): ClientHelloInfo {
  const protocols = hello.value(alpn)?.describe() ?? [];
  return Object.freeze({
    serverName: hello.value(serverName),
    alpnProtocols: Object.freeze(protocols.map((protocol) => decodeAlpnProtocol(protocol))),
    cipherSuites: describedNumbers('cipher_suites', hello.cipherSuites),
    groups: describedNumbers('supported_groups', hello.value(supportedGroups) ?? noNumbers),
    signatureSchemes: describedNumbers('signature_algorithms', hello.value(signatureAlgorithms) ?? noNumbers),
    supportedVersions: describedNumbers('supported_versions', hello.value(supportedVersions) ?? noNumbers),
    certificateAuthorities: Object.freeze(hello.value(certificateAuthorities)?.describe() ?? []),
  });
}

const noNumbers = new Uint16Array(0);
