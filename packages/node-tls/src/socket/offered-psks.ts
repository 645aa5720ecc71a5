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
 * `pskCallback` is asked for each by its identity.
 * @param flight the first bytes of a client
 * @returns the identities (RFC 8446 §4.2.11), none where there are none or these bytes are no ClientHello, which the engine then says;
 *   `undefined`: more bytes are needed
 */
export function offeredPsks(flight: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const message = firstMessage(flight);
    return message === undefined && flight.length < maxFlight ? undefined : identitiesOf(message ?? new Uint8Array());
  } catch (error) {
    if (!isTlsError(error)) throw error;
    return [];
  }
}

/** The body of the first handshake message, which may go over several records. */
function firstMessage(flight: Uint8Array): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  for (let at = 0; at + recordHeaderLength <= flight.length;) {
    const header = new Reader(flight.subarray(at, at + recordHeaderLength), 'record');
    if (header.uint8() !== contentTypeHandshake) return new Uint8Array();
    header.skip(2);
    const end = at + recordHeaderLength + header.uint16();
    parts.push(flight.subarray(at + recordHeaderLength, end));
    const whole = Buffer.concat(parts);
    if (whole.length >= messageHeaderLength) {
      const length = whole.readUIntBE(1, 3);
      const body = whole.subarray(messageHeaderLength, messageHeaderLength + length);
      if (body.length === length) return body;
    }
    at = end;
  }
  return undefined;
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
