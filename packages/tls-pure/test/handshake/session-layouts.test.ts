import type { TlsSession } from '@org/tls-core';
import { withChecksum, withoutChecksum } from '@org/tls-core/backend';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { decodeSessionState, encodeSessionState, type SessionState } from '../../src/session/session-state.ts';
import { openTicket, sealTicket } from '../../src/session/ticket-sealer.ts';
import { enginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const key = { name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) };
const ticketKeys = { current: () => [key] };
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

type Version = 'TLSv1.2' | 'TLSv1.3';

function connect(version: Version, session?: TlsSession) {
  const versions = { minVersion: version, maxVersion: version };
  const engines = enginePair({
    client: { ...pair.client, ...versions },
    server: { ...pair.server, ...versions, ticketKeys },
    ...(session !== undefined && { engine: { session } }),
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  expect(engines.clientSink.failure ?? engines.serverSink.failure).toBeUndefined();
  return engines;
}

/** A session of the client, and the state in it. */
function firstSession(version: Version): { readonly session: TlsSession; readonly state: SessionState } {
  const [session] = connect(version).clientSink.sessions;
  const state = session && decodeSessionState(session.state);
  if (session === undefined || state === undefined) throw new Error('there is no session');
  return { session, state };
}

/** The same session with a ticket that the server's key seals, around other content than the server's own. */
function withTicket(version: Version, content: (state: Uint8Array) => Uint8Array): TlsSession {
  const { session, state } = firstSession(version);
  const plain = openTicket(nodeCrypto, [key], state.ticket);
  if (plain === undefined) throw new Error('the ticket cannot be opened');
  const ticket = sealTicket(nodeCrypto, key, content(plain), (into) => nodeCrypto.randomFill(into));
  return { ...session, state: encodeSessionState({ ...state, ticket }) };
}

/** Of the layout that is so many numbers away, and otherwise sound. */
const relaid =
  (distance: number) =>
  (plain: Uint8Array): Uint8Array => {
    const state = withoutChecksum(plain);
    if (state === undefined) throw new Error('the state cannot be read');
    return withChecksum(state.map((byte, index) => (index === 0 ? byte + distance : byte)));
  };

/** With a secret of zeros. */
function wiped(plain: Uint8Array): Uint8Array {
  const state = decodeSessionState(plain);
  if (state === undefined) throw new Error('the state cannot be read');
  return encodeSessionState({ ...state, secret: new Uint8Array(state.secret.length) });
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a ticket of %s', (version) => {
  it('is resumed when it is sealed around what the server itself would write', () => {
    expect(
      connect(
        version,
        withTicket(version, (state) => state),
      ).serverSink.info?.resumed,
    ).toBe(true);
  });

  it('of another layout, or with anything else in it, leads to a full handshake', () => {
    for (const content of [
      relaid(-1),
      relaid(1),
      (state: Uint8Array) => Uint8Array.from(state, (byte, index) => (index === 0 ? byte - 1 : byte)),
      (state: Uint8Array) => Uint8Array.from(state, (byte, index) => (index === 0 ? byte + 1 : byte)),
      (state: Uint8Array) => state.subarray(0, -1),
      () => Uint8Array.of(0),
    ])
      expect(connect(version, withTicket(version, content)).serverSink.info?.resumed).toBe(false);
  });

  it('with a secret of zeros, which somebody has wiped, leads to a full handshake', () => {
    expect(connect(version, withTicket(version, wiped)).serverSink.info?.resumed).toBe(false);
  });
});

describe('the state of a session', () => {
  it('is read from a copy, so that wiping its secret wipes nobody else’s', () => {
    const { session } = firstSession('TLSv1.3');
    const before = Uint8Array.from(session.state);
    decodeSessionState(session.state)?.secret.fill(0);
    expect(session.state).toEqual(before);
  });

  it('is not read when it is cut or a number in it stands for nothing', () => {
    const { session } = firstSession('TLSv1.3');
    for (let length = 0; length < session.state.length; length += 1)
      expect(decodeSessionState(session.state.subarray(0, length))).toBeUndefined();
    const plain = withoutChecksum(session.state);
    if (plain === undefined) throw new Error('the state cannot be read');
    const ofNoVersion = withChecksum(plain.map((byte, at) => (at === 1 ? 7 : byte)));
    expect(decodeSessionState(ofNoVersion)).toBeUndefined();
  });
});
