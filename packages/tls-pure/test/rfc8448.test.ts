import { describe, expect, it } from 'vitest';
import { clientContext, createBackend, serverContext } from '../src/backend.ts';
import { nodeCrypto } from '../src/crypto/node/index.ts';
import type { Extension } from '../src/wire/extension.ts';
import { decodeCertificate } from '../src/wire/messages/certificate.ts';
import { decodeClientHello } from '../src/wire/messages/client-hello.ts';
import { Writer } from '../src/wire/writer.ts';
import { RecordingSink } from './support/engine-pair.ts';
import { recordedHandshakes, type RecordedHandshake } from './support/recorded-handshakes.ts';

const recordings = recordedHandshakes();
const backend = createBackend({ crypto: nodeCrypto });
const recordedScheme = 'rsa_pss_rsae_sha256';

/** Hands out a recorded pool of random bytes, in order. */
function randomFrom(pool: Buffer): (into: Uint8Array) => void {
  let offset = 0;
  return (into) => {
    expect(offset + into.length, 'the recorded pool of random bytes is used up').toBeLessThanOrEqual(pool.length);
    into.set(pool.subarray(offset, offset + into.length));
    offset += into.length;
  };
}

function handshakeBody(record: Buffer): Uint8Array {
  return record.subarray(5 + 4);
}

/** The recorded client has extensions that we do not send: they are laid around ours, in the recorded order. */
function shapeLike(record: Buffer): (planned: readonly Extension[]) => readonly Extension[] {
  const recorded = decodeClientHello(handshakeBody(record)).extensions;
  const computed = new Set([51, 43, 0, 44]); // key_share, supported_versions, server_name, cookie: ours, not the record's
  return (planned) =>
    [...recorded].map(([type, body]) =>
      computed.has(type) ? (planned.find((each) => each.type === type) ?? { type, body }) : { type, body },
    );
}

function makeClient(recording: RecordedHandshake, groups: readonly string[]) {
  const sink = new RecordingSink();
  let hellos = 0;
  const context = clientContext(
    backend,
    nodeCrypto,
    {
      // the traces' cipher suites; their certificate has a 1024-bit key that no verifier accepts today
      cipherSuites: ['TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_256_GCM_SHA384'],
      groups,
      grease: false,
      permuteExtensions: false,
      maxVersion: 'TLSv1.3',
      minVersion: 'TLSv1.3',
      dangerous: { acceptAnyCertificate: true },
      random: randomFrom(recording.bytes('Client_RNG_Pool')),
      clock: () => recording.number('CurrentTimestamp'),
    },
    {
      middleboxCompatibility: recording.name === 'Middlebox_Compatibility_Mode',
      shapeExtensions: (carrier, planned) => {
        if (carrier !== 'ClientHello') return planned;
        hellos += 1;
        return shapeLike(recording.bytes(hellos === 1 ? 'Record_ClientHello_1' : 'Record_ClientHello_2'))(planned);
      },
    },
  );
  const engine = context.createEngine({ serverName: 'server' }, sink);
  return { engine, sink };
}

function makeServer(
  recording: RecordedHandshake,
  groups: readonly string[],
  afterHandshake: readonly Uint8Array[] = [],
) {
  const sink = new RecordingSink();
  const random = randomFrom(recording.bytes('Server_RNG_Pool'));
  const encryptedExtensions = recording.bytes('Message_EncryptedExtensions');
  const context = serverContext(
    backend,
    nodeCrypto,
    {
      cipherSuites: ['TLS_AES_128_GCM_SHA256'],
      groups,
      random,
      clock: () => recording.number('CurrentTimestamp'),
      identity: {
        certificateChain: decodeCertificate(
          recording.bytes('Message_Server_Certificate').subarray(4),
        ).certificateList.map(({ certData }) => certData),
        signer: {
          signatureSchemes: [recordedScheme],
          sign: (scheme, input) => {
            // the salt was not recorded: the signature is given when what it signs is the same to the byte
            expect(scheme).toBe(recordedScheme);
            expect(Buffer.from(input).equals(recording.bytes('Server_MessageToSign'))).toBe(true);
            return recording.bytes('Server_MessageSignature');
          },
        },
      },
    },
    {
      afterHandshake,
      shapeExtensions: (carrier, planned) => {
        if (carrier === 'EncryptedExtensions') return extensionsOf(encryptedExtensions);
        if (carrier === 'HelloRetryRequest') {
          const cookie = {
            type: 44,
            body: new Writer().vector16((body) => body.bytes(recording.bytes('HelloRetryRequest_Cookie'))).finish(),
          };
          return [planned[0], cookie, planned[1]].filter((each) => each !== undefined);
        }
        return planned;
      },
    },
  );
  const engine = context.createEngine(sink);
  return { engine, sink };
}

