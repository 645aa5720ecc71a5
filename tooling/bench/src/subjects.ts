import type { CryptoProvider } from '@org/tls-crypto';
import type { Endpoint, Scene } from './endpoint.ts';

/** An implementation that is measured. */
export interface Subject {
  readonly name: string;
  /** Says what it is, for the reader of a table. */
  readonly about: string;
  /** The subject that serves it, where it is a client alone. */
  readonly server?: string;
  /** What of a scene it cannot do otherwise. Its server does the same. */
  readonly scene?: Partial<Scene>;
  /** True: it takes ten times as long as the others, and receives no gigabytes. */
  readonly isSlow?: boolean;
  /** True: it is the baseline once more, whose ratio says how much the measuring itself can be trusted. */
  readonly isControl?: boolean;
  /** True: it is others' work, and measured in the usual cases only. */
  readonly isPeer?: boolean;
  /** The workloads that it is in; default: all. */
  readonly only?: readonly string[];
  /** Loads it and nothing else, so that memory and start are its own. Rejects where it is not there. */
  load(): Promise<Endpoint>;
}

/** The one that all others are divided by. */
export const baseline = 'node:tls';

/** The baseline once more, in processes of its own. */
export const control = 'node:tls again';

/** What no implementation of TLS can be faster than. It is no implementation itself, so that no chart has it. */
export const limit = 'plain TCP';

/** One row for each: a new one needs nothing else. */
export const subjects: readonly Subject[] = [
  {
    name: baseline,
    about: 'Node’s own, over its OpenSSL',
    load: async () => (await import('./endpoints/node-tls.ts')).nodeTls,
  },
  {
    name: control,
    about: 'node:tls once more',
    isControl: true,
    load: async () => (await import('./endpoints/node-tls.ts')).nodeTls,
  },
  {
    name: 'pure',
    about: 'tls-pure over node:crypto and our WebAssembly, the default',
    load: async () => pure((await import('@org/tls-crypto/node')).nodeCrypto),
  },
  {
    name: 'pure, native crypto',
    about: "tls-pure with `crypto: 'native'`",
    load: async () => pure((await import('@org/tls-native/crypto')).nativeCrypto),
  },
  {
    name: 'native',
    about: 'tls-native over the system’s OpenSSL',
    async load() {
      const [{ ours }, { createBackend }] = await Promise.all([
        import('./endpoints/ours.ts'),
        import('@org/tls-native'),
      ]);
      return ours(createBackend());
    },
  },
  {
    name: 'pure, noble',
    about: 'tls-pure over noble and our WebAssembly, as in browsers',
    isSlow: true,
    load: async () => pure((await import('@org/tls-crypto/noble')).nobleCrypto),
  },
  {
    name: limit,
    about: 'no TLS, with as many bytes in as many writes: what the sockets of node:net cost alone',
    only: ['handshakes', 'bulk', 'echo', 'idle'],
    load: async () => (await import('./endpoints/plain-tcp.ts')).plainTcp,
  },
  {
    name: 'lemon-tls',
    about: 'in JavaScript over node:crypto',
    isPeer: true,
    load: async () => (await import('./endpoints/lemon-tls.ts')).lemonTls,
  },
  {
    name: '@reclaimprotocol/tls',
    about: 'in TypeScript over WebCrypto; a client, whose server is node:tls’s',
    isPeer: true,
    server: baseline,
    load: async () => (await import('./endpoints/reclaim-tls.ts')).reclaimTls,
  },
  {
    name: 'subtls',
    about: 'in TypeScript over WebCrypto, with P-256 in place of X25519; a client, whose server is node:tls’s',
    isPeer: true,
    server: baseline,
    scene: { group: 'secp256r1' },
    load: async () => (await import('./endpoints/subtls.ts')).subtls,
  },
];

/** @throws RangeError on a name that the table does not have */
export function subjectNamed(name: string): Subject {
  const found = subjects.find((each) => each.name === name);
  if (found === undefined)
    throw new RangeError(`unknown subject ${name}, expected one of: ${subjects.map((each) => each.name).join('; ')}`);
  return found;
}

async function pure(crypto: CryptoProvider): Promise<Endpoint> {
  const [{ ours }, { createBackend }] = await Promise.all([import('./endpoints/ours.ts'), import('@org/tls-pure')]);
  return ours(createBackend({ crypto }));
}
