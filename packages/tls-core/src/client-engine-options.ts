import { encodeAlpnProtocol } from './alpn.ts';
import type { ClientEngineOptions } from './backend.ts';
import { checkServerName } from './server-name.ts';

/**
 * Checks what differs from one connection to the next. Every backend calls it when an engine is made, so that what cannot be is
 * refused before anything is dialled.
 * @throws TypeError on a value of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a name or protocol that cannot be verified or sent
 */
export function checkClientEngineOptions({ serverName, alpnProtocols = [] }: ClientEngineOptions): void {
  checkServerName(serverName);
  if (!Array.isArray(alpnProtocols)) throw notProtocols();
  for (const protocol of alpnProtocols as readonly unknown[]) {
    if (typeof protocol !== 'string' && !(protocol instanceof Uint8Array)) throw notProtocols();
    encodeAlpnProtocol(protocol);
  }
}

function notProtocols(): TypeError {
  return new TypeError('alpnProtocols: expected an array of strings or Uint8Array');
}
