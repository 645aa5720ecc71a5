import type { ClientConfig, ProtocolVersion, ServerConfig } from '@org/tls-core';
import { defaultCrypto } from '@org/tls-crypto';
import { bothSpeak, type Roles } from './conformance-case.ts';
import { only } from './connections.ts';
import { fromHex, join, MemoryPair, text, type MemorySink } from './memory-pair.ts';

/** The side that seems to send the record. */
export type Sender = 'client' | 'server';

/** Record content types (RFC 8446 §5.1). */
export const recordType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

const tagLength = 16;
const cipherSuites = {
  'TLSv1.2': 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLSv1.3': 'TLS_AES_128_GCM_SHA256',
} as const satisfies Readonly<Record<ProtocolVersion, string>>;

interface Keys {
  key: Uint8Array;
  iv: Uint8Array;
  sequence: number;
  /** The traffic secret of TLS 1.3 from which the two come. */
  secret?: Uint8Array;
}

/** How a record differs from one that an honest peer seals. */
export interface Forgery {
  /** How many zeros stand behind the content (RFC 8446 §5.4). */
  readonly padding?: number;
  /** The content type in the record's header, where that differs. */
  readonly outerType?: number;
}

/** Tells whether forged records can be played between the two. */
export function canForge(protocol: ProtocolVersion): (roles: Roles) => boolean {
  return (roles) =>
    bothSpeak(protocol)(roles) &&
    roles.client.capabilities.client.options.includes('keyLog') &&
    roles.client.capabilities.client.cipherSuites.includes(cipherSuites[protocol]) &&
    roles.server.capabilities.server.cipherSuites.includes(cipherSuites[protocol]) &&
    (roles.certificate ?? 'ecdsa-p256').startsWith('ecdsa');
}

/**
 * An open connection, into which one can put records that neither side would send. They are sealed by the connection's keys, which the
 * client's key log tells.
 */
export class RecordForger {
  readonly pair: MemoryPair;
  readonly #protocol: ProtocolVersion;
  readonly #keys: Readonly<Record<Sender, Keys>>;

  private constructor(pair: MemoryPair, protocol: ProtocolVersion, fromServer: Uint8Array) {
    this.pair = pair;
    this.#protocol = protocol;
    const lines = pair.clientSink.keyLogLines;
    this.#keys = protocol === 'TLSv1.3' ? trafficKeys(lines) : keyBlock(lines, fromServer.subarray(11, 43));
  }

  static async open(
    roles: Roles,
    protocol: ProtocolVersion,
    { client, server }: { readonly client?: ClientConfig; readonly server?: Partial<ServerConfig> } = {},
  ): Promise<RecordForger> {
    const options = {
      client: { ...only(protocol), cipherSuites: [cipherSuites[protocol]], keyLog: true, ...client },
      server: { tickets: 0, ...server },
    };
    const pair = new MemoryPair(roles, options);
    const fromServer: Uint8Array[] = [];
    await pair.settle((batch, from) => {
      if (from === 'server') fromServer.push(batch);
      return [batch];
    });
    return new RecordForger(pair, protocol, join(fromServer));
  }

  /** Seals one record as the sender's next. */
  seal(from: Sender, type: number, content: Uint8Array, { padding = 0, outerType }: Forgery = {}): Uint8Array {
    const keys = this.#keys[from];
    const isTls13 = this.#protocol === 'TLSv1.3';
    const plaintext = isTls13 ? Uint8Array.from([...content, type, ...new Uint8Array(padding)]) : content;
    const explicit = isTls13 ? new Uint8Array(0) : uint64(keys.sequence);
    const header = [outerType ?? (isTls13 ? recordType.applicationData : type), 3, 3];
    const length = uint16(explicit.length + plaintext.length + tagLength);
    const nonce = isTls13 ? xor(keys.iv, uint64(keys.sequence)) : join([keys.iv, explicit]);
    const additional = isTls13
      ? Uint8Array.from([...header, ...length])
      : join([uint64(keys.sequence), Uint8Array.from([...header, ...uint16(plaintext.length)])]);
    const sealed = new Uint8Array(plaintext.length + tagLength);
    defaultCrypto.createAead('aes-128-gcm', keys.key).seal(nonce, additional, plaintext, sealed);
    keys.sequence += 1;
    return join([Uint8Array.from([...header, ...length]), explicit, sealed]);
  }

