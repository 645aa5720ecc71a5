import {
  type Extension,
  type ExtensionCarrier,
  type HandshakeOverrides,
  ContentType,
  ExtensionType,
  HandshakeType,
} from '@org/tls-pure/misbehaving';
import type { Note } from '../fuzzer.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import type { Random } from '../random.ts';

/** The contents of records of one type. */
type RecordContent = Parameters<NonNullable<HandshakeOverrides['shapeContent']>>[0];

/** What can be damaged. */
const places = ['extensions', 'message', 'content', 'record', 'chunks'] as const;
type Place = (typeof places)[number];

/** How a peer misbehaves in one connection: at one to three moments, in places drawn by lot. */
export class Damage {
  readonly #random: Random;
  readonly #note: Note;
  /** For each place the moments, by number: the first, the second, … time that something passes there. */
  readonly #moments = new Map<Place, Set<number>>();
  readonly #passed = new Map<Place, number>();
  /** Messages and contents of this connection, which may be sent again. */
  readonly #seen: Uint8Array[] = [];
  readonly #seenContents: RecordContent[] = [];
  readonly #heldMessages: Uint8Array[] = [];
  readonly #heldRecords: Uint8Array[] = [];
  /** The application data in the order in which it was sealed. */
  readonly sealed: Uint8Array[] = [];

  /** Whether it changes nothing at all. */
  readonly isNone: boolean;

  constructor(random: Random, note: Note) {
    this.#random = random;
    this.#note = note;
    const total = random.pick([0, 1, 1, 1, 2, 2, 3]);
    this.isNone = total === 0;
    for (let count = total; count > 0; count -= 1) {
      const place = random.pick(places);
      const moments = this.#moments.get(place) ?? new Set();
      this.#moments.set(place, moments.add(random.below(latest[place])));
    }
  }

