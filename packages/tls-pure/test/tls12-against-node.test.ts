import { createHash, verify, X509Certificate } from 'node:crypto';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket, connect, type SecureContextOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createRoot } from '@org/pki';
import { nodeCrypto } from '@org/tls-crypto/node';
import { cipherSuites12, type CipherSuite12 } from '@org/tls-crypto';
import type { Protection } from '../src/record/protection.ts';
import { RecordReader } from '../src/record/record-reader.ts';
import { openRecord, sealRecord } from './support/one-record.ts';
import { RecordProtection12 } from '../src/record/record-protection-12.ts';
import { exporter, keyBlock, verifyData } from '../src/schedule/prf-12.ts';
import { ContentType } from '../src/wire/content-type.ts';
import { decodeEcPointFormats } from '../src/wire/extensions/ec-point-formats.ts';
import { decodeExtendedMasterSecret } from '../src/wire/extensions/extended-master-secret.ts';
import { decodeInitialRenegotiationInfo } from '../src/wire/extensions/renegotiation-info.ts';
import { decodeSessionTicketAnnouncement } from '../src/wire/extensions/session-ticket.ts';
import { ExtensionType } from '../src/wire/extension.ts';
import { HandshakeType } from '../src/wire/handshake-message.ts';
import { decodeServerHello } from '../src/wire/messages/server-hello.ts';
import { decodeCertificateVerify } from '../src/wire/messages/certificate-verify.ts';
import { decodeCertificateRequest12 } from '../src/wire/messages/certificate-request-12.ts';
import { decodeCertificate12 } from '../src/wire/messages/certificate-12.ts';
import { decodeClientKeyExchange } from '../src/wire/messages/client-key-exchange.ts';
import { decodeNewSessionTicket12 } from '../src/wire/messages/new-session-ticket-12.ts';
import { decodeServerHelloDone } from '../src/wire/messages/server-hello-done.ts';
import { decodeServerKeyExchange, signedParams } from '../src/wire/messages/server-key-exchange.ts';

const question = 'what did the peers say?';

describe.each(cipherSuites12)('what two peers of node:tls say with $name', (suite) => {
  it('is understood, and sealed alike, from the main secret on', async () => {
    const spoken = await speak(suite);
    const reading = new Reading(suite, spoken.mainSecret);
    for (const [sender, record] of spoken.records) reading.record(sender, record);
    const { client, server } = reading.randoms();

    const { messages } = reading;
    const serverHello = decodeServerHello(bodyOf(messages, HandshakeType.serverHello));
    expect(serverHello.cipherSuite).toBe(suite.id);
    decodeExtendedMasterSecret(bytesOf(serverHello.extensions.get(ExtensionType.extendedMasterSecret)));
    decodeInitialRenegotiationInfo(bytesOf(serverHello.extensions.get(ExtensionType.renegotiationInfo)));
    decodeEcPointFormats(bytesOf(serverHello.extensions.get(ExtensionType.ecPointFormats)));
    decodeSessionTicketAnnouncement(bytesOf(serverHello.extensions.get(ExtensionType.sessionTicket)));

    const [leaf] = decodeCertificate12(bodyOf(messages, HandshakeType.certificate));
    const exchange = decodeServerKeyExchange(bodyOf(messages, HandshakeType.serverKeyExchange));
    expect(exchange.namedCurve).toBe(0x17);
    const key = new X509Certificate(bytesOf(leaf)).publicKey;
    const pss = exchange.algorithm === 0x0804 ? { padding: 6, saltLength: 32 } : {}; // RSA_PKCS1_PSS_PADDING
    expect(
      verify('sha256', signedParams({ client, server }, exchange.params), { key, ...pss }, exchange.signature),
    ).toBe(true);

    const request = decodeCertificateRequest12(bodyOf(messages, HandshakeType.certificateRequest));
    expect(request.certificateTypes).toContain(64);
    expect([...request.certificateAuthorities]).toHaveLength(1);
    decodeServerHelloDone(bodyOf(messages, HandshakeType.serverHelloDone));
    expect(decodeClientKeyExchange(bodyOf(messages, HandshakeType.clientKeyExchange))).toHaveLength(65);
    const ticket = decodeNewSessionTicket12(bodyOf(messages, HandshakeType.newSessionTicket));
    expect(ticket.ticket.length).toBeGreaterThan(0);

    // RFC 5246 §7.4.8: CertificateVerify signs the messages themselves, not their hash under the suite's hash function
    const before = messages.findIndex(([type]) => type === HandshakeType.certificateVerify);
    const proof = decodeCertificateVerify(bodyOf(messages, HandshakeType.certificateVerify));
    const clientLeaf = messages.filter(([type]) => type === HandshakeType.certificate).at(1);
    const clientKey = new X509Certificate(bytesOf(decodeCertificate12(bytesOf(clientLeaf?.subarray(4)))[0])).publicKey;
    expect(verify('sha256', Buffer.concat(messages.slice(0, before)), clientKey, proof.signature)).toBe(true);

    const finished = messages
      .map(([type], index) => ({ type, index }))
      .filter(({ type }) => type === HandshakeType.finished);
    expect(finished).toHaveLength(2);
    for (const [which, { index }] of finished.entries()) {
      const hash = createHash(suite.hash)
        .update(Buffer.concat(messages.slice(0, index)))
        .digest();
      const sender = which === 0 ? 'client' : 'server';
      const expected = verifyData(nodeCrypto, suite.hash, spoken.mainSecret, sender, hash);
      expect(messages[index]?.subarray(4)).toEqual(expected);
    }
    // GCM's explicit nonces are numbered from a random start by OpenSSL: there only header and length are the same
    const compared = suite.fixedIvLength === 12 ? undefined : 5;
    for (const { record, again } of reading.sealedAgain) {
      expect(Buffer.from(again.subarray(0, compared)).equals(record.subarray(0, compared))).toBe(true);
    }
    expect(reading.sealedAgain.length).toBeGreaterThanOrEqual(4);
    expect(reading.said).toEqual({ client: question, server: question.toUpperCase() });

    for (const [context, expected] of spoken.exported) {
      const made = exporter(
        nodeCrypto,
        suite.hash,
        { secret: spoken.mainSecret, randoms: { client, server } },
        { label: 'EXPERIMENTAL', context, length: 40 },
      );
      expect(Buffer.from(made).equals(expected)).toBe(true);
    }
  });
});

