import { expect } from 'vitest';
import type { ClientConfig, ClientEngineOptions, Identity, ServerConfig, Signer } from '@org/tls-core';
import { clientContext, createBackend, serverContext } from '../../src/backend.ts';
import { nodeCrypto } from '@org/tls-crypto/node';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import type { Extension } from '../../src/wire/extension.ts';
import { decodeCertificate13 } from '../../src/wire/messages/certificate-13.ts';
import { decodeClientHello } from '../../src/wire/messages/client-hello.ts';
import { Writer } from '@org/tls-core/backend';
import { RecordingSink } from './engine-pair.ts';
import type { RecordedHandshake } from './recorded-handshakes.ts';

const backend = createBackend({ crypto: nodeCrypto });

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

/** key_share, supported_versions, server_name, cookie, pre_shared_key: ours, not the record's. */
const computed = new Set([51, 43, 0, 44, 41]);

/** The recorded client has extensions that we do not send: they are laid around ours, in the recorded order. */
function shapeLike(record: Buffer): (planned: readonly Extension[]) => readonly Extension[] {
  const recorded = decodeClientHello(handshakeBody(record)).extensions;
  return (planned) =>
    [...recorded].map(([type, body]) =>
      computed.has(type) ? (planned.find((each) => each.type === type) ?? { type, body }) : { type, body },
    );
}

/** A client with a recording's random bytes and clock. */
export function recordedClient(
  recording: RecordedHandshake,
  config: ClientConfig = {},
  options: Omit<ClientEngineOptions, 'serverName'> = {},
) {
  const sink = new RecordingSink();
  let hellos = 0;
  const context = clientContext(
    backend,
    nodeCrypto,
    {
      // the traces' cipher suites; their certificate has a 1024-bit key that no verifier accepts today
      cipherSuites: ['TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_256_GCM_SHA384'],
      groups: ['x25519', 'secp256r1'],
      keyShares: ['x25519'],
      grease: false,
      permuteExtensions: false,
      minVersion: 'TLSv1.3',
      dangerous: { acceptAnyCertificate: true },
      random: randomFrom(recording.bytes('Client_RNG_Pool')),
      clock: () => recording.number('CurrentTimestamp'),
      ...config,
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
  const engine = context.createEngine({ serverName: 'server', ...options }, sink);
  return { engine, sink };
}

/** A server with a recording's random bytes, clock and, where it has one, certificate. */
export function recordedServer(
  recording: RecordedHandshake,
  config: Partial<ServerConfig> = {},
  overrides: HandshakeOverrides = {},
  encryptedExtensions = recording.bytes('Message_EncryptedExtensions'),
) {
  const sink = new RecordingSink();
  const context = serverContext(
    backend,
    nodeCrypto,
    {
      cipherSuites: ['TLS_AES_128_GCM_SHA256'],
      groups: ['x25519', 'secp256r1'],
      random: randomFrom(recording.bytes('Server_RNG_Pool')),
      clock: () => recording.number('CurrentTimestamp'),
      ...config,
    },
    {
      afterHandshake: [],
      shapeExtensions: (carrier, planned) => {
        if (carrier === 'EncryptedExtensions') return extensionsOf(encryptedExtensions, 4);
        if (carrier === 'ServerHello') return inOrderOf(recording.bytes('Message_ServerHello'), planned);
        if (carrier === 'CertificateRequest') return extensionsOf(recording.bytes('Message_CertificateRequest'), 5);
        if (carrier === 'HelloRetryRequest') {
          const cookie = {
            type: 44,
            body: new Writer().vector16((body) => body.bytes(recording.bytes('HelloRetryRequest_Cookie'))).finish(),
          };
          return [planned[0], cookie, planned[1]].filter((each) => each !== undefined);
        }
        return planned;
      },
      ...overrides,
    },
  );
  const engine = context.createEngine(sink);
  return { engine, sink };
}

/** What the recorded server proves itself with, its signature given when what it signs is the same to the byte. */
export function recordedIdentity(recording: RecordedHandshake, scheme = 'rsa_pss_rsae_sha256'): Identity {
  return { certificateChain: certificatesOf(recording), signer: recordedSigner(recording, 'Server', scheme) };
}

/** Certificates, or the one raw public key, of the recorded server. */
export function certificatesOf(recording: RecordedHandshake): readonly Uint8Array[] {
  const message = recording.bytes('Message_Server_Certificate');
  return decodeCertificate13(message.subarray(4)).certificateList.map(({ certData }) => certData);
}

export function recordedSigner(recording: RecordedHandshake, who: 'Client' | 'Server', scheme: string): Signer {
  return {
    signatureSchemes: [scheme],
    sign: (wanted, input) => {
      // neither salt nor nonce was recorded
      expect(wanted).toBe(scheme);
      expect(Buffer.from(input).toString('hex')).toBe(recording.hex(`${who}_MessageToSign`));
      return recording.bytes(`${who}_MessageSignature`);
    },
  };
}

/** Ours, in the order of a recorded ServerHello; behind header, version and random its session id has any length. */
function inOrderOf(serverHello: Buffer, planned: readonly Extension[]): readonly Extension[] {
  const sessionIdAt = 4 + 2 + 32;
  const recorded = extensionsOf(serverHello, sessionIdAt + 1 + (serverHello[sessionIdAt] ?? 0) + 3);
  return recorded.flatMap(({ type }) => planned.filter((each) => each.type === type));
}

/** @param at where the list of extensions begins */
function extensionsOf(message: Buffer, at: number): readonly Extension[] {
  const extensions: Extension[] = [];
  for (let offset = at + 2; offset < message.length;) {
    const length = message.readUInt16BE(offset + 2);
    extensions.push({ type: message.readUInt16BE(offset), body: message.subarray(offset + 4, offset + 4 + length) });
    offset += 4 + length;
  }
  return extensions;
}

/** All that was sent since the last time, in hexadecimal. */
export function sent(sink: RecordingSink): string {
  return Buffer.concat(sink.outgoing.splice(0)).toString('hex');
}
