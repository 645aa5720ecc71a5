import type { ProtocolVersion } from '@org/tls-core';
import { maxHandshakeRecords } from '@org/tls-core/backend';
import { ContentType, ExtensionType } from '@org/tls-pure/misbehaving';
import type { Attack } from '../attack.ts';
import { clientHello, clientHelloRecords, extension } from '../client-hello.ts';
import { clientStage, serverStage } from '../stages.ts';
import { join, plainRecord, plainRecords, repeat, text } from '../wire.ts';

const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];

/** Attacks with bytes that come before any key is agreed on. */
export const recordAttacks: readonly Attack[] = [
  toServer('ClientHello in 10,900 records of one byte', both, (version) =>
    plainRecords(ContentType.handshake, longHello(version).subarray(0, 10_900), 1),
  ),
  toServer('ClientHello whose first 8,192 bytes come in as many records', both, (version) =>
    plainRecords(ContentType.handshake, longHello(version).subarray(0, maxHandshakeRecords), 1),
  ),
  {
    // On the wire, so many TCP segments of one byte each take 64 KiB.
    name: 'ClientHello whose first 1,600 bytes come one by one',
    on: 'server',
    versions: both,
    subjects: ['pure (node)', 'native'],
    // Each segment is a call into the library.
    isReadByLibrary: true,
    stage(scene) {
      const bytes = plainRecords(ContentType.handshake, longHello(scene.version));
      return serverStage(scene, (victim) => victim.receiveEach(bytes.subarray(0, 1600)));
    },
  },
  toServer('9,000 alerts of warning level', both, () =>
    repeat(9000, () => plainRecord(ContentType.alert, Uint8Array.of(1, 90))),
  ),
  toServer('ClientHello, then 10,900 times ChangeCipherSpec', both, (version) =>
    join(
      clientHelloRecords({ version }),
      repeat(10_900, () => plainRecord(ContentType.changeCipherSpec, Uint8Array.of(1))),
    ),
  ),
  toServer('13,000 records of handshake without content', both, () =>
    repeat(13_000, () => plainRecord(ContentType.handshake, new Uint8Array(0))),
  ),
  toServer('64 KiB of another protocol', both, () => text('GET / HTTP/1.1\r\nHost: localhost\r\n'.repeat(1986))),
  toServer('2,900 records of early data that nobody wants', ['TLSv1.3'], (version) =>
    join(
      clientHelloRecords({ version, extensions: [extension(ExtensionType.earlyData)] }),
      repeat(2900, () => plainRecord(ContentType.applicationData, new Uint8Array(17))),
    ),
  ),
  {
    name: '64 KiB of another protocol',
    on: 'client',
    versions: both,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const bytes = text('HTTP/1.1 400 Bad Request\r\nServer: it\r\n'.repeat(1700));
      return clientStage(scene, (victim) => void victim.receive(bytes));
    },
  },
  {
    name: '9,000 alerts of warning level',
    on: 'client',
    versions: both,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const bytes = repeat(9000, () => plainRecord(ContentType.alert, Uint8Array.of(1, 90)));
      return clientStage(scene, (victim) => void victim.receive(bytes));
    },
  },
];

function longHello(version: ProtocolVersion): Uint8Array {
  return clientHello({ version, extensions: [extension(ExtensionType.padding, new Uint8Array(12_000))] });
}

function toServer(
  name: string,
  versions: readonly ProtocolVersion[],
  bytesOf: (version: ProtocolVersion) => Uint8Array,
): Attack {
  return {
    name,
    on: 'server',
    versions,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const bytes = bytesOf(scene.version);
      return serverStage(scene, (victim) => void victim.receive(bytes));
    },
  };
}
