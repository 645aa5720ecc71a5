import type { TicketKey, TicketKeys } from '@org/tls-core';
import { answerOf, concatBytes } from '@org/tls-core/backend';

/**
 * Gives the keys of a source in an order in which a new one opens everywhere before it seals anywhere: at the look that finds it, it opens,
 * and from the next look on it seals.
 */
export class SharedKeys {
  readonly #source: TicketKeys;
  #keys: readonly TicketKey[] = [];

  constructor(source: TicketKeys) {
    this.#source = source;
  }

  get current(): readonly TicketKey[] {
    return this.#keys;
  }

  /**
   * @returns whether the keys or their order are others than before
   * @throws (rejects with) what the source fails with; TlsError `ERR_TLS_HOOK` where it gives no keys
   */
  async look(): Promise<boolean> {
    const found = answerOf('ticketKeys.current', await this.#source.current());
    const before = this.#keys;
    const [sealing] = before;
    const [first] = found;
    const isNew = first !== undefined && !before.includes(first);
    const stays = isNew && sealing !== undefined && found.includes(sealing);
    this.#keys = stays ? [sealing, ...found.filter((each) => each !== sealing)] : found;
    return this.#keys.length !== before.length || this.#keys.some((key, index) => key !== before[index]);
  }

  /** The keys as a message has them. */
  encoded(): readonly string[] {
    return this.#keys.map(({ name, secret }) => Buffer.from(concatBytes([name, secret])).toString('base64url'));
  }
}
