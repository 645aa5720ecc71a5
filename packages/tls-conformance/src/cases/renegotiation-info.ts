import { expect } from 'vitest';
import { bothSpeak, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectInfo, only, Peers } from '../connections.ts';
import { MemoryPair } from '../memory-pair.ts';

const client = only('TLSv1.2');
const canRequire = (roles: Roles): boolean =>
  bothSpeak('TLSv1.2')(roles) && roles.client.capabilities.client.options.includes('requireSecureRenegotiation');

/** Whether a peer that does not know RFC 5746 is spoken to. Nobody renegotiates here, so that only a client has to mind. */
export const renegotiationInfoCases: readonly ConformanceCase[] = [
  {
    id: 'renegotiation-info/required',
    title: 'RFC 5746 §3.4 a client refuses a server that does not send renegotiation_info, by handshake_failure',
    applies: canRequire,
    run: async (roles) => {
      for (const options of [{}, { requireSecureRenegotiation: true }]) {
        const pair = await new Peers(roles, { client: { ...client, ...options } }).run({}, fromOldServer());
        expect(pair.clientSink.failure).toMatchObject({
          code: 'ERR_TLS_NO_COMMON_PARAMETERS',
          alert: 40,
          direction: 'sent',
        });
        expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 40, direction: 'received' });
        expect(pair.clientSink.info).toBeUndefined();
      }
    },
  },
  {
    id: 'renegotiation-info/not-required',
    title: 'a client that does not require it goes on, and the server sees by its Finished that the hello was changed',
    applies: canRequire,
    run: async (roles) => {
      const options = { client: { ...client, requireSecureRenegotiation: false } };
      const pair = await new Peers(roles, options).run({}, fromOldServer());
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', direction: 'received' });
      expect(pair.serverSink.failure).toMatchObject({ direction: 'sent', family: 'peer-misbehaved' });
      expectInfo(await new Peers(roles, options).open(), { protocol: 'TLSv1.2' });
    },
  },
  {
    id: 'renegotiation-info/resumed',
    title: 'RFC 5746 §3.4 it is required where a session is resumed as well',
    applies: (roles) => canRequire(roles) && roles.client.capabilities.client.features.resumption,
    run: async (roles) => {
      const peers = new Peers(roles, { client });
      const pair = await peers.run({ session: await peers.session() }, fromOldServer());
      expect(pair.clientSink.failure).toMatchObject({ alert: 40, direction: 'sent' });
    },
  },
  {
    id: 'renegotiation-info/old-client',
    title: 'RFC 5746 §3.6 a server that never renegotiates serves a client that does not know it, and sends it none',
    applies: bothSpeak('TLSv1.2'),
    run: (roles) => {
      const pair = new MemoryPair(roles, { client });
      const [hello] = pair.clientSink.outgoing.splice(0);
      if (hello === undefined) return;
      pair.server.receive(withoutRenegotiationInfo(hello));
      expect(pair.serverSink.failure).toBeUndefined();
      const [answer = new Uint8Array(0)] = pair.serverSink.outgoing;
      expect(answer[0]).toBe(handshakeRecord);
      expect(withoutRenegotiationInfo(answer)).toEqual(answer);
    },
  },
];

const handshakeRecord = 22;
const clientHello = 1;
const recordHeaderLength = 5;
const messageHeaderLength = 4;
const renegotiationInfo = 0xff01;
const emptyRenegotiationInfoScsv = 0x00ff;
const reservedSuite = 0x0a0a; // RFC 8701

/** Takes renegotiation_info out of the server's first message. */
function fromOldServer() {
  let isFirst = true;
  return (batch: Uint8Array, from: 'client' | 'server'): readonly Uint8Array[] => {
    if (from === 'client' || !isFirst) return [batch];
    isFirst = false;
    return [withoutRenegotiationInfo(batch)];
  };
}

/** A batch that begins with a hello of either side, without what says that its sender knows RFC 5746. */
function withoutRenegotiationInfo(batch: Uint8Array): Uint8Array {
  const copy = batch.slice();
  const view = new DataView(copy.buffer);
  const isClient = copy[recordHeaderLength] === clientHello;
  let at = recordHeaderLength + messageHeaderLength + 2 + 32; // legacy_version, random
  at += 1 + view.getUint8(at); // session id
  if (isClient) {
    const end = at + 2 + view.getUint16(at);
    for (at += 2; at < end; at += 2)
      if (view.getUint16(at) === emptyRenegotiationInfoScsv) view.setUint16(at, reservedSuite);
    at += 1 + view.getUint8(at); // compression methods
  } else at += 2 + 1; // cipher suite, compression method
  const lengthAt = at;
  const end = at + 2 + view.getUint16(at);
  for (at += 2; at < end; at += 4 + view.getUint16(at + 2)) {
    if (view.getUint16(at) !== renegotiationInfo) continue;
    const removed = 4 + view.getUint16(at + 2);
    for (const place of [3, recordHeaderLength + 2, lengthAt]) view.setUint16(place, view.getUint16(place) - removed);
    return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(at + removed)]);
  }
  return copy;
}
