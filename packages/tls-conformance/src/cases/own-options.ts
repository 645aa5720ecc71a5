import type { ClientConfig, ClientEngineOptions, ProtocolVersion, ServerConfig, TlsEngine } from '@org/tls-core';
import { clientOptions, serverOptions } from '@org/tls-core/backend';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { certificates, rootPem } from '../fixtures.ts';
import { identityOf, MemorySink, text, type Contexts } from '../memory-pair.ts';
import { turn } from '../turn.ts';

/** The names within the values of options, besides the names of the options. */
const nestedNames =
  'acceptAnyCertificate acceptAnyClientCertificate newSession resumption certificateChain rawPublicKey privateKey signer ocspResponse ' +
  'mustMatchIssuer signedCertificateTimestamps certificateSha256 publicKeySha256 crls lists depth unknownStatus subject subjectPublicKeyInfo ' +
  'nameConstraints importer isRetryConfig algorithm sign compress decompress put take current firstUse createJudge';
const engineNames = ['serverName', 'session', 'earlyData', 'echConfigList'];
const answerNames = ['path', 'credential', 'signature', 'declines', 'ticketKeys', 'alert', 'secret', 'state'];
const names = [
  ...new Set([...clientOptions, ...serverOptions, ...nestedNames.split(' '), ...engineNames, ...answerNames]),
];

/** What attackers can write into, where a program lets them (CWE-1321). */
const everyPrototype: object = Object.prototype;

