/** What a cipher needs. */
export interface CipherInput {
  /** For RC2, its length says how strong the cipher is: 8 bits for each byte. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly encrypted: Uint8Array;
}
