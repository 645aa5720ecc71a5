import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { HandshakeIo } from '../../src/handshake/handshake-io.ts';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { FloodLimits } from '../../src/record/flood-limits.ts';
import { ExtensionType } from '../../src/wire/extension.ts';
import { earlyDataIndication } from '../../src/wire/extensions/early-data.ts';
import { encodeClientKeyShares } from '../../src/wire/extensions/key-share.ts';
import { encodeSignatureAlgorithms } from '../../src/wire/extensions/signature-algorithms.ts';
import { encodeSupportedGroups } from '../../src/wire/extensions/supported-groups.ts';
import { encodeSupportedVersions } from '../../src/wire/extensions/supported-versions.ts';
import { encodeCertificate13 } from '../../src/wire/messages/certificate-13.ts';
import { encodeClientHello } from '../../src/wire/messages/client-hello.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** From here on handshakes send what comes after a message of this type in records of one byte. */
function fragmentFrom(type: HandshakeType): void {
  const { send } = HandshakeIo.prototype;
  vi.spyOn(HandshakeIo.prototype, 'send').mockImplementation(function (this: HandshakeIo, message) {
    if (message[0] === type) this.limitFragments(1);
    send.call(this, message);
  });
}

/** Sends another message in place of each one of this type. */
function sendingInstead(type: HandshakeType, other: Uint8Array): HandshakeOverrides {
  return { shapeMessage: (message) => [message[0] === type ? other : message] };
}

describe('A handshake in records of one byte', () => {
  it('RFC 8446 §5.1 is done, the client’s Finished or the server’s whole flight', () => {
    for (const type of [HandshakeType.finished, HandshakeType.encryptedExtensions]) {
      fragmentFrom(type);
      const engines = enginePair({ client: pair.client, server: pair.server });
      engines.server.start();
      engines.client.start();
      engines.pump();
      expect(engines.clientSink.info).toBeDefined();
      expect(engines.serverSink.info).toBeDefined();
      vi.restoreAllMocks();
    }
  });

  it('is ended where a certificate comes in more of them than an honest one has bytes', () => {
    fragmentFrom(HandshakeType.certificate);
    const long = encodeCertificate13(new Uint8Array(0), [new Uint8Array(2000).fill(0x30)]);
    const serverOverrides = sendingInstead(HandshakeType.certificate, long);
    const engines = enginePair({ client: pair.client, server: pair.server, serverOverrides });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT', alert: 10 });
  });

  it('is ended sooner where no certificate is expected', () => {
    fragmentFrom(HandshakeType.finished);
    const long = Uint8Array.of(HandshakeType.finished, 0, 2, 0, ...new Uint8Array(512));
    const clientOverrides = sendingInstead(HandshakeType.finished, long);
    const engines = enginePair({ client: pair.client, server: pair.server, clientOverrides });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expect(engines.serverSink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT', alert: 10 });
  });

  it('is counted without regard to data', () => {
    const limits = new FloodLimits();
    for (let index = 0; index < 256; index += 1) limits.smallRecord();
    limits.reset();
    expect(() => limits.smallRecord()).toThrow(expect.objectContaining({ code: 'ERR_TLS_LIMIT' }));
  });
});

describe('RFC 8446 §4.2.10 early data that is skipped', () => {
  /** A ClientHello that announces early data, with its record's header. */
  function helloWithEarlyData(): Uint8Array {
    const { publicKey } = nodeCrypto.generateKeyShare('x25519');
    const message = encodeClientHello({
      random: new Uint8Array(32).fill(7),
      legacySessionId: new Uint8Array(0),
      cipherSuites: [0x1301],
      extensions: [
        encodeSupportedVersions([0x0304]),
        encodeSupportedGroups([0x1d]),
        encodeSignatureAlgorithms([0x0403, 0x0804, 0x0807]),
        encodeClientKeyShares([{ group: 0x1d, keyExchange: publicKey }]),
        { type: ExtensionType.earlyData, body: earlyDataIndication.body },
      ],
    });
    return Uint8Array.of(22, 3, 1, message.length >>> 8, message.length, ...message);
  }

  it.each([
    ['empty', 0],
    ['of one byte', 1],
    ['of a tag and a type', 17],
  ])('in records that are %s ends the connection after a few', (_, length) => {
    const { server, serverSink } = enginePair({ client: pair.client, server: pair.server });
    server.start();
    server.receive(helloWithEarlyData());
    expect(serverSink.failure).toBeUndefined();
    const record = Uint8Array.of(23, 3, 3, 0, length, ...new Uint8Array(length));
    let passed = 0;
    for (; serverSink.failure === undefined && passed < 1000; passed += 1) server.receive(record);
    expect(serverSink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT' });
    expect(passed).toBe(32 + 1);
  });
});
