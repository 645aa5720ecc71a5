import { Duplex } from 'node:stream';
import { connect, type SecureContextOptions } from 'node:tls';
import { cipherSuiteNumbers, nameOf, namedGroupNumbers, signatureSchemeNumbers } from '@org/tls-core/backend';

/** What Node's own client offers, as far as our backends have it too; in order, by IANA names. */
export interface NodeOffer {
  readonly cipherSuites: readonly string[];
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
  readonly versions: readonly string[];
}

/** Makes Node's own client begin a handshake, and reads its ClientHello (RFC 8446 §4.1.2). */
export async function nodeOffer(options: SecureContextOptions): Promise<NodeOffer> {
  return readClientHello(await firstFlight(options));
}

async function firstFlight(options: SecureContextOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const below = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, written) => {
        written();
        resolve(chunk);
        setImmediate(() => socket.destroy());
      },
    });
    const socket = connect({ socket: below, ...options });
    socket.on('error', reject);
  });
}

function readClientHello(record: Buffer): NodeOffer {
  // 5 bytes of record, 4 of handshake, 2 of version and 32 of random lie before the session id
  let at = 43;
  at += 1 + record.readUInt8(at);
  const cipherSuites = numbers(record.subarray(at + 2, at + 2 + record.readUInt16BE(at)));
  at += 2 + record.readUInt16BE(at);
  at += 1 + record.readUInt8(at);
  const extensions = new Map<number, Buffer>();
  for (at += 2; at < record.length; at += 4 + record.readUInt16BE(at + 2)) {
    extensions.set(record.readUInt16BE(at), record.subarray(at + 4, at + 4 + record.readUInt16BE(at + 2)));
  }
  const list = (type: number, lengthBytes: number): readonly number[] =>
    numbers((extensions.get(type) ?? Buffer.alloc(lengthBytes)).subarray(lengthBytes));
  const versions = extensions.has(43) ? list(43, 1) : [0x0303];
  return {
    cipherSuites: names(cipherSuiteNumbers, cipherSuites),
    groups: names(namedGroupNumbers, list(10, 2)),
    signatureSchemes: names(signatureSchemeNumbers, list(13, 2)),
    versions: versions.flatMap((each) => (each === 0x0304 ? ['TLSv1.3'] : each === 0x0303 ? ['TLSv1.2'] : [])),
  };
}

function numbers(bytes: Buffer): readonly number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2));
}

function names(registry: Parameters<typeof nameOf>[0], list: readonly number[]): readonly string[] {
  return list.map((each) => nameOf(registry, each)).filter((name) => name !== undefined);
}
