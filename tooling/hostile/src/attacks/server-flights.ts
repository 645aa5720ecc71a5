import type { ClientConfig, Identity, ProtocolVersion } from '@org/tls-core';
import { ExtensionType, HandshakeType, type ExtensionCarrier } from '@org/tls-pure/misbehaving';
import type { Attack, Scene } from '../attack.ts';
import { extension, type Extension } from '../client-hello.ts';
import { converse, Peer } from '../converse.ts';
import { clientStage, hostileServer } from '../stages.ts';
import { handshakeMessage, repeat, uint16, vector16, vector8 } from '../wire.ts';

const only13: readonly ProtocolVersion[] = ['TLSv1.3'];
const only12: readonly ProtocolVersion[] = ['TLSv1.2'];

const strangers = Array.from({ length: 15_000 }, (_, index) => extension(0x4000 + index));
const authorities = extension(
  ExtensionType.certificateAuthorities,
  vector16(repeat(16_000, () => Uint8Array.of(0, 2, 0x30, 0))),
);
const schemes = extension(
  ExtensionType.signatureAlgorithms,
  vector16(
    repeat(30_000, () => uint16(0x0909)),
    uint16(0x0403),
  ),
);

/** What a server sends besides its certificate. */
export const serverFlightAttacks: readonly Attack[] = [
  extensions('ServerHello: 15,000 extensions that nobody offered', 'ServerHello', () => strangers),
  extensions('EncryptedExtensions: 15,000 extensions that nobody offered', 'EncryptedExtensions', () => strangers),
  extensions(
    'HelloRetryRequest: a cookie of 60,000 bytes',
    'HelloRetryRequest',
    (list) => [...list, extension(ExtensionType.cookie, vector16(new Uint8Array(60_000)))],
    { groups: ['secp256r1', 'x25519'], keyShares: ['secp256r1'] },
  ),
  request('CertificateRequest: 16,000 certificate authorities', 'selects', (list) => [...list, authorities]),
  request('CertificateRequest: 16,000 certificate authorities, to match', 'matches', (list) => [...list, authorities]),
  request('CertificateRequest: 30,000 signature schemes', 'selects', (list) => [
    ...list.filter(({ type }) => type !== schemes.type),
    schemes,
  ]),
  {
    name: 'CertificateRequest: 16,000 certificate authorities',
    on: 'client',
    versions: only12,
    isReadByLibrary: true,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const names = repeat(16_000, () => Uint8Array.of(0, 2, 0x30, 0));
      const body = [vector8(Uint8Array.of(64)), vector16(uint16(0x0403)), vector16(names)];
      const message = handshakeMessage(HandshakeType.certificateRequest, Buffer.concat(body));
      const attacker = hostileServer(
        scene,
        { shapeMessage: (sent) => [sent[0] === HandshakeType.certificateRequest ? message : sent] },
        asking(scene),
      );
      return clientStage(scene, (victim) => converse(victim, new Peer(attacker)), selecting(scene), asking(scene));
    },
  },
];

type Edit = (list: readonly Extension[]) => readonly Extension[];

function extensions(name: string, carrier: ExtensionCarrier, edit: Edit, client: ClientConfig = {}): Attack {
  return {
    name,
    on: 'client',
    versions: only13,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const groups = client.groups === undefined ? {} : { groups: ['x25519'] };
      const attacker = hostileServer(scene, { shapeExtensions: editing(carrier, edit) }, groups);
      const offered = scene.subject === 'native' && client.groups !== undefined ? { groups: client.groups } : client;
      return clientStage(scene, (victim) => converse(victim, new Peer(attacker)), offered, groups);
    },
  };
}

function editing(wanted: ExtensionCarrier, edit: Edit) {
  return (carrier: ExtensionCarrier, list: readonly Extension[]): readonly Extension[] =>
    carrier === wanted ? edit(list) : list;
}

function request(name: string, how: 'selects' | 'matches', edit: Edit): Attack {
  return {
    name,
    on: 'client',
    isReadByLibrary: true,
    versions: only13,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const attacker = hostileServer(scene, { shapeExtensions: editing('CertificateRequest', edit) }, asking(scene));
      const client = how === 'selects' ? selecting(scene) : matching(scene);
      return clientStage(scene, (victim) => converse(victim, new Peer(attacker)), client, asking(scene));
    },
  };
}

function asking({ people }: Scene) {
  return { clientAuthentication: 'request', clientTrust: people.rootPem } as const;
}

function selecting({ people }: Scene): ClientConfig {
  return { selectIdentity: (): Identity => people.client };
}

/** Makes a client with ten identities that are used only where their issuer is asked for, and one that is always usable. */
function matching({ people }: Scene): ClientConfig {
  const picky = { ...people.client, mustMatchIssuer: true } as Identity;
  return { identity: [...Array.from({ length: 10 }, () => picky), people.client] };
}
