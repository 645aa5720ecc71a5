import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { having, standingIn } from '../wire/known-extensions.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';
import type { ServerSettings } from './server-settings.ts';

const effective = {
  'TLSv1.2': having('applyOffer', standingIn('tls12', 'ClientHello')),
  'TLSv1.3': having('applyOffer', standingIn('tls13', 'ClientHello')),
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
