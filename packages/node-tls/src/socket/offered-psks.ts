import { isTlsError } from '@org/tls-core';
import { Reader } from '@org/tls-core/backend';

const contentTypeHandshake = 22;
const recordHeaderLength = 5;
const messageHeaderLength = 4;
const extensionPreSharedKey = 41;
/** No ClientHello is as long. */
const maxFlight = 2 ** 17;
const maxIdentities = 16;

/**
 * Finds the external pre-shared keys that a ClientHello offers, before an engine reads it: a backend is told its keys beforehand, and Node's
 * `pskCallback` is asked for each by its identity. A client chooses how it cuts its bytes into records and segments, and so each is looked at
 * once.
 */
export class ClientHelloPsks {
  #taken = 0;
  /** The header of the next record, as far as it is there. */
  #header: number[] = [];
  /** How much of a record is still to come. */
  #left = 0;
  /** The first handshake message, as far as it is there; it may go over several records. */
  readonly #parts: Uint8Array[] = [];
  #length = 0;
  /** The length of the message with its header, once that is there. */
  #wanted: number | undefined;

  /**
   * @param bytes what comes next; they are kept
   * @returns the identities (RFC 8446 §4.2.11), none where there are none or these bytes are no ClientHello, which the engine then says;
   *   `undefined`: more bytes are needed
   */
  take(bytes: Uint8Array): readonly Uint8Array[] | undefined {
    this.#taken += bytes.length;
    for (let at = 0; at < bytes.length;) {
      if (this.#left === 0) {
        if (!this.#takeHeader(bytes[at])) return [];
        at += 1;
        continue;
      }
      const part = bytes.subarray(at, at + this.#left);
      this.#parts.push(part);
      this.#length += part.length;
      this.#left -= part.length;
      at += part.length;
    }
    return this.#identities();
  }

  /** @returns false where the record has no handshake message */
  #takeHeader(octet = 0): boolean {
    if (this.#header.length === 0 && octet !== contentTypeHandshake) return false;
    this.#header.push(octet);
    if (this.#header.length < recordHeaderLength) return true;
    const [, , , high = 0, low = 0] = this.#header;
    this.#left = (high << 8) | low;
    this.#header = [];
    return true;
  }

  #identities(): readonly Uint8Array[] | undefined {
    if (this.#wanted === undefined && this.#length >= messageHeaderLength)
      this.#wanted = messageHeaderLength + Buffer.concat(this.#parts).readUIntBE(1, 3);
    const wanted = this.#wanted ?? maxFlight;
    if (this.#length < wanted) return this.#taken < maxFlight && wanted <= maxFlight ? undefined : [];
    try {
      return identitiesOf(Buffer.concat(this.#parts).subarray(messageHeaderLength, wanted));
    } catch (error) {
      if (!isTlsError(error)) throw error;
      return [];
    }
  }
}

function identitiesOf(clientHello: Uint8Array): readonly Uint8Array[] {
  const hello = new Reader(clientHello, 'ClientHello');
  hello.skip(2 + 32);
  hello.vector8();
  hello.vector16();
  hello.vector8();
  const extensions = new Reader(hello.vector16(), 'extensions');
  while (extensions.remaining > 0) {
    const type = extensions.uint16();
    const body = extensions.vector16();
    if (type === extensionPreSharedKey) return externalIdentities(new Reader(body, 'pre_shared_key'));
  }
  return [];
}

/** A ticket has an age, and an external key has none (RFC 8446 §4.2.11). */
function externalIdentities(offer: Reader): readonly Uint8Array[] {
  const offered = offer.list16(0, maxIdentities, (each) => ({ identity: each.vector16(), age: each.uint32() }));
  return offered.filter(({ age }) => age === 0).map(({ identity }) => identity);
}
