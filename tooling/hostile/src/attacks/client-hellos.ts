import type { Identity, ProtocolVersion, ServerConfig } from '@org/tls-core';
import { ExtensionType } from '@org/tls-pure/misbehaving';
import type { Attack, Scene } from '../attack.ts';
import { clientHelloRecords, extension, type ClientHelloParts } from '../client-hello.ts';
import { serverStage } from '../stages.ts';
import type { SubjectName } from '../subject.ts';
import { join, repeat, text, uint16, vector16, vector8 } from '../wire.ts';

type Parts = Omit<ClientHelloParts, 'version'>;

const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const only13: readonly ProtocolVersion[] = ['TLSv1.3'];

const manyAlpnNames: Parts = {
  extensions: [
    extension(
      ExtensionType.applicationLayerProtocolNegotiation,
      vector16(repeat(32_000, (index) => Uint8Array.of(1, 0x80 + (index % 64)))),
    ),
  ],
};
const manyAuthorities: Parts = {
  extensions: [
    extension(ExtensionType.certificateAuthorities, vector16(repeat(16_000, () => Uint8Array.of(0, 2, 0x30, 0)))),
  ],
};

/** Attacks with a ClientHello that is about as long as a message may be. The name says what fills its lists. */
export const clientHelloAttacks: readonly Attack[] = [
  hello('32,000 ALPN names', both, manyAlpnNames),
  hello('32,000 ALPN names, and a hook that is told', both, manyAlpnNames, withHook),
  hello('9,000 groups and as many key shares', only13, {
    extensions: [
      extension(ExtensionType.supportedGroups, vector16(repeat(9000, (index) => uint16(0x2000 + index)))),
      extension(
        ExtensionType.keyShare,
        vector16(repeat(9000, (index) => Uint8Array.of(...uint16(0x2000 + 8999 - index), 0, 1, 1))),
      ),
    ],
  }),
  hello('32,000 groups', both, {
    extensions: [extension(ExtensionType.supportedGroups, vector16(repeat(32_000, (index) => uint16(0x2000 + index))))],
  }),
  hello('32,000 signature schemes', both, {
    extensions: [extension(ExtensionType.signatureAlgorithms, vector16(repeat(32_000, () => uint16(0x0909))))],
  }),
  hello('32,000 cipher suites', both, { cipherSuites: repeat(32_000, (index) => uint16(0x2000 + (index % 0x1000))) }),
  hello(
    '32,000 cipher suites, and a hook that is told',
    both,
    { cipherSuites: repeat(32_000, () => uint16(0x2000)) },
    withHook,
  ),
  hello('15,000 extensions that nobody knows', both, {
    extensions: Array.from({ length: 15_000 }, (_, index) => extension(0x4000 + index)),
  }),
  hello('16,000 server names of one byte', both, {
    extensions: [extension(ExtensionType.serverName, vector16(repeat(16_000, () => Uint8Array.of(0, 0, 1, 0x61))))],
  }),
  hello('a server name of 60,000 bytes', both, {
    extensions: [
      extension(ExtensionType.serverName, vector16(Uint8Array.of(0), vector16(text('a.'.repeat(30_000).slice(0, -1))))),
    ],
  }),
  hello('16,000 certificate authorities', only13, manyAuthorities),
  hello('16,000 certificate authorities, and a hook that is told', only13, manyAuthorities, withHook),
  hello('1,500 identities of pre-shared keys', only13, preSharedKeys(1500, 4)),
  hello('250 tickets that nobody sealed', only13, preSharedKeys(250, 200)),
  hello(
    '1,500 identities, and 1,000 keys that are imported',
    only13,
    preSharedKeys(1500, 4),
    () => ({
      externalPsks: Array.from({ length: 1000 }, (_, index) => ({
        identity: text(`key ${index}`),
        key: new Uint8Array(32).fill(1 + (index % 250)),
        importer: { context: new Uint8Array(0) },
      })),
    }),
    ['pure (node)'],
  ),
  hello('a ticket of 60,000 bytes', ['TLSv1.2'], {
    extensions: [extension(ExtensionType.sessionTicket, new Uint8Array(60_000).fill(3))],
  }),
  hello('a cookie of 60,000 bytes', only13, {
    extensions: [extension(ExtensionType.cookie, vector16(new Uint8Array(60_000)))],
  }),
  hello('60,000 bytes of padding', both, { extensions: [extension(ExtensionType.padding, new Uint8Array(60_000))] }),
];

/** Makes pre_shared_key, which is the last extension; its binders are of keys that nobody has. */
function preSharedKeys(count: number, length: number): Parts {
  const identities = repeat(count, (index) => join(vector16(new Uint8Array(length).fill(index)), new Uint8Array(4)));
  const binders = repeat(count, () => vector8(new Uint8Array(32)));
  return { extensions: [extension(ExtensionType.preSharedKey, vector16(identities), vector16(binders))] };
}

function withHook({ people }: Scene): Partial<ServerConfig> {
  return { selectIdentity: (): Identity => people.server };
}

function hello(
  name: string,
  versions: readonly ProtocolVersion[],
  parts: Parts,
  config: (scene: Scene) => Partial<ServerConfig> = () => ({}),
  subjects: readonly SubjectName[] = ['pure (node)', 'native'],
): Attack {
  return {
    name: `ClientHello: ${name}`,
    on: 'server',
    versions,
    subjects,
    stage(scene) {
      const bytes = clientHelloRecords({ version: scene.version, ...parts });
      return serverStage(scene, (victim) => void victim.receive(bytes), { alpnProtocols: ['h2'], ...config(scene) });
    },
  };
}