type Sender = 'client' | 'server';

interface Spoken {
  readonly mainSecret: Uint8Array;
  readonly records: readonly (readonly [Sender, Uint8Array])[];
  readonly exported: readonly (readonly [Buffer | undefined, Buffer])[];
}

/** A mutually authenticated connection between two peers of node:tls, without a network, and all that it wrote. */
async function speak(suite: CipherSuite12): Promise<Spoken> {
  const root = await createRoot();
  const identity = await root.issue({
    names: ['localhost'],
    algorithm: suite.authentication === 'rsa' ? 'rsa-2048' : 'ecdsa-p256',
  });
  const clientIdentity = await root.issue({ names: ['client'], algorithm: 'ecdsa-p256' });
  const both: SecureContextOptions = {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ecdhCurve: 'P-256',
    ca: root.certificatePem,
    sigalgs: 'ECDSA+SHA256:rsa_pss_rsae_sha256',
  };
  const readers = { client: new RecordReader(), server: new RecordReader() };
  const records: [Sender, Uint8Array][] = [];
  const [clientPipe, serverPipe] = pipes((sender, chunk) => {
    const reader = readers[sender];
    reader.push(Buffer.from(chunk));
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      records.push([sender, Buffer.from(record.bytes.subarray(record.start, record.end))]);
    }
  });
  const server = new TLSSocket(serverPipe, {
    isServer: true,
    requestCert: true,
    secureContext: createSecureContext({ ...both, cert: identity.chainPem, key: identity.privateKeyPem }),
  });
  server.on('data', (chunk: Buffer) => server.end(chunk.toString().toUpperCase()));
  const client = connect({
    ...both,
    socket: clientPipe,
    servername: 'localhost',
    ciphers: openSslName(suite),
    cert: clientIdentity.chainPem,
    key: clientIdentity.privateKeyPem,
  });
  let keyLog = '';
  client.on('keylog', (line: Buffer) => (keyLog += line.toString()));
  const exported = await new Promise<Spoken['exported']>((resolve, reject) => {
    let made: Spoken['exported'] = [];
    client.on('error', reject);
    server.on('error', reject);
    client.once('secureConnect', () => {
      made = [undefined, Buffer.alloc(0), Buffer.from('of context')].map((context) => [
        context,
        // its types want a context, its code does not
        Reflect.apply(client.exportKeyingMaterial, client, [
          40,
          'EXPERIMENTAL',
          ...(context ? [context] : []),
        ]) as Buffer,
      ]);
      client.write(question);
    });
    client.on('data', () => undefined);
    client.once('end', () => resolve(made));
  });
  client.destroy();
  server.destroy();
  const [, , mainSecret] = /CLIENT_RANDOM (\S+) (\S+)/.exec(keyLog) ?? [];
  return { mainSecret: Buffer.from(mainSecret ?? '', 'hex'), records, exported };
}

