import { randomFillSync } from 'node:crypto';
import { createRoot } from '@org/pki';
import { AlertDescription, type Identity } from '@org/tls-core';
import { TicketKeyRing } from '@org/tls-core/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { generateEchKey } from '../../src/ech/keys.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { enginePair, type EnginePair, type PairOptions } from '../support/engine-pair.ts';
import { also, editExtensions, editMessages, patched } from '../support/message-edits.ts';

const offered = generateEchKey(nodeCrypto, { publicName: 'public.test', configId: 1 });
const other = generateEchKey(nodeCrypto, { publicName: 'public.test', configId: 2 });
const encryptedClientHello = 0xfe0d;

let peers: Pick<PairOptions, 'client' | 'server'>;
let clientIdentity: Identity;
beforeAll(async () => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost', 'public.test'] });
  const clientLeaf = await root.issue({ names: ['client.test'] });
  clientIdentity = { certificateChain: clientLeaf.chainPem, privateKey: clientLeaf.privateKeyPem };
  peers = {
    client: { trust: root.certificatePem, groups: ['x25519', 'secp256r1'] },
    server: {
      identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem },
      clientTrust: root.certificatePem,
      echKeys: [{ config: offered.config, privateKey: offered.privateKey }],
    },
  };
});

/** A handshake with Encrypted Client Hello; it needs turns of the event loop, since HPKE answers by Promise. */
async function connect(options: Partial<PairOptions> = {}): Promise<EnginePair> {
  const engines = enginePair({
    client: { ...peers.client, ...options.client },
    server: { ...peers.server, ...options.server },
    engine: { echConfigList: offered.configList, ...options.engine },
    serverOverrides: options.serverOverrides ?? {},
  });
  const { clientSink, serverSink } = engines;
  engines.server.start();
  engines.client.start();
  const isDone = (): boolean => clientSink.failure !== undefined || serverSink.failure !== undefined;
  for (let turn = 0; turn < 1000 && !isDone(); turn += 1) {
    if (clientSink.info !== undefined && serverSink.info !== undefined) break;
    engines.pump();
    // the next turn has what HPKE gave
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setImmediate(resolve));
  }
  engines.pump();
  return engines;
}

describe('a client that offers Encrypted Client Hello', () => {
  it.each([false, true])('is accepted when nobody misbehaves, behind a HelloRetryRequest: %s', async (isRetry) => {
    const server = { ...peers.server, ...(isRetry && { groups: ['secp256r1'] }) };
    const { clientSink } = await connect({ server });
    expect(clientSink.failure).toBeUndefined();
    expect(clientSink.info).toMatchObject({ ech: 'accepted', helloRetryRequest: isRetry });
  });

  it('tells that a HelloRetryRequest has rejected its early data', async () => {
    const server = {
      ...peers.server,
      maxEarlyData: 1000,
      ticketKeys: new TicketKeyRing(Date.now, randomFillSync, 7_200_000),
    };
    const first = await connect({ server });
    const [session] = first.clientSink.sessions;
    if (session === undefined) throw new Error('there is no session');
    const engine = { session, earlyData: true } as const;
    const { clientSink } = await connect({ server: { ...server, groups: ['secp256r1'] }, engine });
    expect(clientSink.failure).toBeUndefined();
    expect(clientSink.info).toMatchObject({
      ech: 'accepted',
      resumed: true,
      helloRetryRequest: true,
      earlyData: 'rejected',
      earlyDataReason: 'helloRetryRequest',
    });
  });

  it('RFC 9849 §6.1.4 refuses retry configs of a server that accepted it', async () => {
    const serverOverrides = editExtensions('EncryptedExtensions', also(encryptedClientHello, ...other.configList));
    const { clientSink } = await connect({ serverOverrides });
    expect(clientSink.failure).toMatchObject({
      code: 'ERR_TLS_UNSUPPORTED_EXTENSION',
      alert: AlertDescription.unsupportedExtension,
      direction: 'sent',
    });
  });

  it('RFC 9849 §6.1.5 refuses a server that confirms it in the HelloRetryRequest alone', async () => {
    const isRetryRequest = (message: Uint8Array): boolean => message[6] === 0xcf && message[7] === 0x21;
    const serverOverrides = editMessages(HandshakeType.serverHello, (message) => [
      isRetryRequest(message) ? message : patched(message, 37, (message[37] ?? 0) ^ 1),
    ]);
    const { clientSink } = await connect({ server: { ...peers.server, groups: ['secp256r1'] }, serverOverrides });
    expect(clientSink.failure).toMatchObject({
      code: 'ERR_TLS_ILLEGAL_PARAMETER',
      alert: AlertDescription.illegalParameter,
      direction: 'sent',
    });
  });

  it('RFC 9849 §6.1.7 shows its certificate to no server that rejects it', async () => {
    const { clientSink, serverSink } = await connect({
      client: { ...peers.client, identity: clientIdentity },
      server: {
        ...peers.server,
        clientAuthentication: 'request',
        echKeys: [{ config: other.config, privateKey: other.privateKey }],
      },
    });
    expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_ECH_REJECTED' });
    expect(serverSink.info).toMatchObject({ clientAuthentication: 'requested', peer: undefined });
  });
});
