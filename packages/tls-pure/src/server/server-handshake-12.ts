import type { ClientHelloInfo } from '@org/tls-core';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import type { ServerSettings } from './server-settings.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';
export function* serverHandshake12(
  _io: HandshakeIo,
  _settings: ServerSettings,
  _hello: ClientHelloMessage,
  _info: ClientHelloInfo,
): Handshake<Established> {
  throw new Error('soon');
}
