import { createRoot } from '@org/pki';
import { expect, it } from 'vitest';
import { enginePair } from '../support/engine-pair.ts';
import { testPair } from '../support/test-identity.ts';

it('RFC 8446 §4.4.2.2 a client refuses a key that must not sign, even where it accepts any certificate', async () => {
  const pair = await testPair();
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'], keyUsage: ['keyEncipherment'] });
  const { server, client, clientSink, pump } = enginePair({
    client: { ...pair.client, dangerous: { acceptAnyCertificate: true } },
    server: { ...pair.server, identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem } },
  });
  server.start();
  client.start();
  pump();
  expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_PURPOSE', direction: 'sent' });
});
