import type { ConnectionInfo, ProtocolVersion, TlsSession } from '@org/tls-core';
import type { Roles } from './conformance-case.ts';
import { expect } from './expect.ts';
import {
  makeContexts,
  MemoryPair,
  type ConnectionOptions,
  type ContextOptions,
  type Contexts,
  type Wire,
} from './memory-pair.ts';

/** What both sides must report about a connection alike. */
const sameOnBothSides = [
  'protocol',
  'cipherSuite',
  'group',
  'signatureScheme',
  'clientSignatureScheme',
  'alpnProtocol',
  'resumed',
  'helloRetryRequest',
  'earlyData',
  'clientAuthentication',
] as const satisfies readonly (keyof ConnectionInfo)[];

/** Gives the options of a client or a server that speaks one protocol only. */
export function only(protocol: ProtocolVersion): {
  readonly minVersion: ProtocolVersion;
  readonly maxVersion: ProtocolVersion;
} {
  return { minVersion: protocol, maxVersion: protocol };
}

/** Runs one connection after another between the same two contexts. */
export class Peers {
  readonly #roles: Roles;
  readonly contexts: Contexts;

  constructor(roles: Roles, options: ContextOptions = {}, contexts: Contexts = makeContexts(roles, options)) {
    this.#roles = roles;
    this.contexts = contexts;
  }

  /** Gives the same client with another server, or with the same one after its configuration has changed. */
  withServer(options: ContextOptions): Peers {
    const { server } = makeContexts(this.#roles, options);
    return new Peers(this.#roles, options, { client: this.contexts.client, server });
  }

  /** Makes a connection and runs it until it is open or has failed. */
  async run(options: ConnectionOptions = {}, wire?: Wire): Promise<MemoryPair> {
    const pair = new MemoryPair(this.#roles, options, this.contexts);
    await pair.settle(wire);
    return pair;
  }

  /** Makes a connection that must succeed, and compares what both sides report about it. */
  async open(options: ConnectionOptions = {}, wire?: Wire): Promise<MemoryPair> {
    const pair = await this.run(options, wire);
    expectOpen(pair);
    return pair;
  }

  /** Makes a connection as `open` does, and waits until the client has so many sessions. */
  async sessions(count: number, options: ConnectionOptions = {}): Promise<readonly TlsSession[]> {
    const pair = await this.open(options);
    await pair.pumpUntil(() => pair.clientSink.sessions.length >= count);
    return pair.clientSink.sessions;
  }

  /** Makes a connection as `open` does, and waits until the client has a session. */
  async session(options: ConnectionOptions = {}): Promise<TlsSession> {
    const [session] = await this.sessions(1, options);
    if (session === undefined) throw new Error('there is no session');
    return session;
  }
}

/** Asserts that both sides are connected and report the same about the connection. */
export function expectOpen({ clientSink, serverSink, untold }: MemoryPair): void {
  expect(clientSink.failure).toBeUndefined();
  expect(serverSink.failure).toBeUndefined();
  for (const property of sameOnBothSides) {
    const [atServer, atClient] = [serverSink.info?.[property], clientSink.info?.[property]];
    if (untold.includes(property) && (atServer === undefined || atClient === undefined)) continue;
    expect(atServer, property).toBe(atClient);
  }
}

/** Asserts that both sides report this about the connection. */
export function expectInfo({ clientSink, serverSink }: MemoryPair, info: Partial<ConnectionInfo>): void {
  expect(clientSink.info).toMatchObject(info);
  expect(serverSink.info).toMatchObject(info);
}

/** Sends data both ways, and asserts that it arrives. */
export async function expectData(pair: MemoryPair): Promise<void> {
  const { clientSink, serverSink } = pair;
  const [fromServer, fromClient] = [clientSink.received.length, serverSink.received.length];
  pair.client.send(new Uint8Array(100).fill(1));
  pair.server.send(new Uint8Array(200).fill(2));
  await pair.pumpUntil(
    () => serverSink.received.length === fromClient + 100 && clientSink.received.length === fromServer + 200,
  );
  expect(clientSink.failure ?? serverSink.failure).toBeUndefined();
}
