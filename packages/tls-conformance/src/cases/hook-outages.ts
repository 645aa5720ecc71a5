import { expect } from '../expect.ts';
import { withFastClock } from '../fast-clock.ts';
import type { ClientConfig, Feature, ProtocolVersion, ServerConfig } from '@org/tls-core';
import { hookPatience } from '@org/tls-core/backend';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, expectInfo, only, Peers } from '../connections.ts';
import { identityOf, text, type MemoryPair } from '../memory-pair.ts';
import { deflateStored, inflateStored } from '../stored-zlib.ts';
import { turn } from '../turn.ts';

/** What a hook does while it is out of order. */
type Outage = () => never;

/** A hook without which the handshake can go on, and what the connection is like then. */
interface OutageCase {
  readonly name: string;
  readonly feature: Feature;
  readonly option: readonly [role: 'client' | 'server', name: string];
  /** Whether a session is offered or early data is sent. It is not accepted. */
  readonly needsSession?: boolean;
  /** The protocols with which the hook is asked. Default: all. */
  readonly protocols?: readonly ProtocolVersion[];
  /** Whether nobody waits for its answer or reads it, so that it can only fail by throwing or rejecting. */
  readonly isRunOnly?: boolean;
  configure(answer: <Value>(make: () => Value) => Value): {
    readonly client?: ClientConfig;
    readonly server?: Partial<ServerConfig>;
  };
}

const reason = new Error('the hook is down');
const key = { name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) };
const serverStates = () => new Map<string, Uint8Array>();

const hooks: readonly OutageCase[] = [
  {
    name: 'ocsp-response',
    feature: 'ocspStapling',
    option: ['server', 'identity'],
    configure: (answer) => ({
      server: { identity: { ...identityOf('ecdsa-p256'), ocspResponse: () => answer(() => undefined) } },
    }),
  },
  {
    name: 'compress',
    feature: 'certificateCompression',
    option: ['server', 'certificateCompressors'],
    protocols: ['TLSv1.3'],
    configure: (answer) => ({
      client: { certificateCompressors: [{ algorithm: 1, decompress: (compressed) => inflateStored(compressed) }] },
      server: {
        certificateCompressors: [{ algorithm: 1, compress: (certificate) => answer(() => deflateStored(certificate)) }],
      },
    }),
  },
  {
    name: 'server-store',
    feature: 'resumption',
    option: ['server', 'sessionStore'],
    needsSession: true,
    configure: (answer) => {
      const states = serverStates();
      return {
        server: {
          sessionStore: {
            put: (identifier, state) => void states.set(identifier.join(' '), state),
            take: (identifier) => answer(() => states.get(identifier.join(' '))),
          },
        },
      };
    },
  },
  {
    name: 'server-store-put',
    feature: 'resumption',
    option: ['server', 'sessionStore'],
    isRunOnly: true,
    configure: (answer) => ({
      server: { sessionStore: { put: () => answer(() => undefined), take: () => undefined } },
    }),
  },
  {
    name: 'client-store',
    feature: 'resumption',
    option: ['client', 'sessionStore'],
    configure: (answer) => ({
      client: { sessionStore: { put: () => undefined, take: () => answer(() => undefined) } },
    }),
  },
  {
    name: 'client-store-put',
    feature: 'resumption',
    option: ['client', 'sessionStore'],
    isRunOnly: true,
    configure: (answer) => ({
      client: { sessionStore: { put: () => answer(() => undefined), take: () => undefined } },
    }),
  },
  {
    name: 'ticket-keys',
    feature: 'resumption',
    option: ['server', 'ticketKeys'],
    configure: (answer) => ({ server: { ticketKeys: { current: () => answer(() => [key]) } } }),
  },
  {
    name: 'replay-guard',
    feature: 'earlyData',
    option: ['server', 'replayGuard'],
    needsSession: true,
    protocols: ['TLSv1.3'],
    configure: (answer) => ({
      server: { maxEarlyData: 1000, replayGuard: { firstUse: () => answer(() => true) } },
    }),
  },
];

