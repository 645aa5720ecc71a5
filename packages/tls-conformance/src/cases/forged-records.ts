import type { ProtocolVersion } from '@org/tls-core';
import { bothHave, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { join, text } from '../memory-pair.ts';
import { canForge, recordType, RecordForger, type Sender } from '../record-forger.ts';

const senders: readonly Sender[] = ['client', 'server'];
const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const { alert, applicationData, changeCipherSpec, handshake } = recordType;

const unexpected = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: 10, direction: 'sent' } as const;
const badMac = { code: 'ERR_TLS_BAD_RECORD_MAC', alert: 20, direction: 'sent' } as const;
const overflow = { code: 'ERR_TLS_RECORD_OVERFLOW', alert: 22, direction: 'sent' } as const;
const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: 47, direction: 'sent' } as const;
const decode = { code: 'ERR_TLS_DECODE', alert: 50, direction: 'sent' } as const;
const limit = { code: 'ERR_TLS_LIMIT', direction: 'sent' } as const;
const refusedRenegotiation = { code: 'ERR_TLS_NO_RENEGOTIATION', alert: 100, direction: 'sent' } as const;
const received = (number: number) => ({ code: 'ERR_TLS_ALERT', alert: number, direction: 'received' });

/** Records that an open connection gets, and how it fails; `undefined` where it goes on. */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly protocols?: readonly ProtocolVersion[];
  readonly senders?: readonly Sender[];
  /** The records, each with a content type and a content. */
  readonly records: readonly (readonly [type: number, content: readonly number[]])[];
  readonly failure: object | undefined;
}

const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);
const clientHello = [1, 0, 0, 43, 3, 3, ...times(32, 7), 0, 0, 2, 0xc0, 0x2b, 1, 0, 0, 0];

/** The smallest NewSessionTicket (RFC 8446 §4.6.1): its lifetime is a second, its nonce and its ticket have one byte each. */
const newSessionTicket = [4, 0, 0, 15, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 7, 0, 0];

