/** A ClientHello that no client of ours would send. What is not given is what an ordinary one of TLS 1.3 has. */
export interface RawClientHello {
  readonly legacyVersion?: number;
  readonly cipherSuites?: readonly number[];
  /** Put in place of those of the same type, or behind them; without a body it is left out. */
  readonly extensions?: readonly RawExtension[];
}

export interface RawExtension {
  readonly type: number;
  readonly body: Uint8Array | undefined;
}

/** The message in records of 2^14 bytes (RFC 8446 §4.1.2, §5.1). */
export function rawClientHello({ legacyVersion = 0x0303, cipherSuites, extensions = [] }: RawClientHello): Uint8Array {
  const changed = new Set(extensions.map(({ type }) => type));
  const all = [...ordinary.filter(({ type }) => !changed.has(type)), ...extensions];
  const body = [
    ...uint16(legacyVersion),
    ...new Uint8Array(32).fill(7), // random
    32,
    ...new Uint8Array(32).fill(8), // legacy_session_id
    ...vector16((cipherSuites ?? [0x1301, 0xc02b, 0xc02f]).flatMap(uint16)),
    1,
    0, // legacy_compression_methods
    ...vector16(all.flatMap(({ type, body: bytes }) => (bytes ? [...uint16(type), ...vector16([...bytes])] : []))),
  ];
  return inRecords(Uint8Array.from([1, body.length >> 16, ...uint16(body.length & 0xffff), ...body]));
}

/** `server_name` with host names (RFC 6066 §3), one byte for each character. */
export function rawServerName(...names: readonly string[]): RawExtension {
  const list = names.flatMap((name) => [0, ...vector16(Array.from(name, (letter) => letter.codePointAt(0) ?? 0))]);
  return { type: 0, body: Uint8Array.from(vector16(list)) };
}

/** `supported_versions` of a client (RFC 8446 §4.2.1). */
export function rawVersions(...versions: readonly number[]): RawExtension {
  return { type: 43, body: Uint8Array.from([versions.length * 2, ...versions.flatMap(uint16)]) };
}

/** An extension of a type without which there would be one (RFC 8446 §4.2). */
export function without(type: number): RawExtension {
  return { type, body: undefined };
}

const ordinary: readonly RawExtension[] = [
  { type: 10, body: Uint8Array.of(0, 4, 0, 29, 0, 23) }, // supported_groups
  { type: 13, body: Uint8Array.of(0, 6, 4, 3, 8, 4, 4, 1) }, // signature_algorithms
  { type: 23, body: new Uint8Array(0) }, // extended_master_secret
  { type: 0xff01, body: Uint8Array.of(0) }, // renegotiation_info
  { type: 43, body: Uint8Array.of(4, 3, 4, 3, 3) }, // supported_versions
  { type: 51, body: Uint8Array.of(0, 36, 0, 29, 0, 32, ...new Uint8Array(32).fill(9)) }, // key_share
];

function inRecords(message: Uint8Array): Uint8Array {
  const records: number[] = [];
  for (let at = 0; at < message.length; at += 2 ** 14)
    records.push(22, 3, 1, ...vector16([...message.subarray(at, at + 2 ** 14)]));
  return Uint8Array.from(records);
}

function vector16(bytes: readonly number[]): readonly number[] {
  return [...uint16(bytes.length), ...bytes];
}

function uint16(value: number): readonly number[] {
  return [value >> 8, value & 255];
}
