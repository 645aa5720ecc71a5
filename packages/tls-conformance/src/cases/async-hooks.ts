import type { ClientConfig, Feature, MaybePromise, ServerConfig, Signer, TlsSession } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectData, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { signBy } from '../fixture-keys.ts';
import { certificates, rootPem, type FixtureName } from '../fixtures.ts';
import { byteByByte, identityOf, text } from '../memory-pair.ts';
import { deflateStored, inflateStored } from '../stored-zlib.ts';
import { turn } from '../turn.ts';

/** Gives an answer at once or later, or refuses at once or later. It counts how often it was asked. */
interface Oracle {
  readonly calls: () => number;
  readonly answer: <Value>(make: () => MaybePromise<Value>) => MaybePromise<Value>;
}

/** A hook, and the configurations with which it is asked. */
interface HookCase {
  readonly name: string;
  readonly feature: Feature;
  /** The role, and the option of that role that is the hook. */
  readonly option: readonly [role: 'client' | 'server', name: string];
  /** The side that fails when the hook does; `undefined` where neither does (see `hook-outages.ts`). */
  readonly failing: 'client' | 'server' | undefined;
  /** Whether the hook is asked only when a session is resumed, and not in a first connection. */
  readonly isForResumption?: boolean;
  configure(oracle: Oracle): { readonly client?: ClientConfig; readonly server?: Partial<ServerConfig> };
}

const key = { name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(1) };
const clientIdentity = identityOf('wrongPurpose');
const require = { clientAuthentication: 'require', clientTrust: rootPem } as const;

