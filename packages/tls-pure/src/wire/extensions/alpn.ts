import { ByteStringList, decodeAll, decodeError, encodeAlpnProtocol, equalBytes, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';

/** The protocol that is spoken over the connection (RFC 7301). */
export const alpn = {
  type: ExtensionType.applicationLayerProtocolNegotiation,
  name: 'application_layer_protocol_negotiation',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'EncryptedExtensions'],

  offer({ settings, choices }: { readonly settings: AlpnSettings; readonly choices: AlpnChoices }) {
    const protocols = offeredProtocols(settings, choices.options);
    return protocols.length === 0 ? undefined : encodeAlpn(protocols);
  },

  readOffer: decodeAlpn,

  answer(
    _offered: ByteStringList,
    { choices }: { readonly choices: { readonly alpnProtocol: Uint8Array | undefined } },
  ) {
    return choices.alpnProtocol === undefined ? undefined : encodeAlpn([choices.alpnProtocol]);
  },

  /** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a protocol that was not offered (RFC 7301 §3.2) */
  readAnswer(body: Uint8Array, { settings, hello }: { readonly settings: AlpnSettings; readonly hello: AlpnChoices }) {
    const chosen = decodeAlpnChoice(body);
    if (offeredProtocols(settings, hello.options).some((protocol) => equalBytes(protocol, chosen))) return chosen;
    throw illegalParameter(
      'application_layer_protocol_negotiation: the server chose a protocol that was not offered (RFC 7301 §3.2)',
    );
  },
} as const satisfies ExtensionDefinition<ByteStringList>;

export interface AlpnSettings {
  readonly alpnProtocols: readonly Uint8Array[];
}

export interface AlpnChoices {
  readonly options: { readonly alpnProtocols?: readonly (string | Uint8Array)[] };
}

/** The connection's own protocols, else those of the configuration. */
export function offeredProtocols(settings: AlpnSettings, options: AlpnChoices['options']): readonly Uint8Array[] {
  return options.alpnProtocols?.map((protocol) => encodeAlpnProtocol(protocol)) ?? settings.alpnProtocols;
}

/** RFC 7301 §3.1; a server's list holds exactly one. */
function encodeAlpn(protocols: readonly Uint8Array[]): Extension {
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
function decodeAlpnChoice(body: Uint8Array): Uint8Array {
  const protocols = decodeAlpn(body);
  const [protocol] = protocols;
  if (protocol === undefined || protocols.size > 1)
    throw decodeError('application_layer_protocol_negotiation: expected exactly one protocol');
  return protocol;
}
