import type { ClientHelloInfo } from '@org/tls-core';
import { checkDescribedEntries, decodeAlpnProtocol, describedNumbers, readServerName } from '@org/tls-core/backend';
import type { Question } from './addon.ts';

/** Types of extensions (RFC 8446 §4.2). */
const ExtensionType = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  supportedVersions: 43,
  certificateAuthorities: 47,
} as const;

/**
 * A ClientHello. The library has read the message, not these extensions: what is malformed in them reads as absent. The client is not
 * authenticated yet, and may send tens of thousands of entries: a list of names is taken apart only when somebody asks for it.
 */
export class AskedClientHello {
  readonly #bodies: ReadonlyMap<number, Uint8Array>;
  readonly cipherSuites: Uint16Array;
  readonly groups: Uint16Array;
  readonly signatureSchemes: Uint16Array;
  readonly supportedVersions: Uint16Array;

  constructor(question: Extract<Question, { readonly kind: 'clientHello' }>) {
    this.#bodies = new Map(question.extensions.map((extension) => [uint16(extension, 0), extension.subarray(2)]));
    this.cipherSuites = numbers(question.cipherSuites[0] ?? nothing);
    this.groups = numbers(vector(this.#body(ExtensionType.supportedGroups), 2));
    this.signatureSchemes = numbers(vector(this.#body(ExtensionType.signatureAlgorithms), 2));
    const versions = numbers(vector(this.#body(ExtensionType.supportedVersions), 1));
    this.supportedVersions = versions.length > 0 ? versions : Uint16Array.of(0x0303);
  }

  /**
   * The distinguished names (DER) of the authorities that the client trusts.
   * @throws TlsError `ERR_TLS_LIMIT` when there are more than a hook is told
   */
  get certificateAuthorities(): readonly Uint8Array[] {
    const list = vector(this.#body(ExtensionType.certificateAuthorities), 2);
    checkDescribedEntries('certificate_authorities', count(list, 2));
    return [...vectors(list, 2)];
  }

  /** Tells whether the client asks for a stapled OCSP response (RFC 6066 §8). */
  get asksForStaple(): boolean {
    return this.#bodies.has(ExtensionType.statusRequest);
  }

  /**
   * Checks the name that the client asks for, also where no hook is told of it.
   * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on what is no host name
   */
  checkServerName(): void {
    serverName(this.#body(ExtensionType.serverName));
  }

  /**
   * Describes the ClientHello to hooks.
   * @throws TlsError `ERR_TLS_LIMIT` on a list of more entries than a hook is told
   */
  describe(): ClientHelloInfo {
    const protocols = vector(this.#body(ExtensionType.alpn), 2);
    checkDescribedEntries('application_layer_protocol_negotiation', count(protocols, 1));
    return Object.freeze({
      serverName: serverName(this.#body(ExtensionType.serverName)),
      alpnProtocols: Object.freeze(Array.from(vectors(protocols, 1), (name) => decodeAlpnProtocol(name))),
      cipherSuites: describedNumbers('cipher_suites', this.cipherSuites),
      groups: describedNumbers('supported_groups', this.groups),
      signatureSchemes: describedNumbers('signature_algorithms', this.signatureSchemes),
      supportedVersions: describedNumbers('supported_versions', this.supportedVersions),
      certificateAuthorities: Object.freeze(this.certificateAuthorities),
    });
  }

  #body(type: number): Uint8Array {
    return this.#bodies.get(type) ?? nothing;
  }
}

const nothing = new Uint8Array();

/**
 * Reads the one name of type host_name (RFC 6066 §3).
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on what is no host name
 */
function serverName(body: Uint8Array): string | undefined {
  const list = vector(body, 2);
  if (list.length < 3 || list[0] !== 0) return undefined;
  const name = vector(list.subarray(1), 2);
  return name.length === 0 ? undefined : readServerName(Buffer.from(name).toString('latin1'));
}

/** Reads numbers of two bytes, big-endian. */
export function numbers(bytes: Uint8Array): Uint16Array {
  const found = new Uint16Array(bytes.length >> 1);
  for (let index = 0; index < found.length; index += 1) found[index] = uint16(bytes, 2 * index);
  return found;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** Gives what a vector holds that has a length of so many bytes in front. It is nothing where the vector is cut off. */
function vector(bytes: Uint8Array, prefix: 1 | 2): Uint8Array {
  if (bytes.length < prefix) return nothing;
  const end = prefix + lengthAt(bytes, 0, prefix);
  return end <= bytes.length ? bytes.subarray(prefix, end) : nothing;
}

function lengthAt(bytes: Uint8Array, at: number, prefix: 1 | 2): number {
  return prefix === 1 ? (bytes[at] ?? 0) : uint16(bytes, at);
}

/** Counts the vectors before one that is empty or cut off. */
function count(bytes: Uint8Array, prefix: 1 | 2): number {
  let found = 0;
  for (let at = 0; at < bytes.length; found += 1) {
    const length = lengthAt(bytes, at, prefix);
    at += prefix + length;
    if (length === 0 || at > bytes.length) break;
  }
  return found;
}

/** Copies those vectors: a Buffer would compare and print otherwise. */
function* vectors(bytes: Uint8Array, prefix: 1 | 2): Generator<Uint8Array, void> {
  const total = count(bytes, prefix);
  for (let index = 0, at = 0; index < total; index += 1) {
    const from = at + prefix;
    at = from + lengthAt(bytes, at, prefix);
    yield new Uint8Array(bytes.subarray(from, at));
  }
}
