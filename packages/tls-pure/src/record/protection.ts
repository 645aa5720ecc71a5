/** One direction's keys of one protocol version, with its sequence number. */
export interface Protection {
  /** True when the header does not tell the content type: all records then look like application data (RFC 8446 §5.2). */
  readonly hidesType: boolean;
  /** How many records this key has opened or sealed. */
  readonly sequence: number;
  /** Content type of the record that `open` opened last. */
  readonly openedType: number;
  /** True when `records` more would go over what the key may protect. */
  isNearLimit(records: number): boolean;
  /** Bytes of the record that `seal` makes of so much content, padding included. */
  sealedLength(contentLength: number): number;
  /**
   * Seals `content`, at most 2^14 bytes, into one record at `out[at…]`.
   * @param paddedLength of the content with its padding, at most 2^14; only where the type is hidden
   * @returns the offset behind the record
   */
  seal(type: number, content: Uint8Array, out: Uint8Array, at: number, paddedLength?: number): number;
  /**
   * Opens a record's fragment into `out[at…]`, which has room for it less its tag.
   * @returns the content's length; its type is then `openedType`
   * @throws TlsError `ERR_TLS_BAD_RECORD_MAC`; `ERR_TLS_RECORD_OVERFLOW` on a plaintext over 2^14
   */
  open(header: Uint8Array, fragment: Uint8Array, out: Uint8Array, at: number): number;
  /**
   * Bytes of plaintext in a fragment of so many, as `record_size_limit` counts them: in TLS 1.3 with the content type and padding
   * (RFC 8449 §4).
   */
  plaintextLength(fragmentLength: number): number;
  /** Takes back the sequence number of a record that could not be opened. */
  rewind(): void;
}
