import { once } from 'node:events';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { createRoot } from '@org/pki';
import type { TlsBackend } from '@org/tls-core';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';

/** Each test runs over each of them. */
export const backends: readonly (readonly [name: string, backend: TlsBackend])[] = [
  ['pure', createPure()],
  ['native', createNative()],
];

export const root = await createRoot();
export const leaf = await root.issue({ names: ['localhost'] });

/** Options of a server that clients trust with `ca: root.certificatePem`. */
export const serverOptions = { cert: leaf.chainPem, key: leaf.privateKeyPem };

/** Listens on a free port of the loopback. */
export async function listen(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Stops listening and waits until the last connection is closed. */
export async function close(server: NetServer): Promise<void> {
  server.close();
  await once(server, 'close');
}
