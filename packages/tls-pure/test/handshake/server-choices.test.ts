import { createPublicKey, sign } from 'node:crypto';
import { createRoot } from '@org/pki';
import { AlertDescription, type TlsErrorCode } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { enginePair, type EnginePair } from '../support/engine-pair.ts';
import { also, editExtensions, editMessages, patched, withBody, without } from '../support/message-edits.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

function against(
  serverOverrides: HandshakeOverrides,
  client: Partial<TestPair['client']> = {},
  server: Partial<TestPair['server']> = {},
): EnginePair {
  const engines = enginePair({
    client: { ...pair.client, ...client },
    server: { ...pair.server, ...server },
    serverOverrides,
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  return engines;
}

function expectRefusal({ clientSink }: EnginePair, code: TlsErrorCode, alert: number): void {
  expect(clientSink.failure).toMatchObject({ code, alert, direction: 'sent' });
  expect(clientSink.info).toBeUndefined();
}

const supportedVersions = 43;
const serverCertificateType = 20;
const preSharedKey = 41;
/** Offset of legacy_session_id_echo's length in a ServerHello message: header 4, version 2, random 32. */
const sessionIdAt = 38;
const { illegalParameter, protocolVersion, decodeError } = AlertDescription;
const isRetryRequest = (message: Uint8Array): boolean => message[6] === 0xcf && message[7] === 0x21;

describe('a client refuses a server that', () => {
  it.each([1, 0])('RFC 8446 §4.1.3 says by the sentinel %i that it could do better', (last) => {
    const overrides = {
      ...editExtensions('ServerHello', without(supportedVersions)),
      ...editMessages(HandshakeType.serverHello, (message) => [
        patched(message, 30, 0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, last),
      ]),
    };
    expectRefusal(against(overrides, { minVersion: 'TLSv1.2' }), 'ERR_TLS_DOWNGRADE', illegalParameter);
  });

  it('RFC 8446 §4.1.4 chooses TLS 1.2 behind its HelloRetryRequest', () => {
    const overrides = editExtensions('ServerHello', without(supportedVersions));
    const engines = against(overrides, { minVersion: 'TLSv1.2' }, { groups: ['secp256r1'] });
    expectRefusal(engines, 'ERR_TLS_PROTOCOL_VERSION', protocolVersion);
  });

  it('RFC 8446 §4.2.11 chooses a pre-shared key that was not offered', () => {
    const externalPsks = [{ identity: new Uint8Array(4).fill(1), key: new Uint8Array(32).fill(2) }];
    const overrides = editExtensions('ServerHello', also(preSharedKey, 0, 1));
    expectRefusal(against(overrides, { externalPsks }), 'ERR_TLS_ILLEGAL_PARAMETER', illegalParameter);
  });

  it('RFC 8446 §4.2.11 chooses a pre-shared key and a suite of another hash', () => {
    const externalPsks = [{ identity: new Uint8Array(4).fill(1), key: new Uint8Array(32).fill(2) }];
    const overrides = editExtensions('ServerHello', also(preSharedKey, 0, 0));
    const engines = against(overrides, { externalPsks }, { cipherSuites: ['TLS_AES_256_GCM_SHA384'] });
    expectRefusal(engines, 'ERR_TLS_ILLEGAL_PARAMETER', illegalParameter);
  });

  it('RFC 8446 §4.1.2 chooses a suite of another hash than that of its HelloRetryRequest', () => {
    const overrides = editMessages(HandshakeType.serverHello, (message) => [
      isRetryRequest(message) ? message : patched(message, sessionIdAt + 33, 0x13, 0x02),
    ]);
    const engines = against(overrides, {}, { groups: ['secp256r1'] });
    expectRefusal(engines, 'ERR_TLS_ILLEGAL_PARAMETER', illegalParameter);
  });

  it('RFC 8446 §4.4.2 shows two raw public keys', async () => {
    const root = await createRoot();
    const leaf = await root.issue({ names: ['localhost'] });
    const spki = new Uint8Array(createPublicKey(leaf.privateKeyPem).export({ format: 'der', type: 'spki' }));
    const overrides = editMessages(HandshakeType.certificate, (message) => {
      const entry = message.subarray(8);
      const length = 2 * entry.length;
      return [withBody(message, Uint8Array.of(0, length >>> 16, length >>> 8, length, ...entry, ...entry))];
    });
    const engines = against(
      overrides,
      { peerCertificateTypes: ['RawPublicKey'], trustedPublicKeys: [spki] },
      { identity: { rawPublicKey: spki, privateKey: leaf.privateKeyPem } },
    );
    expectRefusal(engines, 'ERR_TLS_DECODE', decodeError);
  });

  it('RFC 8446 §4.2.3 signs its handshake with RSASSA-PKCS1-v1_5', async () => {
    const root = await createRoot();
    const leaf = await root.issue({ names: ['localhost'], algorithm: 'rsa-2048' });
    const signer = {
      signatureSchemes: ['rsa_pss_rsae_sha256'],
      sign: (_scheme: string, input: Uint8Array) => new Uint8Array(sign('sha256', input, leaf.privateKeyPem)),
    };
    const overrides = editMessages(HandshakeType.certificateVerify, (message) => [patched(message, 4, 0x04, 0x01)]);
    const engines = against(
      overrides,
      { trust: root.certificatePem },
      { identity: { certificateChain: leaf.chainPem, signer } },
    );
    expectRefusal(engines, 'ERR_TLS_ILLEGAL_PARAMETER', illegalParameter);
  });

  it('RFC 8446 §4.2.3 signs with its curve’s key by the scheme of another curve', () => {
    const overrides = editMessages(HandshakeType.certificateVerify, (message) => [patched(message, 4, 0x05, 0x03)]);
    expectRefusal(against(overrides), 'ERR_TLS_ILLEGAL_PARAMETER', illegalParameter);
  });

  it('RFC 7250 §4.2 shows an X.509 certificate to a client that takes none', () => {
    const engines = enginePair({
      client: { ...pair.client, peerCertificateTypes: ['RawPublicKey'], trustedPublicKeys: [new Uint8Array(44)] },
      server: pair.server,
      // so that the server does not know
      clientOverrides: editExtensions('ClientHello', without(serverCertificateType)),
    });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expectRefusal(engines, 'ERR_TLS_CERTIFICATE_UNSUPPORTED', AlertDescription.unsupportedCertificate);
  });

  it('RFC 8446 §4.4.2.2 signs with a key that must not sign, even where any certificate is accepted', async () => {
    const root = await createRoot();
    const leaf = await root.issue({ names: ['localhost'], keyUsage: ['keyEncipherment'] });
    const engines = against(
      {},
      { dangerous: { acceptAnyCertificate: true } },
      { identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem } },
    );
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_PURPOSE', direction: 'sent' });
  });

  it('RFC 8446 §4.4.4 sends a Finished with a byte too many', () => {
    const overrides = editMessages(HandshakeType.finished, (message) => [
      withBody(message, Uint8Array.of(...message.subarray(4), 0)),
    ]);
    expectRefusal(against(overrides), 'ERR_TLS_DECRYPT', AlertDescription.decryptError);
  });
});
