/** Writes a number big-endian, as TLS has it (RFC 8446 §3.3). */
export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export function uint24(value: number): Uint8Array {
  return Uint8Array.of(value >>> 16, value >>> 8, value);
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Writes a vector behind its length of 8 bits; the others have lengths of 16 or 24. */
export function vector8(...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(...parts);
  return join(Uint8Array.of(content.length), content);
}

export function vector16(...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(...parts);
  return join(uint16(content.length), content);
}

export function vector24(...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(...parts);
  return join(uint24(content.length), content);
}

/** Joins as many items as fit; `make` gives the one with that index. */
export function repeat(count: number, make: (index: number) => Uint8Array): Uint8Array {
  return join(...Array.from({ length: count }, (_, index) => make(index)));
}

export function text(value: string): Uint8Array {
  return Uint8Array.from(Buffer.from(value, 'latin1'));
}

/** Writes a handshake message (RFC 8446 §4). */
export function handshakeMessage(type: number, body: Uint8Array): Uint8Array {
  return join(Uint8Array.of(type), vector24(body));
}

/** Writes one record without protection (RFC 8446 §5.1). */
export function plainRecord(type: number, content: Uint8Array): Uint8Array {
  return join(Uint8Array.of(type, 3, 3), vector16(content));
}

/** Writes content into unprotected records of at most so many bytes each. */
export function plainRecords(type: number, content: Uint8Array, most = 2 ** 14): Uint8Array {
  const count = Math.ceil(content.length / most);
  return repeat(count, (index) => plainRecord(type, content.subarray(index * most, (index + 1) * most)));
}
