/** How content becomes records. */
export interface RecordLayout {
  /** Bytes of content that go into one record, at most 2^14. */
  readonly maxFragmentLength: number;
  /**
   * Contents are padded to a multiple of so many bytes (RFC 8446 §5.4), as far as `maxFragmentLength` allows; 1: not at all. It counts only
   * where the type is hidden.
   */
  readonly padding: number;
}

/** One direction's keys of one protocol version, with its sequence number. */
export interface Protection {
  /** True when the header does not tell the content type: all records then look like application data (RFC 8446 §5.2). */
  readonly hidesType: boolean;
  /** How many records this key has sealed, or opened and taken. */
  readonly sequence: number;
  /** True when `records` more would go over what the key may protect. */
  isNearLimit(records: number): boolean;
  /** Bytes of the one record that `seal` makes of so much content. */
  sealedLength(contentLength: number, layout: RecordLayout): number;
  /**
   * Seals `content` at `out[at…]`, into as many records as it needs; content without a byte becomes one record.
   * @returns the offset behind the last
   */
  seal(type: number, content: Uint8Array, out: Uint8Array, at: number, layout: RecordLayout): number;
  /**
   * Opens the whole record at `bytes[at…]`, and those right behind it that are whole, look like application data and have room in `out`.
   * Nothing is judged or counted before `take`, which must be called for the first at least and before anything else is opened or sealed.
   * @param most records to open, at least 1
   * @param out where their contents go, from `outAt` on; it has room for the first one's fragment less its tag, and is other memory
   * @returns how many records there are to take
   * @throws TlsError what is wrong with the header of the first
   */
  open(bytes: Uint8Array, at: number, most: number, out: Uint8Array, outAt: number): number;
  /**
   * Judges the next record that was opened, and counts it, whatever becomes of it.
   * @param out where it was opened to
   * @returns the length of its content, which is at `takenAt`; its type is `takenType`
   * @throws TlsError `ERR_TLS_BAD_RECORD_MAC`; `ERR_TLS_RECORD_OVERFLOW` on a plaintext over 2^14
   */
  take(out: Uint8Array): number;
  /** Content type of the record that was taken last. */
  readonly takenType: number;
  /** Where its content begins in the output. */
  readonly takenAt: number;
  /**
   * Bytes of plaintext in a fragment of so many, as `record_size_limit` counts them: in TLS 1.3 with the content type and padding
   * (RFC 8449 §4).
   */
  plaintextLength(fragmentLength: number): number;
  /** Takes back the sequence number of a record that could not be opened. */
  rewind(): void;
}