function extensionsOf(message: Buffer): readonly Extension[] {
  const extensions: Extension[] = [];
  for (let at = 6; at < message.length;) {
    const length = message.readUInt16BE(at + 2);
    extensions.push({ type: message.readUInt16BE(at), body: message.subarray(at + 4, at + 4 + length) });
    at += 4 + length;
  }
  return extensions;
}

function sent(sink: RecordingSink): string {
  return Buffer.concat(sink.outgoing.splice(0)).toString('hex');
}

describe('RFC 8448 §3, simple 1-RTT handshake', () => {
  const recording = recordings.get('Simple_1RTT_Handshake');
  const groups = ['x25519', 'secp256r1'];

  it('is the same to the byte as a client', () => {
    const { engine, sink } = makeClient(recording, groups);
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.receive(recording.bytes('Record_NewSessionTicket'));
    engine.send(recording.bytes('Client_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Client_AppData'));
    engine.receive(recording.bytes('Record_Server_AppData'));
    expect(Buffer.concat(sink.received).equals(recording.bytes('Server_AppData'))).toBe(true);
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
    engine.receive(recording.bytes('Record_Server_CloseNotify'));
    expect(sink.isClosed).toBe(true);
    expect(sink.failure).toBeUndefined();
    expect(sink.info).toMatchObject({
      protocol: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      group: 'x25519',
      signatureScheme: 'rsa_pss_rsae_sha256',
    });
  });

  it('is the same to the byte as a server', () => {
    const newSessionTicket = new Writer().uint8(4).vector24((message) => {
      message
        .uint16(0)
        .uint16(30)
        .bytes(Uint8Array.of(0xfa, 0xd6, 0xaa, 0xc5)); // ticket_lifetime 30 s, ticket_age_add
      message.vector8((nonce) => nonce.uint16(0));
      message.vector16((ticket) => ticket.bytes(recording.bytes('SessionTicket')));
      message.vector16((extensions) => extensions.uint16(42).vector16((earlyData) => earlyData.uint16(0).uint16(1024)));
    });
    const { engine, sink } = makeServer(recording, groups, [newSessionTicket.finish()]);
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    expect(sent(sink)).toBe(recording.hex('Record_NewSessionTicket'));
    engine.receive(recording.bytes('Record_Client_AppData'));
    expect(Buffer.concat(sink.received).equals(recording.bytes('Client_AppData'))).toBe(true);
    engine.send(recording.bytes('Server_AppData'));
    expect(sent(sink)).toBe(recording.hex('Record_Server_AppData'));
    engine.receive(recording.bytes('Record_Client_CloseNotify'));
    expect(sink.isClosed).toBe(true);
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Server_CloseNotify'));
    expect(sink.failure).toBeUndefined();
  });
});

describe('RFC 8448 §5, HelloRetryRequest', () => {
  const recording = recordings.get('HelloRetryRequest_Handshake');

  it('is the same to the byte as a client', () => {
    const { engine, sink } = makeClient(recording, ['x25519', 'secp256r1']);
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_HelloRetryRequest'));
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_2'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Client_CloseNotify'));
    engine.receive(recording.bytes('Record_Server_CloseNotify'));
    expect(sink).toMatchObject({
      isClosed: true,
      failure: undefined,
      info: { group: 'secp256r1', helloRetryRequest: true },
    });
  });

  it('is the same to the byte as a server', () => {
    const { engine, sink } = makeServer(recording, ['secp256r1']);
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_HelloRetryRequest'));
    engine.receive(recording.bytes('Record_ClientHello_2'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    engine.receive(recording.bytes('Record_Client_CloseNotify'));
    engine.close();
    expect(sent(sink)).toBe(recording.hex('Record_Server_CloseNotify'));
    expect(sink).toMatchObject({
      isClosed: true,
      failure: undefined,
      info: { group: 'secp256r1', helloRetryRequest: true },
    });
  });
});

describe('RFC 8448 §7, middlebox compatibility mode', () => {
  const recording = recordings.get('Middlebox_Compatibility_Mode');

  it('is the same to the byte as a client', () => {
    const { engine, sink } = makeClient(recording, ['x25519', 'secp256r1']);
    engine.start();
    expect(sent(sink)).toBe(recording.hex('Record_ClientHello_1'));
    engine.receive(recording.bytes('Record_ServerHello'));
    engine.receive(recording.bytes('Record_ServerHandshakeMessages'));
    expect(sink.failure).toBeUndefined();
    expect(sent(sink)).toBe(recording.hex('Record_ClientFinished'));
  });

  it('is the same to the byte as a server', () => {
    const { engine, sink } = makeServer(recording, ['x25519']);
    engine.start();
    engine.receive(recording.bytes('Record_ClientHello_1'));
    expect(sent(sink)).toBe(recording.hex('Record_ServerHello') + recording.hex('Record_ServerHandshakeMessages'));
    engine.receive(recording.bytes('Record_ClientFinished'));
    expect(sink.info?.protocol).toBe('TLSv1.3');
  });
});
