import { ExtensionType } from '@org/tls-pure/misbehaving';
import { join } from './memory-pair.ts';
import { uint16s, vector } from './vectors.ts';

/** A ClientHello that no client of ours would send. What is not given here is as in an ordinary one of TLS 1.3. */
export interface RawClientHello {
  readonly legacyVersion?: number;
  readonly cipherSuites?: readonly number[];
  /** Extensions that replace those of the same type, or are put behind them; one without a body is left out. */
  readonly extensions?: readonly RawExtension[];
  /** Bytes of it that each record holds (RFC 8446 §5.1); default: 2^14, the most that may be. */
  readonly recordLength?: number;
}

export interface RawExtension {
  readonly type: number;
  readonly body: Uint8Array | undefined;
}

/** Gives the message in records (RFC 8446 §4.1.2, §5.1). */
export function rawClientHello(hello: RawClientHello): Uint8Array {
  const { legacyVersion = 0x0303, cipherSuites, extensions = [], recordLength = 2 ** 14 } = hello;
  const changed = new Set(extensions.map(({ type }) => type));
  const all = [...ordinary.filter(({ type }) => !changed.has(type)), ...extensions];
  const encoded = all.map(({ type, body }) =>
    body === undefined ? new Uint8Array(0) : join([uint16s(type), vector(2, body)]),
  );
  const body = join([
    uint16s(legacyVersion),
    new Uint8Array(32).fill(7), // random
    vector(1, new Uint8Array(32).fill(8)), // legacy_session_id
    vector(2, uint16s(...(cipherSuites ?? [0x1301, 0xc02b, 0xc02f]))),
    vector(1, Uint8Array.of(0)), // legacy_compression_methods
    vector(2, ...encoded),
  ]);
  return inRecords(join([Uint8Array.of(1), vector(3, body)]), recordLength);
}

/** Makes `server_name` with host names (RFC 6066 §3), with one byte for each character. */
export function rawServerName(...names: readonly string[]): RawExtension {
  const entries = names.map((name) => {
    const letters = Uint8Array.from(name, (letter) => letter.codePointAt(0) ?? 0);
    return join([Uint8Array.of(0), vector(2, letters)]);
  });
  return { type: ExtensionType.serverName, body: vector(2, ...entries) };
}

/** Makes `supported_versions` of a client (RFC 8446 §4.2.1). */
export function rawVersions(...versions: readonly number[]): RawExtension {
  return { type: ExtensionType.supportedVersions, body: vector(1, uint16s(...versions)) };
}

/** Removes an extension that the ClientHello would have otherwise (RFC 8446 §4.2). */
export function leftOut(type: number): RawExtension {
  return { type, body: undefined };
}

const ordinary: readonly RawExtension[] = [
  { type: ExtensionType.supportedGroups, body: vector(2, uint16s(0x001d, 0x0017)) },
  { type: ExtensionType.signatureAlgorithms, body: vector(2, uint16s(0x0403, 0x0804, 0x0401)) },
  { type: ExtensionType.extendedMasterSecret, body: new Uint8Array(0) },
  { type: ExtensionType.renegotiationInfo, body: vector(1) },
  rawVersions(0x0304, 0x0303),
  {
    type: ExtensionType.keyShare,
    body: vector(2, uint16s(0x001d), vector(2, new Uint8Array(32).fill(9))),
  },
];

/** Gives a handshake message in the clear, in records of so many bytes of it. */
export function inRecords(message: Uint8Array, recordLength: number): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += recordLength)
    records.push(Uint8Array.of(22, 3, 1), vector(2, message.subarray(at, at + recordLength)));
  return join(records);
}
