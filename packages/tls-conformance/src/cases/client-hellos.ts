import { isTlsError, type ServerConfig } from '@org/tls-core';
import { maxHandshakeRecords } from '@org/tls-core/backend';
import { bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { only } from '../connections.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf, join, MemoryPair, MemorySink } from '../memory-pair.ts';
import {
  inRecords,
  rawClientHello,
  rawServerName,
  rawVersions,
  leftOut,
  type RawClientHello,
} from '../raw-client-hello.ts';
import { vector } from '../vectors.ts';

const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: 47, direction: 'sent' } as const;
const inappropriate = { code: 'ERR_TLS_INAPPROPRIATE_FALLBACK', alert: 86, direction: 'sent' } as const;
const tooOld = { code: 'ERR_TLS_PROTOCOL_VERSION', alert: 70, direction: 'sent' } as const;
const fallbackSignal = 0x5600;
const overLimit = { code: 'ERR_TLS_LIMIT', alert: 10, direction: 'sent' } as const;
const supportedVersions = 43;
const recordHeader = 5;
const messageHeader = 4;

/** Names that cannot be looked up in the DNS, and such as would be read as an address. */
const oddNames = [
  '../../etc/passwd',
  'a/b',
  '%00',
  '*',
  '*.example.test',
  '-',
  '-a.test',
  'a-.test',
  'x..y',
  '.x',
  'x.',
  'localhost.',
  '__proto__',
  '_x.test',
  'x y',
  'x\0',
  'localhost\0',
  'l\u00f6calhost',
  'a@b',
  '[::1]',
  '127.1',
  '1.2.3.4.5',
  '0x7f.0x1',
  'x:443',
  `${'a'.repeat(64)}.test`,
  `${'a.'.repeat(127)}a`,
  'a'.repeat(300),
];
const addresses = ['127.0.0.1', '::1', '2001:db8::1'];
const names = ['localhost', 'LocalHost', 'a-b.xn--bcher-kva.test', 'stack_web', '3com.test'];

/** What a server answers to ClientHellos that no client of ours sends. */
export const clientHelloCases: readonly ConformanceCase[] = [
  {
    id: 'server-name/odd',
    title: 'RFC 6066 §3 a server_name that is no host name aborts with illegal_parameter, and no hook is told of it',
    run: async (roles) => {
      for (const name of oddNames) {
        const { sink, told } = await toldOf(roles, name);
        expect(sink.failure, JSON.stringify(name)).toMatchObject(illegal);
        expect(told, JSON.stringify(name)).toEqual([]);
        const { failure } = await answer(roles, {}, { extensions: [rawServerName(name)] });
        expect(failure, JSON.stringify(name)).toMatchObject(illegal);
      }
    },
  },
  {
    id: 'server-name/two',
    title: 'RFC 6066 §3 two host names in server_name abort with illegal_parameter',
    run: async (roles) => {
      const { failure } = await answer(roles, {}, { extensions: [rawServerName('localhost', 'example.test')] });
      expect(failure).toMatchObject(illegal);
    },
  },
  {
    id: 'server-name/empty',
    title: 'RFC 6066 §3 an empty host name or an empty list aborts with decode_error',
    run: async (roles) => {
      for (const extension of [rawServerName(''), rawServerName()]) {
        const { failure } = await answer(roles, {}, { extensions: [extension] });
        expect(failure).toMatchObject({ code: 'ERR_TLS_DECODE', alert: 50, direction: 'sent' });
      }
    },
  },
  {
    id: 'server-name/address',
    title: 'RFC 6066 §3 a literal address in server_name is passed over, as if the client had named nobody',
    run: async (roles) => {
      for (const address of addresses) expect((await toldOf(roles, address)).told, address).toEqual([undefined]);
    },
  },
  {
    id: 'server-name/name',
    title: 'a hook is told the host name in lower case',
    run: async (roles) => {
      for (const name of names) expect((await toldOf(roles, name)).told).toEqual([name.toLowerCase()]);
    },
  },
  {
    id: 'server-name/sent',
    title: 'a client refuses a name that no certificate proves, before anything is sent',
    run: (roles) => {
      const context = roles.client.createClientContext({ trust: rootPem });
      for (const serverName of [...oddNames.filter((name) => name !== 'x.' && name !== 'localhost.'), '', 'x..']) {
        const sink = new MemorySink();
        expect(
          thrownBy(() => context.createEngine({ serverName }, sink)),
          serverName,
        ).toMatchObject({
          code: 'ERR_TLS_CONFIG',
          option: 'serverName',
        });
        expect(sink.calls).toEqual([]);
      }
    },
  },
  {
    id: 'server-name/trailing-dot',
    title: 'RFC 6066 §3 a client verifies a name with a trailing dot, and sends it without',
    run: async (roles) => {
      const pair = new MemoryPair(roles, { serverName: 'localhost.' });
      await pair.settle();
      expect(pair.clientSink.failure).toBeUndefined();
      expect(pair.serverSink.info?.serverName).toBe('localhost');
    },
  },
  {
    id: 'client-hello/length',
    title:
      'a ClientHello of 64 KiB is answered; a longer one, legal up to 131 KB, is ERR_TLS_LIMIT with unexpected_message',
    run: async (roles) => {
      const longest = await answer(roles, {}, padded(2 ** 16));
      expect(longest.failure).toBeUndefined();
      for (const length of [2 ** 16 + 1, 100_000, 129_000])
        expect((await answer(roles, {}, padded(length))).failure, `${length}`).toMatchObject(overLimit);
    },
  },
  {
    id: 'client-hello/records',
    title: '§5.1 a ClientHello in 8,192 records is answered, and one in more is ERR_TLS_LIMIT with unexpected_message',
    run: async (roles) => {
      expect((await answer(roles, {}, inRecordsOfOneByte(maxHandshakeRecords))).failure).toBeUndefined();
      expect((await answer(roles, {}, inRecordsOfOneByte(maxHandshakeRecords + 1))).failure).toMatchObject(overLimit);
    },
  },
  {
    id: 'client-hello/records-read-twice',
    title: '§5.1 the records of a ClientHello that a second context reads count once',
    applies: ({ server }) => server.capabilities.server.options.includes('selectContext'),
    run: async (roles) => {
      const chosen = roles.server.createServerContext({ identity: identityOf(roles.certificate ?? 'ecdsa-p256') });
      const hello = inRecordsOfOneByte(maxHandshakeRecords);
      expect((await answer(roles, { selectContext: () => chosen }, hello)).failure).toBeUndefined();
    },
  },
  {
    id: 'server-hello/records',
    title: '§5.1 a ServerHello in more than 8,192 records is ERR_TLS_LIMIT with unexpected_message',
    run: async (roles) => {
      const pair = new MemoryPair(roles);
      while (pair.clientSink.outgoing.length === 0) await pair.clientSink.activity();
      const message = join([Uint8Array.of(2), vector(3, new Uint8Array(2 * maxHandshakeRecords))]);
      pair.client.receive(inRecords(message.subarray(0, maxHandshakeRecords), 1));
      expect(pair.clientSink.failure).toBeUndefined();
      pair.client.receive(inRecords(message.subarray(0, 1), 1));
      expect(await pair.clientSink.untilFailed()).toMatchObject(overLimit);
    },
  },
  ...(['TLSv1.2', 'TLSv1.3'] as const).map((highest): ConformanceCase => ({
    id: `fallback/${highest}`,
    title: `RFC 7507 §3 a server whose highest is ${highest} judges TLS_FALLBACK_SCSV before the version`,
    applies: bothSpeak(highest),
    run: async (roles) => {
      const server = { maxVersion: highest };
      const cipherSuites = [0x1301, 0xc02b, 0xc02f, fallbackSignal];
      const old = { extensions: [leftOut(supportedVersions)], legacyVersion: 0x0302 };
      expect((await answer(roles, server, { ...old, cipherSuites })).failure).toMatchObject(inappropriate);
      expect((await answer(roles, server, old)).failure).toMatchObject(tooOld);
      // The reserved versions (RFC 8701) and those of DTLS do not count as higher versions.
      const strange = { cipherSuites, extensions: [rawVersions(0x5a5a, 0xfefc, 0x0302)] };
      expect((await answer(roles, server, strange)).failure).toMatchObject(inappropriate);
      const atHighest = highest === 'TLSv1.3' ? {} : { extensions: [leftOut(supportedVersions)] };
      expect((await answer(roles, server, { ...atHighest, cipherSuites })).failure).toBeUndefined();
    },
  })),
  {
    id: 'fallback/only-newest',
    title: 'RFC 7507 §3 a server of TLS 1.3 alone says inappropriate_fallback too',
    applies: bothSpeak('TLSv1.3'),
    run: async (roles) => {
      const hello = { cipherSuites: [0xc02b, fallbackSignal], extensions: [leftOut(supportedVersions)] };
      expect((await answer(roles, only('TLSv1.3'), hello)).failure).toMatchObject(inappropriate);
    },
  },
];

