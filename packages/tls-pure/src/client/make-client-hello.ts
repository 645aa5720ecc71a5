import { encodeAlpnProtocol, type ClientEngineOptions } from '@org/tls-core';
import type { NamedGroup } from '../crypto/named-groups.ts';
import type { KeyShare } from '../crypto/provider.ts';
import type { ClientSettings } from '../handshake/settings.ts';
import type { Extension } from '../wire/extension.ts';
import { encodeAlpn } from '../wire/extensions/alpn.ts';
import { encodeCookie } from '../wire/extensions/cookie.ts';
import { encodeClientKeyShares } from '../wire/extensions/key-share.ts';
import { encodeSignatureAlgorithms, encodeSupportedGroups } from '../wire/extensions/number-lists.ts';
import { encodeServerName } from '../wire/extensions/server-name.ts';
import { encodeSupportedVersions, WireVersion } from '../wire/extensions/supported-versions.ts';
import { encodeClientHello } from '../wire/messages/client-hello.ts';
import { isIpAddress } from '../x509/names.ts';

/** A ClientHello, and what the answer to it is checked against. */
export interface ClientHelloState extends ClientHelloChoices {
  readonly options: ClientEngineOptions;
  /** The whole message. */
  readonly message: Uint8Array;
  /** Types of the extensions it holds. */
  readonly offered: ReadonlySet<number>;
  readonly alpnProtocols: readonly Uint8Array[];
}

/** What differs between a first ClientHello and one after a HelloRetryRequest (RFC 8446 §4.1.2). */
interface ClientHelloChoices {
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly group: NamedGroup;
  readonly keyShare: KeyShare;
  readonly cookie: Uint8Array | undefined;
}

export function makeClientHello(
  settings: ClientSettings,
  options: ClientEngineOptions,
  choices: ClientHelloChoices,
): ClientHelloState {
  const alpnProtocols =
    options.alpnProtocols?.map((protocol) => encodeAlpnProtocol(protocol)) ?? settings.alpnProtocols;
  const { random, legacySessionId, group, keyShare, cookie } = choices;
  const planned: Extension[] = [];
  // RFC 6066 §3: no IP addresses, no trailing dot
  if (!isIpAddress(options.serverName)) planned.push(encodeServerName(options.serverName.replace(/\.$/, '')));
  planned.push(encodeSupportedGroups(settings.groups.map(({ id }) => id)));
  planned.push(encodeSignatureAlgorithms(settings.signatureSchemes.map(({ id }) => id)));
  if (alpnProtocols.length > 0) planned.push(encodeAlpn(alpnProtocols));
  planned.push(encodeSupportedVersions([WireVersion.tls13]));
  planned.push(encodeClientKeyShares([{ group: group.id, keyExchange: keyShare.publicKey }]));
  if (cookie !== undefined) planned.push(encodeCookie(cookie));

  const extensions = settings.overrides.shapeExtensions?.('ClientHello', planned) ?? planned;
  const cipherSuites = settings.cipherSuites.map(({ id }) => id);
  return {
    ...choices,
    options,
    message: encodeClientHello({ random, legacySessionId, cipherSuites, extensions }),
    offered: new Set(extensions.map(({ type }) => type)),
    alpnProtocols,
  };
}