const rows: readonly Row[] = [
  {
    id: 'alert-one-byte',
    title: '§5.1 an alert of which a record holds one byte aborts with decode_error',
    records: [
      [alert, [1]],
      [alert, [90]],
    ],
    failure: decode,
  },
  {
    id: 'alert-two',
    title: '§5.1 two alerts in a record abort with decode_error',
    records: [[alert, [1, 90, 1, 90]]],
    failure: decode,
  },
  {
    id: 'alert-empty',
    title: '§5.4 an alert record without content aborts with unexpected_message',
    records: [[alert, []]],
    failure: unexpected,
  },
  {
    id: 'alert-level',
    title: 'an alert of a level that does not exist aborts with illegal_parameter',
    records: [[alert, [3, 90]]],
    failure: illegal,
  },
  {
    id: 'alert-unknown',
    title: '§6.2 an unknown alert at the level fatal ends the connection, with its number',
    records: [[alert, [2, 199]]],
    failure: received(199),
  },
  {
    id: 'warning-unknown-1.2',
    title: 'RFC 5246 §7.2.2 an unknown warning is let pass in TLS 1.2',
    protocols: ['TLSv1.2'],
    records: [[alert, [1, 199]]],
    failure: undefined,
  },
  {
    id: 'warning-unknown-1.3',
    title: '§6 an unknown alert at the level warning is fatal in TLS 1.3',
    protocols: ['TLSv1.3'],
    records: [[alert, [1, 199]]],
    failure: received(199),
  },
  {
    id: 'warning-no-renegotiation-1.2',
    title: 'RFC 5246 §7.2.2 no_renegotiation is let pass in TLS 1.2',
    protocols: ['TLSv1.2'],
    records: [[alert, [1, 100]]],
    failure: undefined,
  },
  {
    id: 'warning-four',
    title: '§6.1 user_canceled at the level warning is let pass four times',
    records: times(4, [alert, [1, 90]] as const),
    failure: undefined,
  },
  {
    id: 'warning-flood',
    title: 'warnings without end and without data are ERR_TLS_LIMIT',
    records: times(40, [alert, [1, 90]] as const),
    failure: limit,
  },
  {
    id: 'user-canceled-fatal-1.2',
    title: 'RFC 5246 §7.2.2 user_canceled at the level fatal ends a connection of TLS 1.2 at once',
    protocols: ['TLSv1.2'],
    records: [[alert, [2, 90]]],
    failure: received(90),
  },
  {
    id: 'user-canceled-fatal-1.3',
    title: '§6 the level of user_canceled says nothing in TLS 1.3',
    protocols: ['TLSv1.3'],
    records: [[alert, [2, 90]]],
    failure: undefined,
  },
  {
    id: 'close-notify-fatal-1.2',
    title:
      'RFC 5246 §7.2.2 close_notify at the level fatal ends a connection of TLS 1.2 as a failure, not as a closure',
    protocols: ['TLSv1.2'],
    records: [[alert, [2, 0]]],
    failure: received(0),
  },
  {
    id: 'handshake-empty',
    title: '§5.1 a handshake record without content aborts with unexpected_message',
    records: [[handshake, []]],
    failure: unexpected,
  },
  {
    id: 'handshake-interleaved',
    title: '§5.1 another record between the fragments of a handshake message aborts with unexpected_message',
    records: [
      [handshake, [24, 0]],
      [applicationData, [1]],
    ],
    failure: unexpected,
  },
  {
    id: 'handshake-unexpected',
    title: 'a Finished in an open connection aborts with unexpected_message',
    records: [[handshake, [20, 0, 0, 12, ...times(12, 0)]]],
    failure: unexpected,
  },
  {
    id: 'change-cipher-spec',
    title: '§5 a protected ChangeCipherSpec in an open connection aborts with unexpected_message',
    records: [[changeCipherSpec, [1]]],
    failure: unexpected,
  },
  {
    id: 'type-24',
    title: '§5 a record of an undefined content type aborts with unexpected_message',
    records: [[24, [1]]],
    failure: unexpected,
  },
  {
    id: 'data-empty',
    title: '§5.1 records of application data without content are let pass',
    records: times(16, [applicationData, []] as const),
    failure: undefined,
  },
  {
    id: 'data-empty-flood',
    title: 'empty records without end are ERR_TLS_LIMIT',
    records: times(80, [applicationData, []] as const),
    failure: limit,
  },
  {
    id: 'key-update-value',
    title: '§4.6.3 a KeyUpdate of another value than 0 and 1 aborts with illegal_parameter',
    protocols: ['TLSv1.3'],
    records: [[handshake, [24, 0, 0, 1, 2]]],
    failure: illegal,
  },
  {
    id: 'key-update-length',
    title: '§4.6.3 a KeyUpdate of two bytes aborts with decode_error',
    protocols: ['TLSv1.3'],
    records: [[handshake, [24, 0, 0, 2, 0, 0]]],
    failure: decode,
  },
  {
    id: 'key-update-followed',
    title: '§5.1 a message behind a KeyUpdate in the same record aborts with unexpected_message',
    protocols: ['TLSv1.3'],
    records: [[handshake, [24, 0, 0, 1, 0, 24, 0, 0, 1, 0]]],
    failure: unexpected,
  },
  {
    id: 'key-update-1.2',
    title: 'a KeyUpdate in TLS 1.2 aborts with unexpected_message',
    protocols: ['TLSv1.2'],
    records: [[handshake, [24, 0, 0, 1, 0]]],
    failure: unexpected,
  },
  {
    id: 'ticket-flood',
    title: '§4.6.1 tickets without end and without data between them are ERR_TLS_LIMIT',
    protocols: ['TLSv1.3'],
    senders: ['server'],
    records: times(80, [handshake, newSessionTicket] as const),
    failure: limit,
  },
  {
    id: 'certificate-request',
    title: '§4.6.2 a CertificateRequest that the client did not offer to answer aborts with unexpected_message',
    protocols: ['TLSv1.3'],
    senders: ['server'],
    records: [[handshake, [13, 0, 0, 3, 0, 0, 0]]],
    failure: unexpected,
  },
  {
    id: 'message-of-16-MiB',
    title: 'the header of a handshake message of 16 MiB ends an open connection',
    records: [[handshake, [4, 255, 255, 255]]],
    failure: { direction: 'sent', family: 'peer-misbehaved' },
  },
  {
    id: 'hello-request',
    title: 'RFC 5246 §7.2.2 a client refuses to renegotiate with no_renegotiation, and ends the connection',
    protocols: ['TLSv1.2'],
    senders: ['server'],
    records: [[handshake, [0, 0, 0, 0]]],
    failure: refusedRenegotiation,
  },
  {
    id: 'client-hello',
    title: 'RFC 5246 §7.2.2 a server refuses to renegotiate with no_renegotiation, and ends the connection',
    protocols: ['TLSv1.2'],
    senders: ['client'],
    records: [[handshake, clientHello]],
    failure: refusedRenegotiation,
  },
  {
    id: 'client-hello-1.3',
    title: '§4.1.2 a ClientHello in an open connection of TLS 1.3 aborts with unexpected_message',
    protocols: ['TLSv1.3'],
    records: [[handshake, clientHello]],
    failure: unexpected,
  },
];

