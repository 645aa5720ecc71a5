import type { ClientConfig, Identity, ProtocolVersion } from '@org/tls-core';
import { HandshakeType } from '@org/tls-pure/misbehaving';
import type { Play, Scene, Stage } from './attack.ts';
import { converse, Peer } from './converse.ts';
import { clientStage, hostileClient, hostileServer, serverStage } from './stages.ts';
import { handshakeMessage, join, vector16, vector24, vector8 } from './wire.ts';

/** Makes a server that asks its client for a certificate, and gets this list. */
export function serverThatAsks(scene: Scene, list: readonly Uint8Array[], identity?: Identity): Stage {
  const { client, rootPem } = scene.people;
  const shapeMessage = withList(scene.version, list);
  const attacker = hostileClient(scene, { shapeMessage }, { identity: identity ?? client });
  const attack: Play = (victim) => converse(victim, new Peer(attacker));
  return serverStage(scene, attack, { clientAuthentication: 'require', clientTrust: rootPem }, { identity: client });
}

/** Makes a client whose server shows this list. */
export function clientThatDials(
  scene: Scene,
  list: readonly Uint8Array[],
  identity?: Identity,
  client: ClientConfig = {},
): Stage {
  const shapeMessage = withList(scene.version, list);
  const attacker = hostileServer(scene, { shapeMessage }, identity === undefined ? {} : { identity });
  return clientStage(scene, (victim) => converse(victim, new Peer(attacker)), client);
}

/** Puts another list into Certificate messages. */
function withList(
  version: ProtocolVersion,
  list: readonly Uint8Array[],
): (message: Uint8Array) => readonly Uint8Array[] {
  const entries = list.map((der) => (version === 'TLSv1.3' ? join(vector24(der), vector16()) : vector24(der)));
  const body = version === 'TLSv1.3' ? join(vector8(), vector24(...entries)) : vector24(...entries);
  const replaced = handshakeMessage(HandshakeType.certificate, body);
  return (message) => [message[0] === HandshakeType.certificate ? replaced : message];
}
