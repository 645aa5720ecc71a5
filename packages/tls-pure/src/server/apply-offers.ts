import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { having, standingIn12, standingIn13 } from '../wire/known-extensions.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';
import type { ServerSettings } from './server-settings.ts';

const effective = {
  'TLSv1.2': having(standingIn12('ClientHello'), 'applyOffer'),
  'TLSv1.3': having(standingIn13('ClientHello'), 'applyOffer'),
} as const;

/** Does what the client's offers change at once for the connection. */
export function applyOffers(
  io: HandshakeIo,
  settings: ServerSettings,
  hello: ClientHelloMessage,
  protocol: 'TLSv1.2' | 'TLSv1.3',
): void {
  const by = { settings, connection: io, protocol };
  for (const extension of effective[protocol]) {
    const offered = hello.value(extension);
    if (offered !== undefined) extension.applyOffer(offered, by);
  }
}