/** What an open connection does with records that no honest peer sends. */
export const forgedRecordCases: readonly ConformanceCase[] = [
  ...rows.flatMap(({ id, title, protocols = both, senders: whose = senders, records, failure }) =>
    protocols.map((protocol): ConformanceCase => ({
      id: `record/${protocols.length === 1 ? id : `${id}-${protocol.slice(4)}`}`,
      title: protocols.length === 1 ? title : `${title}, in ${protocol}`,
      applies: canForge(protocol),
      run: (roles) =>
        eachSender(roles, protocol, whose, (forger, from) => {
          const sealed = records.map(([type, content]) => forger.seal(from, type, Uint8Array.from(content)));
          const sink = forger.give(from, ...sealed);
          if (failure === undefined) expectGoesOn(forger, from);
          else expect(sink.failure, `from the ${from}`).toMatchObject(failure);
        }),
    })),
  ),
  ...both.flatMap((protocol): readonly ConformanceCase[] => [
    {
      id: `record/too-short-${protocol.slice(4)}`,
      title: `§5.2 a record that is too short for its tag is the peer’s fault: ERR_TLS_BAD_RECORD_MAC, in ${protocol}`,
      applies: canForge(protocol),
      run: (roles) => expectTooShort(roles, protocol, { code: badMac.code, direction: 'sent' }),
    },
    {
      id: `record/too-short-alert-${protocol.slice(4)}`,
      title: `§5.2 a record that is too short for its tag is answered with bad_record_mac, in ${protocol}`,
      applies: canForge(protocol),
      run: (roles) => expectTooShort(roles, protocol, badMac),
    },
  ]),
  {
    id: 'record/renegotiation',
    title: 'RFC 5246 §7.2.2 what asks for a renegotiation is answered by an alert, and no handshake begins',
    applies: canForge('TLSv1.2'),
    run: (roles) =>
      eachSender(roles, 'TLSv1.2', senders, (forger, from) => {
        const message = Uint8Array.from(from === 'server' ? [0, 0, 0, 0] : clientHello);
        const sink = forger.give(from, forger.seal(from, handshake, message));
        expect(sink.outgoing.map(([type]) => type)).toEqual([alert]);
      }),
  },
  ...both.map((protocol): ConformanceCase => ({
    id: `record/plaintext-overflow-${protocol.slice(4)}`,
    title: `§5.4 a record of more than 2^14 bytes of content aborts with record_overflow, and one of 2^14 does not, in ${protocol}`,
    applies: canForge(protocol),
    run: (roles) =>
      eachSender(roles, protocol, senders, (forger, from) => {
        const longest = forger.seal(from, applicationData, new Uint8Array(2 ** 14));
        expect(forger.give(from, longest).received.length).toBe(2 ** 14);
        const longer = forger.seal(from, applicationData, new Uint8Array(2 ** 14 + 1), { padding: 1 });
        expect(forger.give(from, longer).failure).toMatchObject(overflow);
      }),
  })),
  {
    id: 'record/only-padding',
    title: '§5.4 a record of padding alone aborts with unexpected_message',
    applies: canForge('TLSv1.3'),
    run: (roles) =>
      eachSender(roles, 'TLSv1.3', senders, (forger, from) => {
        const record = forger.seal(from, 0, new Uint8Array(0), { padding: 100 });
        expect(forger.give(from, record).failure).toMatchObject(unexpected);
      }),
  },
  ...both.map((protocol): ConformanceCase => ({
    id: `record-size/enforced-${protocol.slice(4)}`,
    title: `RFC 8449 §4 a record over the limit that we sent aborts with record_overflow, in ${protocol}`,
    applies: (roles) => canForge(protocol)(roles) && bothHave('recordSizeLimit')(roles),
    run: async (roles) => {
      const sizes = { client: { recordSizeLimit: 1000 }, server: { recordSizeLimit: 1000 } };
      await eachSender(
        roles,
        protocol,
        senders,
        (forger, from) => {
          const longest = forger.seal(from, applicationData, new Uint8Array(1000));
          expect(forger.give(from, longest).received.length).toBe(1000);
          const longer = forger.seal(from, applicationData, new Uint8Array(1001));
          expect(forger.give(from, longer).failure, `from the ${from}`).toMatchObject(overflow);
        },
        sizes,
      );
      if (protocol === 'TLSv1.2') return;
      await eachSender(
        roles,
        protocol,
        senders,
        (forger, from) => {
          const padded = forger.seal(from, applicationData, new Uint8Array(1), { padding: 1000 });
          expect(forger.give(from, padded).failure, `padding from the ${from}`).toMatchObject(overflow);
        },
        sizes,
      );
    },
  })),
];

async function expectTooShort(roles: Roles, protocol: ProtocolVersion, failure: object): Promise<void> {
  for (const type of [applicationData, ...(protocol === 'TLSv1.2' ? [alert, handshake] : [])]) {
    for (const length of [0, 1, 2, 8, 15, 16, ...(protocol === 'TLSv1.2' ? [17, 23] : [])]) {
      await eachSender(roles, protocol, senders, (forger, from) => {
        const sink = forger.give(from, Uint8Array.from([type, 3, 3, 0, length, ...times(length, 0)]));
        expect(sink.failure, `type ${type}, ${length} bytes from the ${from}`).toMatchObject(failure);
      });
    }
  }
}

async function eachSender(
  roles: Roles,
  protocol: ProtocolVersion,
  whose: readonly Sender[],
  run: (forger: RecordForger, from: Sender) => void,
  options: Parameters<typeof RecordForger.open>[2] = {},
): Promise<void> {
  for (const from of whose) run(await RecordForger.open(roles, protocol, options), from);
}

/** Expects that data still arrives. */
function expectGoesOn(forger: RecordForger, from: Sender): void {
  const before = join((from === 'client' ? forger.pair.serverSink : forger.pair.clientSink).plaintexts).length;
  const sink = forger.give(from, forger.seal(from, applicationData, text('still here')));
  expect(sink.failure, `from the ${from}`).toBeUndefined();
  expect(sink.received.length).toBe(before + 'still here'.length);
}
