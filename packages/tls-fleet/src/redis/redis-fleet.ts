import { TlsError, type ReplayGuard, type ServerSessionStore, type TicketKeys } from '@org/tls-core';
import { badValue, callback, integer, optionNames, ownOptions, wrongType } from '@org/tls-core/backend';
import { readSecrets } from '../fleet-secret.ts';
import { readRotation, type RotationOptions } from '../rotation.ts';
import { ExpiringStoreInRedis, type ExpiringStore } from './expiring-store.ts';
import { keyPart } from './key-part.ts';
import { Lookout } from '../link/lookout.ts';
import { RedisClock } from './redis-clock.ts';
import { checkSubscriber, listen, sendCommandOf, type RedisClient, type RedisSubscriber } from './redis-client.ts';
import { Link, unhurried } from '../link/link.ts';
import { RedisReplayGuard } from './redis-replay-guard.ts';
import { RedisSessionStore } from './redis-session-store.ts';
import { RedisTicketKeys } from './redis-ticket-keys.ts';
import { SealedValues } from './sealed-values.ts';
import { shareValue, type SharedValue, type SharedValueOptions } from './shared-value.ts';
import { Warnings } from '../link/warnings.ts';

export interface RedisFleetOptions extends RotationOptions {
  /** The program's own client, connected or connecting. It may be shared with all else that the program does. */
  readonly redis: RedisClient;
  /**
   * Holds at least 32 random bytes that all servers of the fleet share, or a list of up to 4 such secrets: the first seals, all open. With it
   * everything is sealed that Redis keeps. Whoever reads Redis but not the secret reads no session. It is required unless
   * `dangerous.unsealed` is true.
   */
  readonly secret?: Uint8Array | readonly Uint8Array[];
  /** Names the fleet in Redis: 1 to 64 letters, digits, `.`, `_` and `-`. Default: `tls-fleet`. */
  readonly name?: string;
  /** Says how many milliseconds a handshake waits for Redis, 10 to 900. Default: 100. */
  readonly deadline?: number;
  /** Says how many milliseconds lie between two looks for new keys, 100 to 60,000, at most a quarter of `rotationInterval`. Default: 5000,
   * or that quarter. */
  readonly pollInterval?: number;
  /**
   * A second connection of the program's, which hears of new keys at once. Without it they are found at the next look, which is soon enough:
   * no key seals before all servers have looked twice.
   */
  readonly subscriber?: RedisSubscriber;
  /**
   * Is told what is out of order, once for each time that it begins: no handshake fails for it. Default: `process.emitWarning`. What it
   * throws is the application's own uncaught exception.
   */
  readonly onWarning?: (warning: TlsError) => void;
  /** Holds the switch that weakens the fleet, so that whoever reads the configuration sees it. */
  readonly dangerous?: RedisFleetDangerous;
}

export interface RedisFleetDangerous {
  /** Keeps ticket keys and sessions in Redis as they are: whoever reads it reads the fleet's sessions, and whoever writes it chooses the keys. */
  readonly unsealed?: boolean;
}

/** What a fleet has at this moment, for a page of health or a metric. */
export interface RedisFleetStatus {
  /** Redis answers in time. */
  readonly answers: boolean;
  /** How many ticket keys there are; without one there are no tickets. */
  readonly ticketKeys: number;
  /** Early data can be taken, once Redis has remembered it for long enough. */
  readonly earlyData: boolean;
}

/** What servers share through Redis. */
export interface RedisFleet extends Disposable {
  /** Holds the options for each server's configuration: `{ identity, ...fleet.tls }`. */
  readonly tls: { readonly ticketKeys: TicketKeys; readonly replayGuard: ReplayGuard };
  /** The option `sessionStore`, for servers of tls-pure that keep their sessions in Redis, with `replayGuard` and without `ticketKeys`. */
  readonly sessionStore: ServerSessionStore;
  /** Keeps bytes by a key until their end, e.g. the OCSP responses of a stapler: its option `store`. */
  readonly store: ExpiringStore;
  readonly status: RedisFleetStatus;
  /** Makes one value that all servers have, e.g. an OCSP response. It ends with the fleet. */
  sharedValue(options: SharedValueOptions): SharedValue;
  /**
   * Has new keys seal as soon as all servers have them. The old ones go on opening. To be rid of what old keys open, give the fleet another
   * `name`, or all its servers another `secret`.
   * @throws (rejects with) TlsError `ERR_TLS_TIMEOUT` or `ERR_TLS_TRANSPORT` where Redis does not answer, `ERR_TLS_CONFIG` where this server
   *   knows none of the fleet's keys, as one with another secret
   */
  rotateTicketKeys(): Promise<void>;
  /** Looks for new keys now. It never fails: what goes wrong is told by `onWarning`. */
  check(): Promise<void>;
  /** Leaves the fleet: there are no tickets, sessions and early data any more. The client is left as it is. */
  close(): void;
}