/** Follows both directions of a connection. */
class Reading {
  /** All handshake messages in order, header and body. */
  readonly messages: Uint8Array[] = [];
  readonly said = { client: '', server: '' };
  /** The protected records, as they came and as we seal their content. */
  readonly sealedAgain: { readonly record: Uint8Array; readonly again: Uint8Array }[] = [];
  readonly #suite: CipherSuite12;
  readonly #mainSecret: Uint8Array;
  readonly #protections = new Map<Sender, { readonly open: Protection; readonly seal: Protection }>();

  constructor(suite: CipherSuite12, mainSecret: Uint8Array) {
    this.#suite = suite;
    this.#mainSecret = mainSecret;
  }

  randoms(): { readonly client: Uint8Array; readonly server: Uint8Array } {
    const [clientHello, serverHello] = this.messages;
    return { client: bytesOf(clientHello?.subarray(6, 38)), server: bytesOf(serverHello?.subarray(6, 38)) };
  }

  record(sender: Sender, record: Uint8Array): void {
    const protection = this.#protections.get(sender);
    const content = protection === undefined ? record.subarray(5) : this.#open(protection, record);
    const type = record[0];
    if (type === ContentType.changeCipherSpec) this.#protections.set(sender, this.#protectionsOf(sender));
    if (type === ContentType.applicationData) this.said[sender] += Buffer.from(content).toString();
    if (type !== ContentType.handshake) return;
    for (let at = 0; at < content.length;) {
      const length = 4 + ((content[at + 2] ?? 0) << 8) + (content[at + 3] ?? 0);
      this.messages.push(content.subarray(at, at + length));
      at += length;
    }
  }

  #open({ open, seal }: { readonly open: Protection; readonly seal: Protection }, record: Uint8Array): Uint8Array {
    const content = openRecord(open, record);
    this.sealedAgain.push({ record, again: sealRecord(seal, open.takenType, content) });
    return content;
  }

  #protectionsOf(sender: Sender): { readonly open: Protection; readonly seal: Protection } {
    const make = (): Protection => {
      const block = keyBlock(nodeCrypto, this.#suite, this.#mainSecret, this.randoms());
      const keys =
        sender === 'client'
          ? { key: block.clientWriteKey, iv: block.clientWriteIv }
          : { key: block.serverWriteKey, iv: block.serverWriteIv };
      return new RecordProtection12(nodeCrypto, this.#suite, keys);
    };
    return { open: make(), seal: make() };
  }
}

/** Two ends of a pipe; `watch` sees what each end writes. */
function pipes(watch: (sender: Sender, chunk: Buffer) => void): readonly [Duplex, Duplex] {
  const end = (sender: Sender, other: () => Duplex): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        watch(sender, chunk);
        other().push(chunk);
        done();
      },
      final: (done) => {
        other().push(null);
        done();
      },
    });
  const client: Duplex = end('client', () => server);
  const server: Duplex = end('server', () => client);
  return [client, server];
}

function openSslName({ name }: CipherSuite12): string {
  return name.includes('CHACHA20')
    ? name.replace(/TLS_(ECDHE)_(\w+)_WITH_.*/, '$1-$2-CHACHA20-POLY1305')
    : name.replace(/TLS_(ECDHE)_(\w+)_WITH_AES_(\d+)_GCM_(\w+)/, '$1-$2-AES$3-GCM-$4');
}

function bodyOf(messages: readonly Uint8Array[], type: number): Uint8Array {
  return bytesOf(messages.find((message) => message[0] === type)?.subarray(4));
}

function bytesOf(value: Uint8Array | undefined): Uint8Array {
  if (value === undefined) throw new Error('the peers did not say it');
  return value;
}
