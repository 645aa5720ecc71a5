import type { NamedGroup } from '@org/tls-crypto';
import type { Extension } from '../wire/extension.ts';
import { encodeServerKeyShare } from '../wire/extensions/key-share.ts';
import { encodeSelectedPsk } from '../wire/extensions/pre-shared-key.ts';
import { encodeSelectedVersion, WireVersion } from '../wire/extensions/supported-versions.ts';

/** What a server says in the ServerHello of TLS 1.3. */
export interface ServerHelloChoices13 {
  readonly group: NamedGroup;
  /** `KeyShareEntry.key_exchange` of the server, in the group. */
  readonly keyExchange: Uint8Array;
  /** The place of the chosen PSK among the client's; `undefined`: the server proves itself by its certificate. */
  readonly pskIndex: number | undefined;
}

/** The extensions of a ServerHello of TLS 1.3, in the order in which they are sent (RFC 8446 §4.1.3). */
export function serverHelloExtensions13({ group, keyExchange, pskIndex }: ServerHelloChoices13): readonly Extension[] {
  const extensions: Extension[] = [];
  if (pskIndex !== undefined) extensions.push(encodeSelectedPsk(pskIndex));
  extensions.push(encodeServerKeyShare({ group: group.id, keyExchange }), encodeSelectedVersion(WireVersion.tls13));
  return extensions;
}
