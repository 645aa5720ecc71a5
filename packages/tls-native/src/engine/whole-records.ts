import { HandshakeRecords, HeldInput } from '@org/tls-core/backend';

/** The types of records (RFC 8446 §5.1): from change_cipher_spec to application_data. */
const contentType = { first: 20, handshake: 22, applicationData: 23 } as const;
const majorVersion = 3;
/** All in bytes (RFC 8446 §5.1, §5.2). */
const headerLength = 5;
const maxPlaintext = 2 ** 14;
const maxCiphertext = maxPlaintext + 256;

/**
 * Gathers a peer's records while the handshake lasts. A call of the library costs the same for one byte as for a whole record, and how many
 * bytes come at once is the peer's choice. It holds less than one record, and nothing that is no record: the library says what that is.
 */
export class WholeRecords {
  readonly #held = new HeldInput();
  readonly #handshakeRecords = new HandshakeRecords();
  #heldLength = 0;
  /** How many bytes are held when something can be done with them. */
  #wanted = 0;

  /**
   * @returns what the library can use; `undefined`: nothing yet
   * @throws TlsError `ERR_TLS_LIMIT` on more records of handshake messages than one handshake may have
   */
  take(input: Uint8Array): Uint8Array | undefined {
    if (this.#heldLength === 0) return this.#split(input);
    this.#hold(input);
    return this.#heldLength < this.#wanted ? undefined : this.#split(this.#taken(input));
  }

  /** @returns the same without holding anything back */
  takeAll(input: Uint8Array): Uint8Array {
    if (this.#heldLength === 0) return input;
    this.#hold(input);
    return this.#taken(input);
  }

  clear(): void {
    this.#held.clear();
    this.#heldLength = 0;
    this.#handshakeRecords.clear();
  }

  #split(input: Uint8Array): Uint8Array | undefined {
    let end = 0;
    while (input.length - end >= headerLength) {
      const length = recordLength(input, end);
      if (length === undefined) return input;
      if (end + length > input.length) break;
      if (input[end] === contentType.handshake) this.#handshakeRecords.note();
      end += length;
    }
    if (end === input.length) return input;
    const rest = input.subarray(end);
    this.#wanted = rest.length < headerLength ? headerLength : (recordLength(rest, 0) ?? 0);
    this.#hold(rest);
    return end === 0 ? undefined : input.subarray(0, end);
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldLength += bytes.length;
  }

  #taken(otherwise: Uint8Array): Uint8Array {
    const all = this.#held.take() ?? otherwise;
    this.#heldLength = 0;
    return all;
  }
}

/** @returns the length of a record with its header; `undefined`: it is none, or longer than any may be */
function recordLength(bytes: Uint8Array, at: number): number | undefined {
  // a peer may send ten thousand records in one flight, so that no view is made of each
  const type = bytes[at] ?? 0;
  const length = (bytes[at + 3] ?? 0) * 256 + (bytes[at + 4] ?? 0);
  if (type < contentType.first || type > contentType.applicationData || bytes[at + 1] !== majorVersion)
    return undefined;
  if (length > (type === contentType.applicationData ? maxCiphertext : maxPlaintext)) return undefined;
  return headerLength + length;
}
