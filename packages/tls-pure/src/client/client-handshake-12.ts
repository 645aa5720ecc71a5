import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import type { ServerHelloMessage } from './client-handshake.ts';
// eslint-disable-next-line require-yield
export function* clientHandshake12(
  _io: HandshakeIo,
  _settings: ClientSettings,
  _hello: ClientHelloState,
  _serverHello: ServerHelloMessage,
): Handshake<Established> {
  throw new Error('soon');
}