const names = optionNames<RedisFleetOptions>({
  rotationInterval: true,
  sessionLifetimeSeconds: true,
  clock: true,
  redis: true,
  secret: true,
  name: true,
  deadline: true,
  pollInterval: true,
  subscriber: true,
  onWarning: true,
  dangerous: true,
});

const defaultPollInterval = 5000;

/**
 * Joins a fleet of servers that share their sessions through Redis or Valkey. Where Redis does not answer, it gives what it has: ticket keys
 * that it knows, no sessions and no early data. Nothing of it keeps the process alive.
 * @returns when it has looked for keys once, whatever came of that
 * @throws (rejects with) TypeError on an unknown option or one of the wrong type; TlsError `ERR_TLS_CONFIG` on a value out of range, and
 *   without a `secret`
 */
export async function redisFleet(options: RedisFleetOptions): Promise<RedisFleet> {
  const fleet = new FleetInRedis(readOptions(options));
  await fleet.begin();
  return fleet;
}

function readOptions(given: RedisFleetOptions) {
  const own = ownOptions(given, names, 'redisFleet');
  const send = sendCommandOf(own.redis);
  const rotation = readRotation(own);
  const quarter = Math.floor(rotation.interval / 4);
  const isUnsealed = own.dangerous !== undefined && readUnsealed(own.dangerous);
  if (own.secret === undefined && !isUnsealed)
    throw badValue(
      'secret',
      'expected a secret, since whoever reads redis would read sessions; `dangerous.unsealed` does without',
    );
  if (own.secret !== undefined && isUnsealed)
    throw badValue('dangerous', 'there is a `secret`, and `unsealed` does without');
  return {
    send,
    rotation,
    secrets: own.secret === undefined ? [] : readSecrets(own.secret, 'secret'),
    prefix: keyPart(own.name ?? 'tls-fleet', 'name'),
    deadline: integer(10, 900)(own.deadline ?? 100, 'deadline'),
    pollInterval: integer(100, Math.min(60_000, quarter))(
      own.pollInterval ?? Math.min(defaultPollInterval, quarter),
      'pollInterval',
    ),
    subscriber: own.subscriber === undefined ? undefined : checkSubscriber(own.subscriber),
    onWarning:
      own.onWarning === undefined ? undefined : (callback(own.onWarning, 'onWarning') as (warning: TlsError) => void),
  };
}

function readUnsealed(given: RedisFleetDangerous): boolean {
  const { unsealed = false } = ownOptions(given, ['unsealed'], 'dangerous');
  if (typeof unsealed !== 'boolean') throw wrongType('dangerous.unsealed', 'a boolean', unsealed);
  return unsealed;
}

class FleetInRedis implements RedisFleet {
  readonly tls: RedisFleet['tls'];
  readonly sessionStore: RedisSessionStore;
  readonly store: ExpiringStoreInRedis;
  readonly #options: ReturnType<typeof readOptions>;
  readonly #warnings: Warnings;
  readonly #link: Link;
  readonly #ticketKeys: RedisTicketKeys;
  readonly #replayGuard: RedisReplayGuard;
  readonly #lookout: Lookout;
  readonly #sharedValues = new Set<SharedValue>();
  #stopListening: () => void = () => undefined;

