import type { ClientHelloInfo, ServerConfig } from '@org/tls-core';
import { maxDescribedEntries } from '@org/tls-core/backend';
import { ExtensionType } from '@org/tls-pure/misbehaving';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { identityFor, join, MemorySink } from '../memory-pair.ts';
import { rawClientHello, type RawExtension } from '../raw-client-hello.ts';
import { uint16s, vector } from '../vectors.ts';

const { applicationLayerProtocolNegotiation: alpn, supportedGroups, signatureAlgorithms, keyShare } = ExtensionType;

/** A ClientHello whose lists are far longer than any client's: they cost no more than their bytes, and hooks are not told about them. */
export const longListCases: readonly ConformanceCase[] = [
  {
    id: 'long-lists/protocols',
    title: 'RFC 7301 §3.2 32,000 protocol names that are no UTF-8 are searched for ours, and none of them is',
    applies: has('alpnProtocols'),
    run: async (roles) => {
      const sink = await answered(roles, { alpnProtocols: ['h2'] }, alpnOf(32_000));
      expect(sink.failure).toMatchObject({ code: 'ERR_TLS_NO_APPLICATION_PROTOCOL', alert: 120 });
    },
  },
  {
    id: 'long-lists/protocols-hook',
    title: 'a hook is told of as many protocol names as there may be, each as the text that it is',
    applies: has('selectIdentity'),
    run: async (roles) => {
      const told: ClientHelloInfo[] = [];
      const sink = await answered(roles, hookThatNotes(roles, told), alpnOf(maxDescribedEntries));
      expect(sink.failure).toBeUndefined();
      expect(told).toHaveLength(1);
      expect(told[0]?.alpnProtocols).toHaveLength(maxDescribedEntries);
      expect(told[0]?.alpnProtocols[1]).toBe('\u0081');
    },
  },
  ...(
    [
      ['protocols', alpnOf(maxDescribedEntries + 1)],
      ['authorities', authoritiesOf(maxDescribedEntries + 1)],
      ['groups', { type: supportedGroups, body: numbersOf(maxDescribedEntries + 1) }],
      ['signature schemes', { type: signatureAlgorithms, body: numbersOf(maxDescribedEntries + 1) }],
    ] as const
  ).map(([name, extension]): ConformanceCase => ({
    id: `long-lists/${name.replace(' ', '-')}-hook-limit`,
    title: `a hook is not told of more ${name} than there may be: unexpected_message, before it is called`,
    applies: has('selectIdentity'),
    run: async (roles) => {
      const told: ClientHelloInfo[] = [];
      const sink = await answered(roles, hookThatNotes(roles, told), extension);
      expect(sink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT', alert: 10 });
      expect(told).toEqual([]);
    },
  })),
  {
    id: 'long-lists/key-shares',
    title:
      'RFC 8446 §4.2.8 ten thousand key shares of as many groups are refused at once, before or after they are compared',
    run: async (roles) => {
      const groups = Array.from({ length: 9000 }, (_, index) => 0x2000 + index);
      const shares = groups.toReversed().map((group) => join([uint16s(group), Uint8Array.of(0, 1, 1)]));
      const sink = await answered(
        roles,
        {},
        { type: supportedGroups, body: vector(2, uint16s(...groups)) },
        { type: keyShare, body: vector(2, ...shares) },
      );
      expect(['ERR_TLS_LIMIT', 'ERR_TLS_NO_COMMON_PARAMETERS']).toContain(sink.failure?.code);
    },
  },
  {
    id: 'long-lists/authorities',
    title: 'RFC 8446 §4.2.4 fifteen thousand authorities are passed over, or refused with unexpected_message',
    run: async (roles) => {
      const { failure } = await answered(roles, {}, authoritiesOf(15_000));
      if (failure !== undefined) expect(failure).toMatchObject({ code: 'ERR_TLS_LIMIT', alert: 10 });
    },
  },
  {
    id: 'long-lists/extensions',
    title: 'RFC 8446 §4.2 ten thousand extensions that nobody knows are passed over',
    run: async (roles) => {
      const body = new Uint8Array(0);
      const unknown = Array.from({ length: 10_000 }, (_, index): RawExtension => ({ type: 0x4000 + index, body }));
      const sink = await answered(roles, {}, ...unknown);
      expect(sink.failure).toBeUndefined();
    },
  },
];

function has(option: string): (roles: Roles) => boolean {
  return ({ server }) => server.capabilities.server.options.includes(option);
}

function hookThatNotes(roles: Roles, told: ClientHelloInfo[]): Pick<ServerConfig, 'selectIdentity'> {
  return {
    selectIdentity: (hello) => {
      told.push(hello);
      return identityFor(roles);
    },
  };
}

/** Makes names of one byte above 0x7f, which is no UTF-8. */
function alpnOf(count: number): RawExtension {
  const names = new Uint8Array(2 * count);
  for (let index = 0; index < count; index += 1) names.set([1, 0x80 + (index % 64)], 2 * index);
  return { type: alpn, body: vector(2, names) };
}

/** Makes numbers of groups or schemes; everybody knows one of each kind among them. */
function numbersOf(count: number): Uint8Array {
  const unknown = Array.from({ length: count - 2 }, (_, index) => 0x2000 + index);
  return vector(2, uint16s(0x001d, 0x0403, ...unknown));
}

/** Makes empty distinguished names. */
function authoritiesOf(count: number): RawExtension {
  const name = vector(2, Uint8Array.of(0x30, 0));
  const names = Array.from({ length: count }, () => name);
  return { type: ExtensionType.certificateAuthorities, body: vector(2, ...names) };
}

/** Gives a server's answer to a ClientHello with these extensions, once it has answered or failed. */
async function answered(
  roles: Roles,
  config: Partial<ServerConfig>,
  ...extensions: readonly RawExtension[]
): Promise<MemorySink> {
  const context = roles.server.createServerContext(
    config.selectIdentity === undefined ? { identity: identityFor(roles), ...config } : config,
  );
  const sink = new MemorySink();
  const engine = context.createEngine(sink);
  engine.start();
  engine.receive(rawClientHello({ extensions }));
  while (sink.outgoing.length === 0 && sink.failure === undefined) await sink.activity();
  if (sink.failure === undefined) engine.destroy();
  return sink;
}
