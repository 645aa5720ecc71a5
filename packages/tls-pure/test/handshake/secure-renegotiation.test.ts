import { expect, it } from 'vitest';
import { enginePair } from '../support/engine-pair.ts';
import { editExtensions, without } from '../support/message-edits.ts';
import { testPair } from '../support/test-identity.ts';

const renegotiationInfo = 0xff01;
const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

it.each([undefined, true, false])(
  'RFC 5746 §3.4 with requireSecureRenegotiation %s a client meets a server of old',
  async (requireSecureRenegotiation) => {
    const { client, server } = await testPair();
    const options = requireSecureRenegotiation === undefined ? {} : { requireSecureRenegotiation };
    const { clientSink, serverSink, ...engines } = enginePair({
      client: { ...client, ...tls12, ...options },
      server: { ...server, ...tls12 },
      serverOverrides: editExtensions('ServerHello', without(renegotiationInfo)),
    });
    engines.server.start();
    engines.client.start();
    engines.pump();
    if (requireSecureRenegotiation === false) {
      expect(clientSink.failure ?? serverSink.failure).toBeUndefined();
      expect(clientSink.info).toMatchObject({ protocol: 'TLSv1.2' });
      return;
    }
    expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: 40, direction: 'sent' });
    expect(clientSink.info).toBeUndefined();
  },
);