/** Makes a ClientHello of so many records. */
function inRecordsOfOneByte(records: number): RawClientHello {
  return { ...padded(records - messageHeader, 0), recordLength: 1 };
}

/**
 * Makes a ClientHello whose message has a body of so many bytes: it has unknown suites, and padding (RFC 7685) for the bytes that they leave
 * over.
 */
function padded(bodyLength: number, mostSuites = 32_000): RawClientHello {
  const filled = (length: number): RawClientHello => {
    const suites = Math.min(mostSuites, length >> 1);
    return {
      cipherSuites: [0x1301, ...Array.from({ length: suites }, () => 0xfefe)],
      extensions: [{ type: 21, body: new Uint8Array(length - 2 * suites) }],
    };
  };
  const own = rawClientHello(filled(0)).length - recordHeader - messageHeader;
  return filled(bodyLength - own);
}

/** Gives what a hook is told about a ClientHello with this name. */
async function toldOf(roles: Roles, name: string) {
  const told: (string | undefined)[] = [];
  const identity = identityOf(roles.certificate ?? 'ecdsa-p256');
  const selectIdentity: ServerConfig['selectIdentity'] = ({ serverName }) => {
    told.push(serverName);
    return identity;
  };
  const sink = await answer(roles, { identity: undefined, selectIdentity }, { extensions: [rawServerName(name)] });
  return { sink, told };
}

/** Gives the sink of a server that has answered a ClientHello, or failed. */
async function answer(roles: Roles, server: object, hello: RawClientHello): Promise<MemorySink> {
  const sink = new MemorySink();
  const identity = identityOf(roles.certificate ?? 'ecdsa-p256');
  const { identity: own = identity, ...rest } = server as Partial<ServerConfig>;
  const identities = 'identity' in server ? {} : { identity: own };
  const engine = roles.server.createServerContext({ ...identities, ...rest }).createEngine(sink);
  engine.start();
  engine.receive(rawClientHello(hello));
  while (sink.failure === undefined && join(sink.outgoing).length === 0) await sink.activity();
  if (sink.failure === undefined) engine.destroy();
  return sink;
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    if (isTlsError(error)) return error;
    throw error;
  }
  return undefined;
}
