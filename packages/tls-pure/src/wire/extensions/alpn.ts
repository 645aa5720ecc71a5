import { ByteStringList, decodeAll, decodeError, Writer } from '@org/tls-core/backend';
import { ExtensionType, type Extension } from '../extension.ts';

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
export function decodeAlpn(body: Uint8Array): ByteStringList {
  const what = 'application_layer_protocol_negotiation';
  return new ByteStringList(
    decodeAll(body, what, (reader) => reader.vector16(2)),
    1,
    1,
    what,
  );
}

/** The server's choice (RFC 7301 §3.1: exactly one). */
export function decodeAlpnChoice(body: Uint8Array): Uint8Array {
  const protocols = decodeAlpn(body);
  const [protocol] = protocols;
  if (protocol === undefined || protocols.size > 1)
    throw decodeError('application_layer_protocol_negotiation: expected exactly one protocol');
  return protocol;
}
