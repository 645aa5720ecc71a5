import { KeptAnswer, type Dated } from './kept-answer.ts';

/** Bounds what is remembered. */
export interface KeptAnswersLimits<Answer extends Dated> {
  readonly clock: () => number;
  readonly maxEntries: number;
  readonly maxBytes: number;
  readonly lengthOf: (answer: Answer) => number;
}

/** Keeps the answers to many questions. Of more than there is room for, those that were asked for the longest time ago go. */
export class KeptAnswers<Answer extends Dated> {
  readonly #limits: KeptAnswersLimits<Answer>;
  /** The order of insertion is the order of the last use. */
  readonly #entries = new Map<string, KeptAnswer<Answer>>();

  constructor(limits: KeptAnswersLimits<Answer>) {
    this.#limits = limits;
  }

  /** @throws (rejects with) what `load` fails with, or has failed with a moment ago */
  async get(key: string, load: () => Promise<Answer>): Promise<Answer> {
    const entry = this.#entries.get(key) ?? this.#newEntry(load);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.get();
  }

  #newEntry(load: () => Promise<Answer>): KeptAnswer<Answer> {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= this.#limits.maxEntries) this.#entries.delete(oldest);
    return new KeptAnswer({
      clock: this.#limits.clock,
      load: async () => {
        const answer = await load();
        this.#makeRoomFor(answer);
        return answer;
      },
    });
  }

  #makeRoomFor(answer: Answer): void {
    const { maxBytes, lengthOf } = this.#limits;
    const lengthOfLast = ({ last }: KeptAnswer<Answer>): number => (last === undefined ? 0 : lengthOf(last));
    let bytes = lengthOf(answer);
    for (const entry of this.#entries.values()) bytes += lengthOfLast(entry);
    for (const [key, entry] of this.#entries) {
      if (bytes <= maxBytes) return;
      const length = lengthOfLast(entry);
      if (length > 0) this.#entries.delete(key);
      bytes -= length;
    }
  }
}
