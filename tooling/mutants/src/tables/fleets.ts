import { mutantsOf, type Mutant } from '../mutant.ts';

const derived = 'packages/tls-fleet/test/derived-ticket-keys.test.ts';
const files = 'packages/tls-fleet/test/ticket-key-files.test.ts';
const guard = 'packages/tls-fleet/test/redis-replay-guard.test.ts';
const keys = 'packages/tls-fleet/test/redis-ticket-keys.test.ts';
const link = 'packages/tls-fleet/test/link.test.ts';
const sessions = 'packages/tls-fleet/test/redis-sessions.test.ts';
const workers = 'packages/tls-fleet/test/workers.test.ts';

/** Checks of what servers share: keys, sessions and early data (RFC 8446 §8, RFC 5077 §5.5). */
export const fleetMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-fleet/src/fleet-secret.ts', derived, [
    { id: 'secret-of-a-fleet-that-is-short', find: 'if (secret.length < shortest)', replace: 'if (false)' },
    {
      id: 'secret-of-a-fleet-that-was-wiped',
      find: 'if (secret.every((byte) => byte === secret[0]))',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-fleet/src/ticket-key-files.ts', files, [
    {
      id: 'ticket-key-file-of-any-length',
      find: 'if (!lengths.includes(bytes.length))',
      replace: 'if (false)',
    },
    { id: 'ticket-key-file-that-stands-twice', find: 'if (keys.has(name))', replace: 'if (false)' },
  ]),
  ...mutantsOf('packages/tls-fleet/src/redis/redis-fleet.ts', keys, [
    {
      id: 'fleet-without-a-secret',
      find: 'if (own.secret === undefined && !isUnsealed)',
      replace: 'if (false)',
      tests: 'options of a fleet',
    },
  ]),
  ...mutantsOf('packages/tls-fleet/src/redis/sealed-values.ts', keys, [
    {
      id: 'sealed-value-in-another-place',
      find: 'secret.derive(`${this.#use} ${place}`, keyLength)',
      replace: 'secret.derive(this.#use + place.slice(0, 0), keyLength)',
      tests: 'moved to another interval',
    },
  ]),
  ...mutantsOf('packages/tls-fleet/src/redis/redis-ticket-keys.ts', keys, [
    {
      id: 'ticket-key-that-seals-before-others-know-it',
      find: 'Math.ceil(now + settling)',
      replace: 'Math.ceil(now + 0 * settling)',
      tests: 'made anew before they were put back',
    },
  ]),
  ...mutantsOf('packages/tls-fleet/src/redis/redis-replay-guard.ts', guard, [
    {
      id: 'early-data-before-redis-has-remembered',
      find: 'if now - since < tonumber(ARGV[1]) then return -1 end',
      replace: '',
      tests: '§8.2',
    },
    {
      id: 'early-data-after-a-restart-from-a-snapshot',
      find: "'^' .. run .. ' (%d+)$'",
      replace: "'^%w+ (%d+)$'",
      tests: 'snapshot',
    },
    { id: 'early-data-that-is-taken-twice', find: "'', 'NX', 'PX'", replace: "'', 'PX'", tests: 'once by all' },
    {
      id: 'early-data-with-a-redis-that-evicts',
      find: "limit === '0' || policy === 'noeviction'",
      replace: "limit !== '' || policy !== ''",
      tests: 'make room',
    },
  ]),
  ...mutantsOf('packages/tls-fleet/src/redis/redis-session-store.ts', sessions, [
    {
      id: 'session-in-redis-that-is-taken-twice',
      find: "if state then redis.call('DEL', KEYS[1]) end",
      replace: '',
      tests: 'taken once',
    },
  ]),
  ...mutantsOf('packages/tls-fleet/src/link/link.ts', link, [
    {
      id: 'link-that-is-asked-without-end',
      find: 'if (this.#failures < mostFailures ||',
      replace: 'if (this.#failures < 100 * mostFailures ||',
    },
    { id: 'link-with-any-number-of-commands', find: 'if (this.#inFlight >= mostInFlight)', replace: 'if (false)' },
    {
      id: 'link-that-tells-what-redis-quotes',
      find: '`${this.#settings.to}: ${word}`',
      replace: '`${this.#settings.to}: ${word} ${String(message)}`',
    },
  ]),
  ...mutantsOf('packages/tls-fleet/src/workers/leader.ts', workers, [
    {
      id: 'guard-in-memory-for-keys-from-elsewhere',
      find: 'own.ticketKeys === undefined ? new MemoryReplayGuard(Date.now) : undefined',
      replace: 'new MemoryReplayGuard(Date.now)',
      tests: 'come from elsewhere',
    },
  ]),
];