  /** Seals a KeyUpdate that asks for none in return, and goes on with the sender's next keys (RFC 8446 §4.6.3, §7.2). */
  keyUpdate(from: Sender): Uint8Array {
    const keys = this.#keys[from];
    const record = this.seal(from, recordType.handshake, Uint8Array.of(24, 0, 0, 1, 0));
    Object.assign(keys, keysOf(expandLabel(keys.secret ?? new Uint8Array(0), 'traffic upd', 32)));
    return record;
  }

  /** Gives records to the side that they are for, until it fails. */
  give(from: Sender, ...records: readonly Uint8Array[]): MemorySink {
    const [engine, sink] =
      from === 'client' ? [this.pair.server, this.pair.serverSink] : [this.pair.client, this.pair.clientSink];
    for (const record of records) if (sink.failure === undefined) engine.receive(record);
    return sink;
  }
}

/** Derives the keys from the secrets of an open connection (RFC 8446 §7.3). */
function trafficKeys(keyLog: readonly string[]): Readonly<Record<Sender, Keys>> {
  return {
    client: keysOf(secretOf(keyLog, 'CLIENT_TRAFFIC_SECRET_0')),
    server: keysOf(secretOf(keyLog, 'SERVER_TRAFFIC_SECRET_0')),
  };
}

function keysOf(secret: Uint8Array): Keys {
  return { key: expandLabel(secret, 'key', 16), iv: expandLabel(secret, 'iv', 12), sequence: 0, secret };
}

/** Computes HKDF-Expand-Label (RFC 8446 §7.1) of at most one hash. */
function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = text(`tls13 ${label}`);
  const info = [...uint16(length), name.length, ...name, 0, 1];
  return hmac(secret, Uint8Array.from(info)).subarray(0, length);
}

/** Derives the keys of TLS 1.2 (RFC 5246 §6.3, RFC 5288 §3). Finished was each side's first record. */
function keyBlock(keyLog: readonly string[], serverRandom: Uint8Array): Readonly<Record<Sender, Keys>> {
  const line = keyLog.find((each) => each.startsWith('CLIENT_RANDOM ')) ?? '';
  const clientRandom = fromHex(line.split(' ')[1] ?? '');
  const mainSecret = secretOf(keyLog, 'CLIENT_RANDOM');
  const block = pseudoRandom(mainSecret, join([text('key expansion'), serverRandom, clientRandom]), 40);
  return {
    client: { key: block.subarray(0, 16), iv: block.subarray(32, 36), sequence: 1 },
    server: { key: block.subarray(16, 32), iv: block.subarray(36, 40), sequence: 1 },
  };
}

/** Computes P_SHA256 (RFC 5246 §5). */
function pseudoRandom(secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const output: Uint8Array[] = [];
  for (let chained = hmac(secret, seed); join(output).length < length; chained = hmac(secret, chained))
    output.push(hmac(secret, join([chained, seed])));
  return join(output).subarray(0, length);
}

function hmac(key: Uint8Array, input: Uint8Array): Uint8Array {
  const out = new Uint8Array(32);
  defaultCrypto.hmac('sha256', key, input, out);
  return out;
}

function secretOf(keyLog: readonly string[], label: string): Uint8Array {
  const secret = keyLog.find((line) => line.startsWith(`${label} `))?.split(' ')[2];
  if (secret === undefined) throw new Error(`the key log has no ${label}`);
  return fromHex(secret);
}

function xor(iv: Uint8Array, sequence: Uint8Array): Uint8Array {
  return iv.map((byte, index) => (index < 4 ? byte : byte ^ (sequence[index - 4] ?? 0)));
}

function uint64(value: number): Uint8Array {
  return Uint8Array.of(0, 0, 0, 0, value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

function uint16(value: number): readonly number[] {
  return [value >> 8, value & 255];
}