/** Runs with names in `Object.prototype`, and notes which of them are looked up there. */
function polluted<Result>(lookedUp: Set<string>, act: () => Result): Result {
  for (const name of names)
    Object.defineProperty(everyPrototype, name, {
      configurable: true,
      get: () => void lookedUp.add(name),
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  try {
    return act();
  } finally {
    for (const name of names) Reflect.deleteProperty(everyPrototype, name);
  }
}

interface Side {
  readonly engine: TlsEngine;
  readonly sink: MemorySink;
}

/** Gives what a connection reports; every call is made while the names stand there. */
async function openPolluted(
  { client, server }: Contexts,
  lookedUp: Set<string>,
  options: ClientEngineOptions,
): Promise<readonly [client: MemorySink, server: MemorySink]> {
  const sinks = [new MemorySink(), new MemorySink()] as const;
  const sides: readonly Side[] = polluted(lookedUp, () => [
    { engine: client.createEngine(options, sinks[0]), sink: sinks[0] },
    { engine: server.createEngine(sinks[1]), sink: sinks[1] },
  ]);
  polluted(lookedUp, () => {
    for (const { engine } of sides) {
      engine.start();
      engine.send(text('hello'));
    }
  });
  while (sinks.some((sink) => sink.failure === undefined && sink.text !== 'hello')) {
    polluted(lookedUp, () => sides.forEach(({ sink }, index) => carry(sink, sides[1 - index])));
    await turn();
  }
  for (const { failure } of sinks) expect(failure).toBeUndefined();
  for (const { engine } of sides) polluted(lookedUp, () => engine.close());
  return sinks;
}

function carry({ outgoing }: MemorySink, to: Side | undefined): void {
  for (const batch of outgoing.splice(0)) if (to?.sink.failure === undefined) to?.engine.receive(batch);
}

/** A pair of configurations that together use many of the options. */
interface Variant {
  readonly name: string;
  readonly title: string;
  applies(roles: Roles): boolean;
  configure(roles: Roles): { readonly client: ClientConfig; readonly server: ServerConfig };
}

const has = (roles: Roles, role: 'client' | 'server', option: string): boolean =>
  roles[role].capabilities[role].options.includes(option);

const variants: readonly Variant[] = [
  {
    name: 'certificates',
    title: 'with certificates of both sides',
    applies: bothHave('clientAuthentication'),
    configure: (roles) => {
      const identity = identityOf(roles.certificate ?? 'ecdsa-p256');
      return {
        client: { trust: rootPem, identity: [identityOf('wrongPurpose')], verifyPeer: () => undefined },
        server: {
          ...(has(roles, 'server', 'selectIdentity') ? { selectIdentity: () => identity } : { identity }),
          clientAuthentication: 'require',
          clientTrust: [rootPem],
        },
      };
    },
  },
  {
    name: 'plain',
    title: 'with a certificate of the server',
    applies: () => true,
    configure: (roles) => ({
      client: { trust: rootPem, keyLog: true },
      server: { identity: identityOf(roles.certificate ?? 'ecdsa-p256') },
    }),
  },
  {
    name: 'stores',
    title: 'with stores of sessions and keys',
    applies: bothHave('resumption'),
    configure: (roles) => ({
      client: {
        trust: rootPem,
        alpnProtocols: ['h2'],
        clock: () => Date.now(),
        ...(has(roles, 'client', 'sessionStore') && { sessionStore: { put: () => undefined, take: () => undefined } }),
      },
      server: {
        identity: identityOf(roles.certificate ?? 'ecdsa-p256'),
        alpnProtocols: ['h2'],
        ...(has(roles, 'server', 'ticketKeys') && { ticketKeys: { current: () => [key] } }),
        ...(has(roles, 'server', 'maxEarlyData') && { maxEarlyData: 1000 }),
      },
    }),
  },
  {
    name: 'external-psk',
    title: 'with an external key',
    applies: (roles) => bothHave('externalPsk')(roles) && bothSpeak('TLSv1.3')(roles),
    configure: () => ({
      client: { trust: rootPem, externalPsks: [psk] },
      server: { externalPsks: [psk] },
    }),
  },
];

const key = { name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) };
const psk = { identity: text('device'), key: new Uint8Array(32).fill(7) };

async function runPolluted(roles: Roles, variant: Variant, protocol: ProtocolVersion): Promise<void> {
  const lookedUp = new Set<string>();
  const { client, server } = variant.configure(roles);
  const clientConfig = { ...client, ...only(protocol) };
  const contexts = polluted(lookedUp, () => ({
    client: roles.client.createClientContext(clientConfig),
    server: roles.server.createServerContext(server),
  }));
  const options = { serverName: 'localhost' };
  const [first] = await openPolluted(contexts, lookedUp, options);
  const [session] = first.sessions;
  if (session !== undefined) {
    const earlyData = session.maxEarlyData > 0 && { earlyData: true };
    const [again] = await openPolluted(contexts, lookedUp, { ...options, session, ...earlyData });
    expect(again.info?.resumed).toBe(true);
  }
  expect([...lookedUp]).toEqual([]);
}

/** Options are read once, from what the caller gave and not from what its object inherits. */
export const ownOptionCases: readonly ConformanceCase[] = [
  ...variants.map((variant): ConformanceCase => ({
    id: `option/polluted-${variant.name}`,
    title: `nothing that stands in Object.prototype is looked up as an option or an answer of a connection ${variant.title}`,
    applies: (roles) => variant.applies(roles),
    run: async (roles) => {
      const protocols = variant.name === 'external-psk' ? (['TLSv1.3'] as const) : (['TLSv1.2', 'TLSv1.3'] as const);
      for (const protocol of protocols) if (bothSpeak(protocol)(roles)) await runPolluted(roles, variant, protocol);
    },
  })),
  {
    id: 'option/inherited',
    title: 'an option that is inherited is refused, whether a class or an object of defaults holds it',
    run: ({ client, server }) => {
      const identity = identityOf('ecdsa-p256');
      class Config {
        readonly trust = rootPem;
        verifyPeer(): void {
          throw new Error('not this one');
        }
      }
      const inherited: readonly object[] = [
        Object.create({ trust: rootPem }) as object,
        new Config(),
        { dangerous: Object.create({ acceptAnyCertificate: true }) as object },
        { identity: Object.create(identity) as object },
        { trust: Object.create({ subject: new Uint8Array(2), subjectPublicKeyInfo: new Uint8Array(2) }) as object },
      ];
      for (const config of inherited) expect(() => client.createClientContext(config)).toThrow(TypeError);
      for (const config of [Object.create({ identity }) as object, { identity: Object.create(identity) as object }])
        expect(() => server.createServerContext(config)).toThrow(TypeError);
    },
  },
  {
    id: 'option/read-once',
    title: 'a getter is read once, and what becomes of lists and bytes later changes nothing',
    run: async (roles) => {
      const { chainPem, privateKeyPem } = certificates[roles.certificate ?? 'ecdsa-p256'];
      const [certificateChain, trust] = [blocksOf(chainPem), blocksOf(rootPem)];
      const [privateKey] = blocksOf(privateKeyPem);
      const alpnProtocols = [text('h2')];
      let reads = 0;
      const client = {
        alpnProtocols,
        get trust() {
          reads += 1;
          return reads === 1 ? trust : 'mozilla';
        },
      };
      const contexts = {
        client: roles.client.createClientContext(client),
        server: roles.server.createServerContext({
          identity: { certificateChain, privateKey },
          alpnProtocols,
        } as ServerConfig),
      };
      for (const bytes of [...certificateChain, ...trust, privateKey, ...alpnProtocols]) bytes?.fill(0);
      for (const list of [certificateChain, trust, alpnProtocols]) list.length = 0;
      const pair = await new Peers(roles, {}, contexts).open();
      expect(pair.clientSink.info?.alpnProtocol).toBe('h2');
      expect(reads).toBe(1);
    },
  },
  {
    id: 'option/engine',
    title: 'an engine’s options are read likewise, and one that is unknown, inherited or of the wrong type is refused',
    run: ({ client }) => {
      const context = client.createClientContext({ trust: rootPem });
      const wrong: readonly object[] = [
        { serverName: 'localhost', servername: 'localhost' },
        Object.create({ serverName: 'localhost' }) as object,
        { serverName: 7 },
        { serverName: 'localhost', alpnProtocols: 'h2' },
        { serverName: 'localhost', session: { backend: client.name } },
        { serverName: 'localhost', earlyData: 1 },
        { serverName: 'localhost', echConfigList: 'AA==' },
      ];
      for (const options of wrong)
        expect(() => context.createEngine(options as ClientEngineOptions, new MemorySink())).toThrow(TypeError);
    },
  },
];

function blocksOf(pem: string): Uint8Array[] {
  return [...pem.matchAll(/-----BEGIN [^-]+-----([^-]+)-----END/g)].map(([, base64 = '']) =>
    Uint8Array.from(atob(base64.replaceAll('\n', '')), (character) => character.charCodeAt(0)),
  );
}
