import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll, decodeError } from '../reader.ts';
import { Writer } from '../writer.ts';

/** `application_layer_protocol_negotiation` (RFC 7301 §3.1); a server's holds exactly one. */
export function encodeAlpn(protocols: readonly Uint8Array[]): Extension {
  const body = new Writer()
    .vector16((list) => {
      for (const protocol of protocols) list.vector8(() => list.bytes(protocol));
    })
    .finish();
  return { type: ExtensionType.applicationLayerProtocolNegotiation, body };
}

/** The client's offer. */
export function decodeAlpn(body: Uint8Array): readonly Uint8Array[] {
  return decodeAll(body, 'application_layer_protocol_negotiation', (reader) =>
    reader.list16(2, (each) => each.vector8(1)),
  );
}

/** The server's choice (RFC 7301 §3.1: exactly one). */
export function decodeAlpnChoice(body: Uint8Array): Uint8Array {
  const [protocol, ...surplus] = decodeAlpn(body);
  if (protocol === undefined || surplus.length > 0)
    throw decodeError('application_layer_protocol_negotiation: expected exactly one protocol');
  return protocol;
}
