import { aeadNonceLength, aeadTagLength, type Aead, type AeadAlgorithm } from '../provider.ts';
import { copyIn, type Place, type WasmModule } from './module.ts';

/** The lengths of one record, in bytes, and where its parts lie in the module. */
interface Layout {
  readonly additionalLength: number;
  /** Without the tag. */
  readonly length: number;
}

/** A cipher of the module, for one key. */
interface Cipher {
  /** The key as the module wants it for each record: it is brought before a record and wiped behind it. */
  readonly schedule: Uint8Array;
  readonly place: Place;
  seal(layout: Layout): void;
  open(layout: Layout): boolean;
}

/** A record that lies somewhere in larger buffers. */
export interface RecordPlaces {
  readonly nonce: number;
  readonly additionalData: number;
  readonly additionalLength: number;
  readonly input: number;
  /** When opening, with the tag. */
  readonly inputLength: number;
  readonly output: number;
}

/** The buffers in which records lie. */
export interface RecordBuffers {
  readonly nonces: Uint8Array;
  readonly additionalData: Uint8Array;
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

/**
 * An AEAD by the module, for records that fit into its memory. Its key stays in this object. In the module it lies while a record is sealed or
 * opened, and so does the record.
 */
export class WasmAead implements Aead {
  readonly #module: WasmModule;
  readonly #cipher: Cipher;

  constructor(module: WasmModule, algorithm: AeadAlgorithm, key: Uint8Array) {
    this.#module = module;
    this.#cipher = algorithm === 'chacha20-poly1305' ? chacha(module, key) : aesGcm(module, key);
  }

  /** How many bytes a record may have, with its additional data and its tag. */
  get limit(): number {
    return this.#module.input.limit;
  }

  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void {
    this.sealAt(
      { nonces: nonce, additionalData, input: plaintext, output: out },
      wholePlaces(additionalData.length, plaintext.length),
    );
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array, out: Uint8Array): boolean {
    return this.openAt(
      { nonces: nonce, additionalData, input: ciphertext, output: out },
      wholePlaces(additionalData.length, ciphertext.length),
    );
  }

  /** Seals a record that lies in larger buffers. */
  sealAt(buffers: RecordBuffers, places: RecordPlaces): void {
    const length = places.inputLength;
    const message = this.#bring(buffers, places);
    try {
      this.#cipher.seal({ additionalLength: places.additionalLength, length });
      buffers.output.set(this.#module.memory.subarray(message, message + length + aeadTagLength), places.output);
    } finally {
      this.#wipe(message + length + aeadTagLength);
    }
  }

  /** Opens a record that lies in larger buffers. Nothing is written to the output unless the tag is right. */
  openAt(buffers: RecordBuffers, places: RecordPlaces): boolean {
    const length = places.inputLength - aeadTagLength;
    const message = this.#bring(buffers, places);
    try {
      if (!this.#cipher.open({ additionalLength: places.additionalLength, length })) return false;
      buffers.output.set(this.#module.memory.subarray(message, message + length), places.output);
      return true;
    } finally {
      this.#wipe(message + places.inputLength);
    }
  }

  /** Brings the key, the nonce and the record, and tells where the plaintext or ciphertext lies. */
  #bring(buffers: RecordBuffers, places: RecordPlaces): number {
    const { memory, input, nonce } = this.#module;
    const { schedule, place } = this.#cipher;
    const message = input.address + paddedLength(places.additionalLength);
    memory.set(schedule, place.address);
    copyIn(memory, nonce.address, buffers.nonces, places.nonce, aeadNonceLength);
    copyIn(memory, input.address, buffers.additionalData, places.additionalData, places.additionalLength);
    copyIn(memory, message, buffers.input, places.input, places.inputLength);
    return message;
  }

  #wipe(end: number): void {
    const { memory, input, nonce } = this.#module;
    const { schedule, place } = this.#cipher;
    memory.fill(0, place.address, place.address + schedule.length);
    memory.fill(0, nonce.address, nonce.address + aeadNonceLength);
    memory.fill(0, input.address, end);
  }
}

function wholePlaces(additionalLength: number, inputLength: number): RecordPlaces {
  return { nonce: 0, additionalData: 0, additionalLength, input: 0, inputLength, output: 0 };
}

/** The module pads additional data to whole blocks. */
export function paddedLength(length: number): number {
  return (length + 15) & ~15;
}

function chacha({ functions, key: place }: WasmModule, key: Uint8Array): Cipher {
  return {
    schedule: Uint8Array.from(key),
    place,
    seal: ({ additionalLength, length }) => {
      functions.chachaSeal(additionalLength, length);
    },
    open: ({ additionalLength, length }) => functions.chachaOpen(additionalLength, length) === 1,
  };
}

function aesGcm(module: WasmModule, key: Uint8Array): Cipher {
  const { functions, memory, schedule: place } = module;
  const rounds = key.length === 16 ? 10 : 14;
  memory.set(key, module.key.address);
  functions.aesExpandKey(key.length);
  const end = place.address + 16 * (rounds + 2);
  const schedule = memory.slice(place.address, end);
  memory.fill(0, place.address, end);
  return {
    schedule,
    place,
    seal: ({ additionalLength, length }) => {
      functions.gcmSeal(rounds, additionalLength, length);
    },
    open: ({ additionalLength, length }) => functions.gcmOpen(rounds, additionalLength, length) === 1,
  };
}
