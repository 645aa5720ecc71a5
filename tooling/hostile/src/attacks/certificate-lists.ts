import type { ProtocolVersion } from '@org/tls-core';
import { createRoot } from '@org/pki';
import { HandshakeType } from '@org/tls-pure/misbehaving';
import type { Attack, Play, Scene, Stage } from '../attack.ts';
import { converse, Peer } from '../converse.ts';
import { clientStage, hostileClient, hostileServer, serverStage } from '../stages.ts';
import { handshakeMessage, join, vector16, vector24, vector8 } from '../wire.ts';

/** What stands in a hostile Certificate message, leaf first; the leaf is the peer's own, so that the handshake goes on. */
type CertificateList = (scene: Scene) => Promise<readonly Uint8Array[]> | readonly Uint8Array[];

export const certificateListAttacks: readonly Attack[] = [
  ...certificates('10,000 certificates of one byte', ({ people }) => [
    people.leaf.certificateDer,
    ...Array.from({ length: 10_000 }, () => Uint8Array.of(0x30)),
  ]),
  ...certificates('a mesh of 96 cross-signed certificates', () => mesh(6, 16)),
];

/** Layers of CA certificates that all have the name and the key of their layer. */
async function mesh(depth: number, width: number): Promise<readonly Uint8Array[]> {
  let issuer = await createRoot({ commonName: `layer ${depth}`, algorithm: 'ed25519' });
  const found: Uint8Array[] = [];
  for (let layer = depth - 1; layer >= 0; layer -= 1) {
    const commonName = `layer ${layer}`;
    const first = await issuer.issue({ commonName, isCa: true, algorithm: 'ed25519' });
    found.push(first.certificateDer);
    for (let index = 1; index < width; index += 1) {
      const next = await issuer.issue({ commonName, isCa: true, sameKeyAs: first });
      found.push(next.certificateDer);
    }
    issuer = first;
  }
  const leaf = await issuer.issue({ names: ['localhost'], algorithm: 'ed25519' });
  return [leaf.certificateDer, ...found];
}

function certificates(name: string, list: CertificateList): readonly Attack[] {
  const versions: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
  return [
    { name, on: 'server', versions, stage: async (scene) => serverThatAsks(scene, await list(scene)) },
    { name, on: 'client', versions, stage: async (scene) => clientThatDials(scene, await list(scene)) },
  ];
}

function serverThatAsks(scene: Scene, list: readonly Uint8Array[]): Stage {
  const { client: identity, rootPem } = scene.people;
  const attacker = hostileClient(scene, { shapeMessage: withList(scene.version, list) }, { identity });
  const attack: Play = (victim) => converse(victim, new Peer(attacker));
  return serverStage(scene, attack, { clientAuthentication: 'require', clientTrust: rootPem }, { identity });
}

function clientThatDials(scene: Scene, list: readonly Uint8Array[]): Stage {
  const attacker = hostileServer(scene, { shapeMessage: withList(scene.version, list) });
  return clientStage(scene, (victim) => converse(victim, new Peer(attacker)));
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
