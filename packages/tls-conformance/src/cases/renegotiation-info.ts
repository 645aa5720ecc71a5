import { ExtensionType, misbehavingBackend } from '@org/tls-pure/misbehaving';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { join, MemoryPair } from '../memory-pair.ts';
import { editExtensions, overridesOf, without } from '../message-edits.ts';
import { expectRefused, expectTold, ticketKeys } from '../misbehaviour.ts';
import { leftOut, rawClientHello } from '../raw-client-hello.ts';
import { refusals } from '../refusals.ts';

const client = only('TLSv1.2');
const { renegotiationInfo } = ExtensionType;
const canRequire = ({ client: backend }: Roles): boolean =>
  backend.capabilities.client.protocols.includes('TLSv1.2') &&
  backend.capabilities.client.options.includes('requireSecureRenegotiation');

/** Gives roles whose server does not know RFC 5746. */
function withOldServer(roles: Roles): Roles {
  const server = misbehavingBackend(overridesOf([editExtensions('ServerHello', without(renegotiationInfo))]));
  return { ...roles, certificate: 'ecdsa-p256', server };
}

/** Whether one talks to a peer that does not know RFC 5746. Nobody renegotiates here, so that only a client has to refuse it. */
export const renegotiationInfoCases: readonly ConformanceCase[] = [
  {
    id: 'renegotiation-info/required',
    title: 'RFC 5746 §3.4 a client refuses a server that does not send renegotiation_info, by handshake_failure',
    applies: canRequire,
    run: async (roles) => {
      for (const options of [{}, { requireSecureRenegotiation: true }]) {
        const pair = await new Peers(withOldServer(roles), { client: { ...client, ...options } }).run();
        expectRefused(pair, 'client', refusals.handshakeFailure);
        expectTold(pair, 'client', refusals.handshakeFailure);
      }
    },
  },
  {
    id: 'renegotiation-info/not-required',
    title: 'a client that does not require it connects',
    applies: canRequire,
    run: async (roles) => {
      const options = { client: { ...client, requireSecureRenegotiation: false } };
      for (const each of [roles, withOldServer(roles)])
        expectInfo(await new Peers(each, options).open(), { protocol: 'TLSv1.2' });
    },
  },
  {
    id: 'renegotiation-info/resumed',
    title: 'RFC 5746 §3.4 it is required where a session is resumed as well',
    applies: (roles) => canRequire(roles) && roles.client.capabilities.client.features.resumption,
    run: async (roles) => {
      const server = { ticketKeys };
      const honest = new Peers({ ...withOldServer(roles), server: misbehavingBackend({}) }, { client, server });
      const old = new Peers(withOldServer(roles), { client, server });
      const contexts = { client: honest.contexts.client, server: old.contexts.server };
      const pair = new MemoryPair(roles, { session: await honest.session() }, contexts);
      await pair.settle();
      expectRefused(pair, 'client', refusals.handshakeFailure);
    },
  },
  {
    id: 'renegotiation-info/old-client',
    title: 'RFC 5746 §3.6 a server that never renegotiates serves a client that does not know it, and sends it none',
    applies: ({ server }) => server.capabilities.server.protocols.includes('TLSv1.2'),
    run: async (roles) => {
      const pair = new MemoryPair(roles, { server: only('TLSv1.2') });
      pair.server.receive(rawClientHello({ extensions: [leftOut(renegotiationInfo)] }));
      while (pair.serverSink.calls.length === 0) await pair.serverSink.activity();
      expect(pair.serverSink.failure).toBeUndefined();
      // These bytes are the whole extension of RFC 5746 §3.2 with an empty body.
      expect(join(pair.serverSink.outgoing).join()).not.toContain('255,1,0,1,0');
    },
  },
];
