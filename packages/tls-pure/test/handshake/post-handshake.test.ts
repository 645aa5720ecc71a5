import { AlertDescription } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { enginePair, type RecordingSink } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

/** A client whose server sends these messages behind the handshake. */
function clientThatGets(...messages: readonly Uint8Array[]): RecordingSink {
  const engines = enginePair({ ...pair, serverOverrides: { afterHandshake: messages } });
  engines.server.start();
  engines.client.start();
  engines.pump();
  return engines.clientSink;
}

const keyUpdate = (...body: readonly number[]): Uint8Array =>
  Uint8Array.of(HandshakeType.keyUpdate, 0, 0, body.length, ...body);

describe('RFC 8446 §4.6.3 a KeyUpdate', () => {
  it.each([2, 255])('of the value %i aborts with illegal_parameter', (value) => {
    expect(clientThatGets(keyUpdate(value)).failure).toMatchObject({
      code: 'ERR_TLS_ILLEGAL_PARAMETER',
      alert: AlertDescription.illegalParameter,
    });
  });

  it.each([[[]], [[0, 0]]])('of another length aborts with decode_error: %o', (body) => {
    expect(clientThatGets(keyUpdate(...body)).failure).toMatchObject({
      code: 'ERR_TLS_DECODE',
      alert: AlertDescription.decodeError,
    });
  });
});

it('RFC 8446 §4.6.1 a ticket is used seven days at most, whatever lifetime its server says', () => {
  const lifetime = [0xff, 0xff, 0xff, 0xff];
  const ticket = Uint8Array.of(4, 0, 0, 15, ...lifetime, 0, 0, 0, 0, 1, 0, 0, 1, 7, 0, 0);
  const [session] = clientThatGets(ticket).sessions;
  const seconds = ((session?.expiresAt ?? 0) - (session?.receivedAt ?? 0)) / 1000;
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(604_800);
});

it.each([
  ['a message behind a KeyUpdate, whose keys are old', [keyUpdate(0), keyUpdate(0)]],
  ['a CertificateRequest, which was not offered', [Uint8Array.of(HandshakeType.certificateRequest, 0, 0, 3, 0, 0, 0)]],
  ['a Finished', [Uint8Array.of(HandshakeType.finished, 0, 0, 0)]],
])('RFC 8446 §4.6 %s aborts with unexpected_message', (_what, messages) => {
  expect(clientThatGets(...messages).failure).toMatchObject({
    code: 'ERR_TLS_UNEXPECTED_MESSAGE',
    alert: AlertDescription.unexpectedMessage,
  });
});
