import { readServerName, asciiBytes, decodeAll, isIpAddress, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';

/** The host that a client means (RFC 6066 §3). */
export const serverName = {
  type: ExtensionType.serverName,
  name: 'server_name',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'EncryptedExtensions'],

  /** RFC 6066 §3: no IP addresses, and no trailing dot. */
  offer({ choices }: { readonly choices: { readonly options: { readonly serverName: string } } }) {
    const host = choices.options.serverName;
    return isIpAddress(host) ? undefined : encodeServerName(host.replace(/\.$/, ''));
  },

  readOffer: decodeServerName,

  /** RFC 6066 §3: when a session is resumed, the name is not acknowledged. */
  answer(offered: string | undefined, { choices }: { readonly choices: { readonly resumesSession: boolean } }) {
    return offered === undefined || choices.resumesSession ? undefined : acknowledgement;
  },

  readAnswer: decodeAcknowledgement,
} as const satisfies ExtensionDefinition<string | undefined>;

/** The server's answer is empty (RFC 6066 §3). */
const acknowledgement: Extension = { type: ExtensionType.serverName, body: new Uint8Array(0) };

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 6066 §3) */
function decodeAcknowledgement(body: Uint8Array): true {
  return decodeAll(body, 'server_name', () => true);
}

const hostNameType = 0;
/** RFC 1035 §2.3.4. */
const maxHostNameLength = 255;

/** A client's list with one host name, in ASCII (RFC 6066 §3). */
export function encodeServerName(hostName: string): Extension {
  const name = asciiBytes(hostName);
  const body = new Writer(name.length + 5)
    .vector16((list) => list.uint8(hostNameType).vector16(() => list.bytes(name)))
    .finish();
  return { type: ExtensionType.serverName, body };
}

/**
 * @returns the host name in lower case; `undefined` for a literal address, which is passed over
 * @throws TlsError `ERR_TLS_DECODE` on a bad syntax, `ERR_TLS_ILLEGAL_PARAMETER` on what is no host name, or a second one (RFC 6066 §3)
 */
export function decodeServerName(body: Uint8Array): string | undefined {
  const list = decodeAll(body, 'server_name', (reader) => reader.vector16(1));
  // RFC 6066 §3: no two names of a type, and there are 256 types
  const hostName = decodeAll(list, 'server_name', (reader) => {
    let hostName: Uint8Array | undefined;
    for (let count = 0; reader.remaining > 0; count += 1) {
      const type = reader.uint8();
      if (count > 0xff || (type === hostNameType && hostName !== undefined))
        throw illegalParameter('server_name: more than one name of a type');
      if (type === hostNameType) hostName = reader.vector16(1);
      else reader.skip16(1);
    }
    return hostName;
  });
  if (hostName === undefined) return undefined;
  if (hostName.length > maxHostNameLength) throw illegalParameter('server_name: longer than a host name can be');
  return readServerName(String.fromCharCode(...hostName));
}
