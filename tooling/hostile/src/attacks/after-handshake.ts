import type { ProtocolVersion } from '@org/tls-core';
import { ContentType, HandshakeType, type HandshakeOverrides } from '@org/tls-pure/misbehaving';
import type { Attack, Scene } from '../attack.ts';
import { clientHello } from '../client-hello.ts';
import { converse, Peer } from '../converse.ts';
import { clientStage, hostileClient, hostileServer, serverStage } from '../stages.ts';
import type { Victim } from '../victim.ts';
import { handshakeMessage, join, uint16, vector16, vector8 } from '../wire.ts';

type Content = Parameters<NonNullable<HandshakeOverrides['shapeContent']>>[0];

const both: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const only13: readonly ProtocolVersion[] = ['TLSv1.3'];
const only12: readonly ProtocolVersion[] = ['TLSv1.2'];

const byte: Content = { type: ContentType.applicationData, content: Uint8Array.of(1) };
const nothing: Content = { type: ContentType.applicationData, content: new Uint8Array(0) };
const warning: Content = { type: ContentType.alert, content: Uint8Array.of(1, 90) };
const ticket: Content = {
  type: ContentType.handshake,
  content: handshakeMessage(
    HandshakeType.newSessionTicket,
    join(new Uint8Array(4).fill(1), new Uint8Array(4), vector8(Uint8Array.of(1)), vector16(uint16(7)), vector16()),
  ),
};
const helloRequest: Content = {
  type: ContentType.handshake,
  content: handshakeMessage(HandshakeType.helloRequest, new Uint8Array(0)),
};
const hello: Content = { type: ContentType.handshake, content: clientHello({ version: 'TLSv1.2' }) };

/** Attacks with 64 KiB under the keys of an open connection. */
export const floodAttacks: readonly Attack[] = [
  ...flood('2,900 records of one byte', both, (count) => times(count, [byte])),
  ...flood('2,900 records without content', both, (count) => times(count, [nothing])),
  ...flood('2,900 alerts of warning level', both, (count) => times(count, [warning])),
  flooded('client', 'tickets', only13, (count) => times(count / 2, [ticket])),
  flooded('client', 'tickets with data between them', only13, (count) => times(count / 4, [ticket, byte])),
  flooded('client', 'requests to renegotiate', only12, (count) => times(count, [helloRequest])),
  flooded('server', 'renegotiations', only12, (count) => times(count / 6, [hello])),
  ...(['server', 'client'] as const).map((on) => keyUpdates(on, 'KeyUpdates', false)),
  ...(['server', 'client'] as const).map((on) => keyUpdates(on, 'KeyUpdates with data between them', true)),
];

function times(count: number, contents: readonly Content[]): readonly Content[] {
  return Array.from({ length: Math.floor(count) }, () => contents).flat();
}

type Contents = (count: number) => readonly Content[];

function flood(name: string, versions: readonly ProtocolVersion[], contents: Contents): readonly Attack[] {
  return [flooded('server', name, versions, contents), flooded('client', name, versions, contents)];
}

/** The number of records of about 22 bytes that make 64 KiB. */
const shortRecords = 2900;

function flooded(on: Attack['on'], name: string, versions: readonly ProtocolVersion[], contents: Contents): Attack {
  return {
    name: `Open connection: ${name}`,
    on,
    versions,
    isOpen: true,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      let isFlooding = false;
      const shapeContent = (content: Content): readonly Content[] => (isFlooding ? contents(shortRecords) : [content]);
      const attacker = attackerOf(scene, on, { shapeContent });
      return stageOf(scene, on, async (victim) => {
        isFlooding = false;
        const peer = new Peer(attacker);
        await converse(victim, peer);
        isFlooding = true;
        peer.engine.send(Uint8Array.of(1));
        await converse(victim, peer);
      });
    },
  };
}

/** The number of KeyUpdates that make about 64 KiB. */
const keyUpdateCount = 1100;

function keyUpdates(on: Attack['on'], name: string, hasData: boolean): Attack {
  return {
    name: `Open connection: ${name}`,
    on,
    versions: only13,
    isOpen: true,
    subjects: ['pure (node)', 'native'],
    stage(scene) {
      const attacker = attackerOf(scene, on, {});
      return stageOf(scene, on, async (victim) => {
        const peer = new Peer(attacker);
        await converse(victim, peer);
        for (let count = 0; count < keyUpdateCount; count += 1) {
          peer.engine.requestKeyUpdate();
          if (hasData) peer.engine.send(Uint8Array.of(1));
        }
        await converse(victim, peer);
      });
    },
  };
}

function attackerOf(scene: Scene, on: Attack['on'], overrides: HandshakeOverrides) {
  return on === 'server' ? hostileClient(scene, overrides) : hostileServer(scene, overrides);
}

function stageOf(scene: Scene, on: Attack['on'], play: (victim: Victim) => Promise<void>) {
  return on === 'server' ? serverStage(scene, play) : clientStage(scene, play);
}