const hangs: Outage = () => new Promise(() => undefined) as never;
const outages: readonly (readonly [name: string, what: string, outage: Outage])[] = [
  [
    'throws',
    'throws',
    () => {
      throw reason;
    },
  ],
  ['rejects', 'rejects', () => rejected() as never],
  ['gives-garbage', 'gives what it does not owe', () => 42 as never],
  ['gives-garbage-later', 'gives later what it does not owe', () => turn().then(() => 'forty-two') as never],
  ['hangs', 'never answers', hangs],
];

async function rejected(): Promise<void> {
  await turn();
  throw reason;
}

/** Stores, keys, guards and staples that are out of order: the handshake goes on without them, and its owner is told once. */
export const hookOutageCases: readonly ConformanceCase[] = hooks.flatMap((hook) => {
  const [role, option] = hook.option;
  const applies = (roles: Roles): boolean =>
    bothHave('asyncHooks')(roles) &&
    bothHave(hook.feature)(roles) &&
    roles[role].capabilities[role].options.includes(option) &&
    protocolsOf(roles, hook).length > 0;
  return outages
    .filter(([name]) => hook.isRunOnly !== true || name === 'throws' || name === 'rejects')
    .map(([name, what, outage]): ConformanceCase => ({
      id: `hook/${hook.name}-${name}`,
      title: `${hook.name} ${what}: the connection does without it, and its owner is warned once`,
      applies,
      run: async (roles) => {
        for (const protocol of protocolsOf(roles, hook)) await runOutage(roles, hook, protocol, outage);
      },
    }));
});

async function runOutage(roles: Roles, hook: OutageCase, protocol: ProtocolVersion, outage: Outage): Promise<void> {
  let isOut = false;
  const { client, server } = hook.configure((make) => (isOut ? outage() : make()));
  const peers = new Peers(roles, { client: { ...client, ...only(protocol) }, ...(server && { server }) });
  const session = hook.needsSession === true ? await peers.session() : undefined;
  isOut = true;
  const clientSends = text('sent early');
  const converse = async (): Promise<MemoryPair> => {
    const open = await peers.open({ clientSends, ...(session && { session, earlyData: true, takesEarlyData: true }) });
    await open.pumpUntil(() => open.serverSink.text === 'sent early');
    await open.pumpUntil(() => warnings(open, hook).length > 0);
    return open;
  };
  const pair = await (outage === hangs ? inNoTime(converse) : converse());
  expectInfo(pair, { earlyData: hook.name === 'replay-guard' ? 'rejected' : 'none' });
  expect(pair.serverSink.info?.resumed).toBe(hook.name === 'replay-guard');
  await expectData(pair);
  expect(warnings(pair, hook)).toMatchObject([{ code: 'ERR_TLS_HOOK' }]);
  if (outage === outages[0]?.[2] || outage === outages[1]?.[2]) expect(warnings(pair, hook)[0]?.cause).toBe(reason);
  expect([...pair.clientSink.warnings, ...pair.serverSink.warnings]).toHaveLength(1);
}

/** Runs `act` with a clock that is moved on all the time, so that no limit of time is waited for, and no timer is left. */
async function inNoTime<Result>(act: () => Promise<Result>): Promise<Result> {
  const { result, timersLeft } = await withFastClock(act, hookPatience);
  expect(timersLeft).toBe(0);
  return result;
}

function warnings({ clientSink, serverSink }: MemoryPair, { option: [role] }: OutageCase) {
  return role === 'client' ? clientSink.warnings : serverSink.warnings;
}

function protocolsOf(roles: Roles, { protocols = ['TLSv1.2', 'TLSv1.3'] }: OutageCase): readonly ProtocolVersion[] {
  return protocols.filter((protocol) => bothSpeak(protocol)(roles));
}
