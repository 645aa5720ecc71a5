const checksumLength = 4;

/**
 * A session's state behind a checksum. Stores cut, convert and mix things up; a secret that one bit is wrong of would fail the handshake at
 * its binder or Finished, where nothing of the session can be taken back. It is no protection from anybody: who can change a session's
 * state can resume it.
 */
export function withChecksum(state: Uint8Array): Uint8Array {
  const whole = new Uint8Array(checksumLength + state.length);
  new DataView(whole.buffer).setUint32(0, fnv1a(state));
  whole.set(state, checksumLength);
  return whole;
}

/** @returns a copy of the state; `undefined`: it is not what `withChecksum` was given */
export function withoutChecksum(whole: Uint8Array): Uint8Array | undefined {
  if (whole.length < checksumLength) return undefined;
  const state = new Uint8Array(whole.subarray(checksumLength));
  const checksum = new DataView(whole.buffer, whole.byteOffset).getUint32(0);
  return checksum === fnv1a(state) ? state : undefined;
}

/** The 32-bit hash of Fowler, Noll and Vo: each step is a bijection of what came before, so that one changed byte is always seen. */
function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
