/** A list with a reserved value at its head (RFC 8701 §3.1), where the connection sends one. */
export function withGrease(reserved: number | undefined, numbers: readonly number[]): readonly number[] {
  return reserved === undefined ? numbers : [reserved, ...numbers];
}
