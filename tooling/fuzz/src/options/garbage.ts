import type { Random } from '../random.ts';

/** The error that an application's own getter or Proxy throws; it may come through unchanged. */
export class OwnError extends Error {
  override readonly name = 'OwnError';
}

/** Draws any value that JavaScript has, as the value of an option. */
export function garbage(random: Random, depth = 0): unknown {
  if (depth < 3 && random.oneIn(3)) return nested(random, depth);
  return random.pick(plain)(random);
}

const plain: readonly ((random: Random) => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => false,
  (random) => random.pick([0, -0, 1, -1, 64, 255, 65_536, 2 ** 31, 2 ** 53, 1.5, Number.NaN, Infinity, -Infinity]),
  (random) =>
    random.pick([
      '',
      'none',
      'request',
      'require',
      'TLSv1.2',
      'TLSv1.3',
      'x25519',
      'default',
      'system',
      '\0',
      '\ud800',
      '__proto__',
    ]),
  (random) => 'x'.repeat(random.pick([1, 255, 256, 70_000])),
  () => Symbol('garbage'),
  () => 5n,
  () => () => undefined,
  () => async () => Promise.resolve(undefined),
  () => () => {
    throw new OwnError('a function of the application');
  },
  () => new Date(0),
  () => /x/u,
  () => new Map([['a', 1]]),
  () => Promise.resolve(1),
  // A thenable is exactly what is wanted here.
  // oxlint-disable-next-line unicorn/no-thenable
  () => Object.fromEntries([['then', (resolve: (value: unknown) => void) => resolve(1)]]),
  () => new Proxy({}, throwing),
  () => new Proxy([], throwing),
  () => revoked(),
  (random) => random.bytes(random.pick([0, 1, 16, 32, 300])),
  (random) => Buffer.from(random.bytes(20)),
  () => new DataView(new ArrayBuffer(8)),
  () => new Uint16Array(4),
  () => new Uint8Array(new SharedArrayBuffer(32)),
  () => detached(),
  () => new ArrayBuffer(8),
  () => Object.create(null),
  () => Object.create({ identity: 1, dangerous: { acceptAnyCertificate: true } }),
  () => Array.from({ length: 20_000 }, () => 'x25519'),
  () => Array.from({ length: 5 }),
  () => cyclic(),
  () => globalThis,
];

/** The traps of a Proxy that throws whenever it is asked. */
const throwing: ProxyHandler<object> = {
  get: () => {
    throw new OwnError('a trap of the application');
  },
  ownKeys: () => {
    throw new OwnError('a trap of the application');
  },
};

function nested(random: Random, depth: number): unknown {
  const count = random.below(4);
  if (random.oneIn(2)) return Array.from({ length: count }, () => garbage(random, depth + 1));
  const keys = Array.from({ length: count }, () => random.pick(keyNames));
  return Object.fromEntries(keys.map((key) => [key, garbage(random, depth + 1)]));
}

/** Names that have a meaning in some option. */
const keyNames = [
  'certificateChain',
  'privateKey',
  'rawPublicKey',
  'signer',
  'signatureSchemes',
  'sign',
  'ocspResponse',
  'identity',
  'key',
  'hash',
  'importer',
  'context',
  'crls',
  'depth',
  'unknownStatus',
  'subject',
  'subjectPublicKeyInfo',
  'config',
  'isRetryConfig',
  'algorithm',
  'compress',
  'decompress',
  'put',
  'take',
  'current',
  'firstUse',
  'newSession',
  'resumption',
  'acceptAnyCertificate',
  'length',
  'constructor',
  '__proto__',
  'toString',
  'then',
] as const;

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(32);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function cyclic(): object {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