  constructor(options: ReturnType<typeof readOptions>) {
    const { rotation, pollInterval, prefix } = options;
    this.#options = options;
    this.#warnings = new Warnings(options.onWarning);
    const { now } = rotation;
    const warn = (warning: TlsError): void => this.#warnings.tell(warning);
    this.#lookout = new Lookout(
      () => this.#look(),
      () => pollInterval,
      warn,
    );
    const link = new Link({
      to: 'redis',
      send: options.send,
      deadline: options.deadline,
      probe: { command: ['EXISTS', this.#tagged], key: this.#tagged },
      onSilent: ({ message }) =>
        warn(
          new TlsError(
            'ERR_TLS_TRANSPORT',
            `there is no answer, so that there is no early data and no session of the store: ${message}`,
          ),
        ),
      onAnswer: () => this.#lookout.soon(),
    });
    this.#link = link;
    const common = { link, now, warn, prefix: this.#tagged };
    this.#ticketKeys = new RedisTicketKeys({
      ...common,
      clock: new RedisClock(),
      values: new SealedValues(options.secrets, 'ticket key'),
      rotation,
      settling: 2 * pollInterval + settlingMargin,
    });
    this.#replayGuard = new RedisReplayGuard(common);
    this.sessionStore = new RedisSessionStore({
      ...common,
      // each session has a place of its own in a cluster
      prefix,
      values: new SealedValues(options.secrets, 'session'),
    });
    this.store = new ExpiringStoreInRedis({ ...common, prefix, values: new SealedValues(options.secrets, 'stored') });
    this.tls = Object.freeze({ ticketKeys: this.#ticketKeys, replayGuard: this.#replayGuard });
  }

  get status(): RedisFleetStatus {
    return {
      answers: this.#link.answers,
      ticketKeys: this.#ticketKeys.current().length,
      earlyData: this.#link.answers && this.#replayGuard.isUsable,
    };
  }

  async begin(): Promise<void> {
    await this.#lookout.begin();
    const { subscriber } = this.#options;
    if (subscriber === undefined) return;
    const subscribed = listen(subscriber, this.#channel, () => this.#lookout.soon());
    subscribed.then(
      (stop) => {
        this.#stopListening = stop;
        if (this.#lookout.isClosed) stop();
      },
      () =>
        this.#warnings.tell(
          new TlsError('ERR_TLS_TRANSPORT', 'the subscriber does not hear of new keys; the looks go on'),
        ),
    );
  }

  sharedValue(options: SharedValueOptions): SharedValue {
    const { prefix, secrets, rotation } = this.#options;
    const value = shareValue(
      {
        link: this.#link,
        values: new SealedValues(secrets, 'value'),
        now: rotation.now,
        prefix,
        warn: (warning) => this.#warnings.tell(warning),
        onClose: (closed) => this.#sharedValues.delete(closed),
      },
      options,
    );
    this.#sharedValues.add(value);
    return value;
  }

  async rotateTicketKeys(): Promise<void> {
    await this.#ticketKeys.rotate();
    this.#tellOthers();
  }

  check(): Promise<void> {
    return this.#lookout.check();
  }

  close(): void {
    this.#lookout.close();
    this.#stopListening();
    const parts = [this.#ticketKeys, this.#replayGuard, this.sessionStore, this.store, ...this.#sharedValues];
    for (const part of parts) part.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #look(): Promise<void> {
    const looks = [this.#ticketKeys.look(), this.#replayGuard.look()] as const;
    const [keys, guard] = await Promise.allSettled(looks);
    if (keys.status === 'fulfilled' && keys.value) this.#tellOthers();
    for (const { reason } of [keys, guard].filter((each) => each.status === 'rejected')) this.#tellFailure(reason);
  }

  /** Where nobody answers, the link has told it. */
  #tellFailure(reason: unknown): void {
    if (this.#link.answers) this.#warnings.tell(reason as TlsError);
  }

  /** A message says no more than that there is something to look at. Whoever does not hear it looks later. */
  #tellOthers(): void {
    this.#link.ask(['PUBLISH', this.#channel, ''], undefined, unhurried).catch(() => undefined);
  }

  get #tagged(): string {
    return `{${this.#options.prefix}}`;
  }

  get #channel(): string {
    return `${this.#options.prefix}:ticket-keys`;
  }
}

/** Milliseconds for the looks themselves, beside the time between them. */
const settlingMargin = 1000;
