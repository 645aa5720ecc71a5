/** The randoms of both hellos, which TLS 1.2's formulas take in either order. */
export interface HelloRandoms {
  /** `ClientHello.random`, 32 bytes. */
  readonly client: Uint8Array;
  /** `ServerHello.random`, 32 bytes. */
  readonly server: Uint8Array;
}
