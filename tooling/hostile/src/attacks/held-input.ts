import { generateEchKey } from '@org/tls-pure/ech';
import type { Attack, Scene, Stage } from '../attack.ts';
import { clientHelloRecords, extension } from '../client-hello.ts';
import { converse, Peer } from '../converse.ts';
import { clientStage, hostileClient, hostileServer, serverStage } from '../stages.ts';
import { Victim } from '../victim.ts';
import { join, vector16 } from '../wire.ts';

const never = async (): Promise<never> => new Promise(() => undefined);
const both = ['TLSv1.2', 'TLSv1.3'] as const;
/** A chunk of 64 KiB. */
const chunk = new Uint8Array(2 ** 16);

/** What a peer can make us hold, and what Encrypted Client Hello can make us compute. */
export const heldInputAttacks: readonly Attack[] = [
  {
    name: '2 MiB while a hook is pending',
    on: 'server',
    versions: both,
    subjects: ['pure (node)', 'native'],
    stage: (scene) => paused(scene, (victim) => repeatedly(32, () => victim.receive(chunk))),
  },
  {
    name: '1,600 bytes, one by one, while a hook is pending',
    on: 'server',
    versions: both,
    subjects: ['pure (node)', 'native'],
    stage: (scene) => paused(scene, (victim) => victim.receiveEach(chunk.subarray(0, 1600))),
  },
  {
    name: '2 MiB while a hook is pending',
    on: 'client',
    versions: both,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const attacker = hostileServer(scene, {});
      const honest = clientStage(scene, () => undefined);
      const stage = clientStage(
        scene,
        (victim) => {
          const peer = new Peer(attacker);
          for (const bytes of victim.take()) peer.receive(bytes);
          for (const bytes of peer.outgoing.splice(0)) victim.receive(bytes);
          repeatedly(32, () => victim.receive(chunk));
        },
        { verifyPeer: never },
      );
      return { ...stage, honest: honest.honest, honestVictim: honest.victim };
    },
  },
  {
    name: '1 MiB of early data that nobody takes early',
    on: 'server',
    versions: ['TLSv1.3'],
    subjects: ['pure (node)', 'native'],
    stage: earlyData,
  },
  {
    name: 'Encrypted Client Hello: 60,000 bytes that neither of 2 keys of one id opens',
    on: 'server',
    versions: ['TLSv1.3'],
    subjects: ['pure (node)', 'pure (noble)'],
    stage(scene) {
      const echKeys = Array.from({ length: 2 }, () => generateEchKey({ publicName: 'public.test', configId: 7 }));
      const sealed = join(
        Uint8Array.of(0, 0, 1, 0, 1, 7),
        vector16(new Uint8Array(32).fill(9)),
        vector16(new Uint8Array(60_000)),
      );
      const bytes = clientHelloRecords({ version: scene.version, extensions: [extension(0xfe0d, sealed)] });
      return serverStage(scene, (victim) => settled(victim, bytes), { echKeys });
    },
  },
  {
    name: 'Encrypted Client Hello: an inner hello that takes 100 long extensions of the outer one',
    on: 'server',
    versions: ['TLSv1.3'],
    subjects: ['pure (node)', 'pure (noble)'],
    stage(scene) {
      const key = generateEchKey({ publicName: 'localhost' });
      const extra = Array.from({ length: 100 }, (_, index) => extension(0x4000 + index, new Uint8Array(550)));
      const context = hostileClient(
        scene,
        { shapeExtensions: (carrier, list) => (carrier === 'ClientHello' ? [...extra, ...list] : list) },
        {},
        { echConfigList: key.configList },
      );
      const attack = async (victim: Victim): Promise<void> => {
        const peer = new Peer(context);
        // HPKE works with Promises.
        while (peer.outgoing.length === 0) await new Promise((resolve) => setImmediate(resolve));
        await converse(victim, peer);
      };
      return serverStage(scene, attack, { echKeys: [key] });
    },
  },
];

/** A session of the victim allows early data. The victim's flight never reaches the client. */
async function earlyData(scene: Scene): Promise<Stage> {
  const stage = serverStage(scene, () => undefined, { maxEarlyData: 2 ** 32 - 1 });
  const first = new Peer(hostileClient(scene, {}));
  const victim = new Victim(stage.victim);
  await converse(victim, first);
  victim.engine.destroy();
  const session = first.sessions.at(-1);
  if (session === undefined) throw new Error('the server gave no session', { cause: first.failure });
  const attacker = hostileClient(scene, {}, {}, { session, earlyData: true });
  const attack = (victim: Victim): void => {
    const peer = new Peer(attacker);
    repeatedly(16, () => peer.engine.send(chunk));
    for (const bytes of peer.outgoing.splice(0)) victim.receive(bytes);
  };
  return { ...stage, attack };
}

/** Makes a server whose hook never answers. */
function paused(scene: Scene, more: (victim: Victim) => void) {
  const honest = serverStage(scene, () => undefined);
  const hello = clientHelloRecords({ version: scene.version });
  const stage = serverStage(
    scene,
    (victim) => {
      victim.receive(hello);
      more(victim);
    },
    { selectIdentity: never, identity: scene.people.server },
  );
  return { ...stage, honest: honest.honest, honestVictim: honest.victim };
}

function repeatedly(count: number, act: () => void): void {
  for (let index = 0; index < count; index += 1) act();
}

async function settled(victim: Victim, bytes: Uint8Array): Promise<void> {
  victim.receive(bytes);
  for (let turn = 0; turn < 100 && victim.engine.isInputHeld && victim.failure === undefined; turn += 1)
    await victim.turn();
}