const hooks: readonly HookCase[] = [
  {
    name: 'signer',
    feature: 'asyncHooks',
    option: ['server', 'identity'],
    failing: 'server',
    configure: ({ answer }) => ({
      server: {
        identity: {
          certificateChain: certificates['ecdsa-p256'].chainPem,
          signer: signerOf('ecdsa-p256', answer),
        },
      },
    }),
  },
  {
    name: 'client-signer',
    feature: 'clientAuthentication',
    option: ['client', 'identity'],
    failing: 'client',
    configure: ({ answer }) => ({
      client: {
        identity: {
          certificateChain: certificates.wrongPurpose.chainPem,
          signer: signerOf('wrongPurpose', answer),
        },
      },
      server: require,
    }),
  },
  {
    name: 'client-select-identity',
    feature: 'clientAuthentication',
    option: ['client', 'selectIdentity'],
    failing: 'client',
    configure: ({ answer }) => ({ client: { selectIdentity: () => answer(() => clientIdentity) }, server: require }),
  },
  {
    name: 'select-context',
    feature: 'asyncHooks',
    option: ['server', 'selectContext'],
    failing: 'server',
    configure: ({ answer }) => ({ server: { selectContext: () => answer(() => undefined) } }),
  },
  {
    name: 'ocsp-response',
    feature: 'ocspStapling',
    option: ['server', 'identity'],
    failing: undefined,
    configure: ({ answer }) => ({
      server: { identity: { ...identityOf('ecdsa-p256'), ocspResponse: () => answer(() => Uint8Array.of(48, 0)) } },
    }),
  },
  {
    name: 'compress',
    feature: 'certificateCompression',
    option: ['server', 'certificateCompressors'],
    failing: undefined,
    configure: ({ answer }) => ({
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
    failing: undefined,
    isForResumption: true,
    configure: ({ answer }) => {
      const states = new Map<string, Uint8Array>();
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
    failing: undefined,
    configure: ({ answer }) => ({
      server: { sessionStore: { put: () => answer(() => undefined), take: () => undefined } },
    }),
  },
  {
    name: 'client-store',
    feature: 'resumption',
    option: ['client', 'sessionStore'],
    failing: undefined,
    isForResumption: true,
    configure: ({ answer }) => {
      const sessions: TlsSession[] = [];
      return {
        client: {
          sessionStore: {
            put: (_, session) => void sessions.push(session),
            // The first connection finds no session, and does not ask the oracle.
            take: () => (sessions.length === 0 ? undefined : answer(() => sessions.shift())),
          },
        },
      };
    },
  },
  {
    name: 'ticket-keys',
    feature: 'resumption',
    option: ['server', 'ticketKeys'],
    failing: undefined,
    configure: ({ answer }) => ({ server: { ticketKeys: { current: () => answer(() => [key]) } } }),
  },
];

/** Cases of each hook that `hook/…` leaves out: it answers at once or later, throws or rejects. */
export const asyncHookCases: readonly ConformanceCase[] = hooks.flatMap((hook) => {
  const applies = (roles: Roles): boolean => {
    const [role, option] = hook.option;
    const isTls13Only = hook.feature === 'certificateCompression';
    return (
      bothHave('asyncHooks')(roles) &&
      bothHave(hook.feature)(roles) &&
      (!isTls13Only || bothSpeak('TLSv1.3')(roles)) &&
      roles[role].capabilities[role].options.includes(option)
    );
  };
  return (['at-once', 'later'] as const).flatMap((when): ConformanceCase[] => [
    {
      id: `hook/${hook.name}-${when}`,
      title: `${hook.name} answers ${when}, and what was sent meanwhile is not lost`,
      applies,
      run: async (roles) => {
        for (const wire of [undefined, byteByByte]) {
          for (const protocol of protocolsOf(roles, hook)) {
            const oracle = makeOracle(when, undefined);
            const peers = peersOf(roles, hook, oracle, protocol);
            const options = { clientSends: text('sent early'), ...(await resumed(peers, hook)) };
            const before = oracle.calls();
            const pair = await peers.open(options, wire);
            await pair.pumpUntil(() => pair.serverSink.text === 'sent early', wire);
            expect(oracle.calls()).toBeGreaterThan(before);
            if (hook.isForResumption === true) expect(pair.clientSink.info?.resumed).toBe(true);
            await expectData(pair);
          }
        }
      },
    },
    ...failures(hook, when, applies),
  ]);
});

function failures(hook: HookCase, when: 'at-once' | 'later', applies: NonNullable<ConformanceCase['applies']>) {
  const { failing } = hook;
  if (failing === undefined) return [];
  return [
    {
      id: `hook/${hook.name}-fails-${when}`,
      title: `${hook.name} fails ${when}: ERR_TLS_HOOK and internal_error, and its reason is the cause`,
      applies,
      run: async (roles: Roles) => {
        for (const protocol of protocolsOf(roles, hook)) {
          const reason = new Error('the hook is down');
          const oracle = makeOracle(when, reason);
          const peers = peersOf(roles, hook, oracle, protocol);
          const pair = await peers.run(await resumed(peers, hook));
          const sink = failing === 'client' ? pair.clientSink : pair.serverSink;
          await pair.pumpUntil(() => sink.failure !== undefined);
          expect(sink.failure).toMatchObject({ code: 'ERR_TLS_HOOK', alert: 80, direction: 'sent', cause: reason });
          expect(oracle.calls()).toBe(1);
        }
      },
    },
  ];
}

/** Gives a session to resume, of a server that keeps its own sessions. */
async function resumed(peers: Peers, hook: HookCase): Promise<{ readonly session?: TlsSession }> {
  if (hook.isForResumption !== true) return {};
  const session = await peers.session();
  return hook.option[0] === 'server' ? { session } : {};
}

function protocolsOf(roles: Roles, { feature }: HookCase) {
  const protocols = (['TLSv1.2', 'TLSv1.3'] as const).filter((protocol) => bothSpeak(protocol)(roles));
  return feature === 'certificateCompression' ? protocols.slice(-1) : protocols;
}

function peersOf(roles: Roles, hook: HookCase, oracle: Oracle, protocol: 'TLSv1.2' | 'TLSv1.3'): Peers {
  const { client, server } = hook.configure(oracle);
  return new Peers(roles, {
    client: { ...client, minVersion: protocol, maxVersion: protocol },
    ...(server === undefined ? {} : { server }),
  });
}

function makeOracle(when: 'at-once' | 'later', reason: Error | undefined): Oracle {
  let calls = 0;
  const answer = <Value>(make: () => MaybePromise<Value>): MaybePromise<Value> => {
    calls += 1;
    if (when === 'at-once') {
      if (reason !== undefined) throw reason;
      return make();
    }
    return turn().then(() => {
      if (reason !== undefined) throw reason;
      return make();
    });
  };
  return { answer, calls: () => calls };
}

function signerOf(certificate: FixtureName, answer: Oracle['answer']): Signer {
  return {
    signatureSchemes: ['ecdsa_secp256r1_sha256'],
    sign: (scheme, input) =>
      answer(() => {
        expect(scheme).toBe('ecdsa_secp256r1_sha256');
        return signBy(certificate, scheme, input);
      }),
  };
}
