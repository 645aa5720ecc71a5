import { ExtensionType } from '@org/tls-pure/misbehaving';
import type { ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf, text } from '../memory-pair.ts';
import { also, editExtensions } from '../message-edits.ts';
import { misbehaviourCases, play, type Misbehaviour, type MisbehaviourTable } from '../misbehaviour.ts';
import { recordType } from '../record-forger.ts';
import { refusals } from '../refusals.ts';

const { badRecordMac, illegalParameter, protocolVersion, limit } = refusals;
const { earlyData } = ExtensionType;
const ticketKeys = { current: () => [{ name: new Uint8Array(16).fill(3), secret: new Uint8Array(32).fill(4) }] };
const accepting = [editExtensions('EncryptedExtensions', also(earlyData))];
const announcing = [editExtensions('ClientHello', also(earlyData))];

/**
 * The client sends early data under the session of an honest server. Its alert is under the keys of early data, which the other
 * side may not have.
 */
const sendingEarlyData = {
  resumes: true,
  isUntold: true,
  connection: { earlyData: true, clientSends: text('early') },
} as const;

const servers: readonly Misbehaviour[] = [
  {
    id: 'early-data-unasked',
    title: '§4.2.10 early data that was not sent and is accepted aborts with unsupported_extension',
    edits: accepting,
    refused: refusals.unsupportedExtension,
  },
  {
    id: 'early-data-without-session',
    title: '§4.2.10 early data that is accepted without the session aborts with illegal_parameter',
    edits: accepting,
    ...sendingEarlyData,
    honestServer: { maxEarlyData: 1000, ticketKeys },
    refused: illegalParameter,
  },
  {
    id: 'early-data-other-protocol',
    title: '§4.2.10 early data that is accepted under another ALPN protocol aborts with illegal_parameter',
    edits: accepting,
    ...sendingEarlyData,
    client: { alpnProtocols: ['h2', 'http/1.1'] },
    server: { maxEarlyData: 1000, alpnProtocols: ['http/1.1'] },
    honestServer: { alpnProtocols: ['h2'] },
    refused: illegalParameter,
  },
  {
    id: 'early-data-tls-1.2',
    title: '§D.3 TLS 1.2 in answer to early data is refused with protocol_version',
    ...sendingEarlyData,
    client: { minVersion: 'TLSv1.2' },
    server: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
    honestServer: { maxEarlyData: 1000, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' },
    refused: protocolVersion,
  },
];

const clients: readonly Misbehaviour[] = [
  {
    id: 'early-data-skipped',
    title: '§4.2.10 early data that cannot be opened is skipped',
    edits: announcing,
    records: behindHello(...Array.from({ length: 10 }, () => sealedByNobody(40))),
    accepted: { earlyData: 'rejected' },
  },
  {
    id: 'early-data-without-end',
    title: '§4.2.10 early data is skipped up to a limit, and more of it aborts with unexpected_message',
    edits: announcing,
    records: behindHello(...Array.from({ length: 4 }, () => sealedByNobody(0x2000))),
    refused: limit,
  },
  {
    id: 'early-data-unannounced',
    title: '§4.2.10 a record that does not open is skipped only where early data was announced',
    records: behindHello(sealedByNobody(40)),
    refused: badRecordMac,
  },
  {
    id: 'early-data-late-in-flight',
    title:
      '§4.2.10 no record is skipped any more once one of the client’s flight has opened, although the handshake goes on',
    edits: announcing,
    client: { identity: identityOf('wrongPurpose'), maxFragmentLength: 256 },
    server: { clientAuthentication: 'require', clientTrust: rootPem },
    records: (flight, records) =>
      flight === 1 ? [...records.slice(0, -1), sealedByNobody(40), ...records.slice(-1)] : records,
    refused: badRecordMac,
  },
];

const clientTable: MisbehaviourTable = { name: 'misbehaving-client', victim: 'server', protocol: 'TLSv1.3' };

/** Cases of early data that a peer misuses (RFC 8446 §4.2.10). */
export const misbehavingEarlyDataCases: readonly ConformanceCase[] = [
  ...misbehaviourCases({ name: 'misbehaving-server', victim: 'client', protocol: 'TLSv1.3' }, servers),
  ...misbehaviourCases(clientTable, clients),
  {
    id: 'misbehaving-client/early-data-late',
    title: '§4.2.10 no record is skipped any more once one has opened',
    applies: ({ server }) => server.capabilities.server.protocols.includes('TLSv1.3'),
    run: async (roles) => {
      const pair = await play(roles, clientTable, { edits: announcing });
      expect(pair.serverSink.info?.earlyData).toBe('rejected');
      pair.server.receive(sealedByNobody(40));
      expect(pair.serverSink.failure).toMatchObject({ ...badRecordMac, direction: 'sent' });
    },
  },
];

/** Makes a protected record that no key opens. */
function sealedByNobody(length: number): Uint8Array {
  return Uint8Array.of(recordType.applicationData, 3, 3, length >>> 8, length, ...new Uint8Array(length).fill(7));
}

function behindHello(...more: readonly Uint8Array[]): NonNullable<Misbehaviour['records']> {
  return (flight, records) => (flight === 0 ? [...records, ...more] : records);
}