  extensions(carrier: ExtensionCarrier, list: readonly Extension[]): readonly Extension[] {
    if (!this.#strikes('extensions')) return list;
    const [what, changed] = this.#changeExtensions(list);
    this.#note(`${carrier}: ${what}`);
    return changed;
  }

  message(message: Uint8Array): readonly Uint8Array[] {
    this.#seen.push(message);
    const held = this.#heldMessages.splice(0);
    if (!this.#strikes('message')) return [message, ...held];
    const [what, changed] = this.#changeMessage(message);
    this.#note(`message ${message[0]} of ${message.length} bytes: ${what}`);
    return [...changed, ...held];
  }

  content(content: RecordContent): readonly RecordContent[] {
    this.#seenContents.push(content);
    const [what, changed] = this.#strikes('content') ? this.#changeContent(content) : ['', [content]];
    if (what !== '') this.#note(`content ${content.type} of ${content.content.length} bytes: ${what}`);
    for (const { type, content: bytes } of changed) if (type === ContentType.applicationData) this.sealed.push(bytes);
    return changed;
  }

  /** Changes a batch. @param batch what an engine sent at once */
  wire(batch: Uint8Array): readonly Uint8Array[] {
    const records = cutRecords(batch).flatMap((record) => this.#record(record));
    const bytes = Uint8Array.from(Buffer.concat([...records, ...this.#heldRecords.splice(0, this.#random.below(2))]));
    return this.#strikes('chunks') ? this.#chunks(bytes) : [bytes];
  }

  #strikes(place: Place): boolean {
    const time = this.#passed.get(place) ?? 0;
    this.#passed.set(place, time + 1);
    return this.#moments.get(place)?.has(time) ?? false;
  }

  #changeExtensions(list: readonly Extension[]): readonly [string, readonly Extension[]] {
    const random = this.#random;
    const at = random.below(list.length + 1);
    const victim = list[at];
    const stranger: Extension = {
      type: random.pick(extensionTypes),
      body: random.bytes(random.pick([0, 1, 2, 3, 8, 300])),
    };
    switch (random.below(9)) {
      case 0:
        return [`without ${victim?.type}`, list.toSpliced(at, 1)];
      case 1:
        return [`twice ${victim?.type}`, victim === undefined ? list : [...list, victim]];
      case 2:
        return [`also ${stranger.type}`, list.toSpliced(at, 0, stranger)];
      case 3:
        return [`empty ${victim?.type}`, this.#body(list, at, () => new Uint8Array(0))];
      case 4:
        return ['in reverse', list.toReversed()];
      case 5:
        return [
          `another type for ${victim?.type}`,
          victim === undefined ? list : list.with(at, { ...stranger, body: victim.body }),
        ];
      case 6:
        return ['none', []];
      case 7:
        return [
          `many`,
          [
            ...list,
            ...Array.from({ length: random.pick([50, 3000]) }, (_, index) => ({
              type: 0x4000 + index,
              body: new Uint8Array(0),
            })),
          ],
        ];
      default:
        return [`damaged ${victim?.type}`, this.#body(list, at, (body) => this.#bytes(body))];
    }
  }

  #body(list: readonly Extension[], at: number, change: (body: Uint8Array) => Uint8Array): readonly Extension[] {
    return list.map((each, index) =>
      index === at ? { type: each.type, body: change(each.body).slice(0, 60_000) } : each,
    );
  }

  #bytes(bytes: Uint8Array): Uint8Array {
    return mutateBytes(this.#random, bytes, this.#seen.length === 0 ? [bytes] : this.#seen);
  }

  #changeMessage(message: Uint8Array): readonly [string, readonly Uint8Array[]] {
    const random = this.#random;
    const body = message.subarray(4);
    switch (random.below(12)) {
      case 0:
        return ['dropped', []];
      case 1:
        return ['doubled', [message, message]];
      case 2:
        this.#heldMessages.push(message);
        return ['behind the next', []];
      case 3:
        return ['of another type', [Uint8Array.from([random.pick(messageTypes), ...message.subarray(1)])]];
      case 4:
        return ['of another length', [Uint8Array.from([message[0] ?? 0, ...random.pick(lengths), ...body])]];
      case 5:
        return ['behind an old one', [random.pick(this.#seen), message]];
      case 6:
        return [
          'behind a strange one',
          [framed(random.pick(messageTypes), random.bytes(random.pick([0, 1, 4, 40]))), message],
        ];
      case 7:
        return ['empty', [framed(message[0] ?? 0, new Uint8Array(0))]];
      case 8:
        return [
          'with more',
          [framed(message[0] ?? 0, Uint8Array.from([...body, ...random.bytes(random.pick([1, 2, 16]))]))],
        ];
      case 9:
        return ['cut', [framed(message[0] ?? 0, body.slice(0, random.below(body.length + 1)))]];
      default:
        return ['damaged', [framed(message[0] ?? 0, this.#bytes(body).slice(0, 2 ** 17))]];
    }
  }

  #changeContent(content: RecordContent): readonly [string, readonly RecordContent[]] {
    const random = this.#random;
    const { type, content: bytes } = content;
    const some = (from: number, to?: number): RecordContent => ({ type, content: bytes.subarray(from, to) });
    const at = random.below(bytes.length + 1);
    switch (random.below(11)) {
      case 0:
        return ['dropped', []];
      case 1:
        return ['doubled', [content, content]];
      case 2:
        return ['of another type', [{ type: random.pick(contentTypes), content: bytes }]];
      case 3:
        return ['in two', [some(0, at), some(at)]];
      case 4:
        return ['byte by byte', Array.from(bytes.subarray(0, 300), (byte) => ({ type, content: Uint8Array.of(byte) }))];
      case 5:
        return ['interrupted', [some(0, at), this.#stranger(), some(at)]];
      case 6:
        return ['behind another', [this.#stranger(), content]];
      case 7:
        return ['before another', [content, this.#stranger()]];
      case 8:
        return ['behind an old one', [random.pick(this.#seenContents), content]];
      case 9:
        return ['behind many', [...Array.from({ length: random.pick([3, 33, 200]) }, () => this.#stranger()), content]];
      default:
        return ['damaged', [{ type, content: this.#bytes(bytes) }]];
    }
  }

  #stranger(): RecordContent {
    const random = this.#random;
    const alert = Uint8Array.of(random.pick([0, 1, 2, 3]), random.pick([0, 10, 40, 90, 100, 112, 255]));
    const type = random.pick([...contentTypes, ContentType.alert, ContentType.handshake]);
    if (type === ContentType.alert && !random.oneIn(4)) return { type, content: alert };
    if (type === ContentType.handshake && !random.oneIn(4))
      return { type, content: framed(random.pick(messageTypes), random.bytes(random.pick([0, 1, 4]))) };
    return { type, content: random.pick([new Uint8Array(0), Uint8Array.of(1), random.bytes(random.below(300))]) };
  }

  #record(record: Uint8Array): readonly Uint8Array[] {
    if (!this.#strikes('record')) return [record];
    const [what, changed] = this.#changeRecord(record);
    this.#note(`record ${record[0]} of ${record.length} bytes: ${what}`);
    return changed;
  }

  #changeRecord(record: Uint8Array): readonly [string, readonly Uint8Array[]] {
    const random = this.#random;
    switch (random.below(7)) {
      case 0:
        return ['dropped', []];
      case 1:
        return ['doubled', [record, record]];
      case 2:
        this.#heldRecords.push(record);
        return ['later', []];
      case 3:
        return ['of another type', [Uint8Array.from([random.pick([...contentTypes, 24, 128]), ...record.subarray(1)])]];
      case 4:
        return ['behind a plain one', [plainRecord(this.#stranger()), record]];
      case 5:
        return ['of another version', [Uint8Array.from([record[0] ?? 0, ...random.bytes(2), ...record.subarray(3)])]];
      default:
        return ['damaged', [this.#bytes(record)]];
    }
  }

  /** Cuts bytes in any way, also into single bytes; it may drop the end or add garbage. */
  #chunks(bytes: Uint8Array): readonly Uint8Array[] {
    const random = this.#random;
    const most = random.pick([1, 2, 7, 100, 20_000]);
    this.#note(`chunks of at most ${most} bytes`);
    const whole = random.oneIn(4) ? bytes.slice(0, random.below(bytes.length + 1)) : bytes;
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < whole.length;) {
      const length = random.between(1, most);
      chunks.push(whole.slice(at, at + length));
      at += length;
    }
    return random.oneIn(8) ? [...chunks, random.bytes(random.below(100))] : chunks;
  }
}

/** The latest moment at each place; a connection has about so many of them. */
const latest: Readonly<Record<Place, number>> = { extensions: 4, message: 7, content: 10, record: 12, chunks: 4 };

function framed(type: number, body: Uint8Array): Uint8Array {
  return Uint8Array.from(
    Buffer.concat([Uint8Array.of(type, body.length >>> 16, body.length >>> 8, body.length), body]),
  );
}

function plainRecord({ type, content }: RecordContent): Uint8Array {
  return Uint8Array.from(Buffer.concat([Uint8Array.of(type, 3, 3, content.length >>> 8, content.length), content]));
}

/** Cuts a batch into whole records, as an engine has written them. */
function cutRecords(batch: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < batch.length;) {
    const length = 5 + (((batch[at + 3] ?? 0) << 8) | (batch[at + 4] ?? 0));
    records.push(batch.slice(at, at + length));
    at += length;
  }
  return records;
}

const extensionTypes: readonly number[] = [...Object.values(ExtensionType), 0x0a0a, 0x1234];
const messageTypes: readonly number[] = [...Object.values(HandshakeType), 3, 6, 99];
const contentTypes: readonly number[] = [...Object.values(ContentType), 24, 0, 255];
const lengths: readonly (readonly number[])[] = [
  [0, 0, 0],
  [0, 0, 1],
  [0, 255, 255],
  [1, 0, 0],
  [255, 255, 255],
];
