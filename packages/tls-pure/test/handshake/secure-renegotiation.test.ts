import type { ClientConfig } from '@org/tls-core';
import { describe, expect, it } from 'vitest';
import { enginePair, type EnginePair } from '../support/engine-pair.ts';
import { editExtensions, without } from '../support/message-edits.ts';
import { testPair } from '../support/test-identity.ts';

const renegotiationInfo = 0xff01;
const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

describe('RFC 5746 §3.4 with a server of TLS 1.2 that does not know renegotiation_info', () => {
  it.each([{}, { requireSecureRenegotiation: true }])(
    'a client with %o ends with handshake_failure',
    async (options) => {
      const { clientSink } = await meetOldServer(options);
      expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: 40, direction: 'sent' });
      expect(clientSink.info).toBeUndefined();
    },
  );

  it('a client that does not require it connects', async () => {
    const { clientSink, serverSink } = await meetOldServer({ requireSecureRenegotiation: false });
    expect(clientSink.failure ?? serverSink.failure).toBeUndefined();
    expect(clientSink.info).toMatchObject({ protocol: 'TLSv1.2' });
  });
});

async function meetOldServer(options: ClientConfig): Promise<EnginePair> {
  const { client, server } = await testPair();
  const engines = enginePair({
    client: { ...client, ...tls12, ...options },
    server: { ...server, ...tls12 },
    serverOverrides: editExtensions('ServerHello', without(renegotiationInfo)),
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  return engines;
}
