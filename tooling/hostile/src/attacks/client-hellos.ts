import type { ProtocolVersion } from '@org/tls-core';
import { ContentType, ExtensionType } from '@org/tls-pure/misbehaving';
import type { Attack } from '../attack.ts';
import { clientHello, clientHelloRecords, extension, type ClientHelloParts } from '../client-hello.ts';
import { serverStage } from '../stages.ts';
import { plainRecords, repeat, uint16, vector16, vector8 } from '../wire.ts';

/** A ClientHello is about as long as a message may be. */
export const clientHelloAttacks: readonly Attack[] = [
  hello('ClientHello of 32,000 ALPN names', () => ({
    extensions: [
      extension(
        ExtensionType.applicationLayerProtocolNegotiation,
        vector16(repeat(32_000, (index) => Uint8Array.of(1, 0x80 + (index % 64)))),
      ),
    ],
  })),
  hello(
    'ClientHello of 9,000 groups and as many key shares',
    () => ({
      extensions: [
        extension(ExtensionType.supportedGroups, vector16(repeat(9000, (index) => uint16(0x2000 + index)))),
        extension(
          ExtensionType.keyShare,
          vector16(repeat(9000, (index) => Uint8Array.of(...uint16(0x2000 + 8999 - index), 0, 1, 1))),
        ),
      ],
    }),
    ['TLSv1.3'],
  ),
  {
    name: 'ClientHello in 10,900 records of one byte',
    on: 'server',
    versions: ['TLSv1.2', 'TLSv1.3'],
    stage(scene) {
      const padding = extension(ExtensionType.padding, new Uint8Array(10_500));
      const message = clientHello({ version: scene.version, extensions: [padding] });
      const bytes = plainRecords(ContentType.handshake, message.subarray(0, 10_900), 1);
      return serverStage(scene, (victim) => void victim.receive(bytes));
    },
  },
];

function hello(
  name: string,
  parts: () => Omit<ClientHelloParts, 'version'>,
  versions: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'],
): Attack {
  return {
    name,
    on: 'server',
    versions,
    stage(scene) {
      const bytes = clientHelloRecords({ version: scene.version, ...parts() });
      return serverStage(scene, (victim) => void victim.receive(bytes), { alpnProtocols: ['h2'] });
    },
  };
}

void vector8;
