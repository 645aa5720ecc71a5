import type { ClientConfig, ConnectionInfo, ProtocolVersion, RoleCapabilities, ServerConfig } from '@org/tls-core';
import { misbehavingBackend } from '@org/tls-pure/misbehaving';
import { signsWithEcdsa, type ConformanceCase, type Roles } from './conformance-case.ts';
import { only, Peers } from './connections.ts';
import { expect } from './expect.ts';
import {
  join,
  makeContexts,
  MemoryPair,
  type ConnectionOptions,
  type ContextOptions,
  type Wire,
} from './memory-pair.ts';
import { overridesOf, type MessageEdit } from './message-edits.ts';
import type { Refusal } from './refusals.ts';

/** One thing that a peer does wrong, and what the other side has to answer. */
export interface Misbehaviour {
  readonly id: string;
  /** A sentence about the product, with the section of the rule. */
  readonly title: string;
  /** How the misbehaving side changes its messages. */
  readonly edits?: readonly MessageEdit[];
  /** How the records of its flights are changed on their way; the first flight is number 0. */
  readonly records?: (flight: number, records: readonly Uint8Array[]) => readonly Uint8Array[];
  /** Whether the alert does not reach the misbehaving side, which has no keys for it or has failed by itself. */
  readonly isUntold?: true;
  /** How the other side ends the handshake. */
  readonly refused?: Refusal;
  /** What the other side reports about the connection, where it has to go on. */
  readonly accepted?: Partial<ConnectionInfo>;
  /** The options of the client, whichever side misbehaves. */
  readonly client?: ClientConfig;
  /** The options of the server, whichever side misbehaves. */
  readonly server?: Partial<ServerConfig>;
  /** What differs from one connection to the next. */
  readonly connection?: ConnectionOptions;
  /** Whether it misbehaves while it resumes a session that an honest handshake gave. */
  readonly resumes?: true;
  /** The options of the honest server, where they differ from those of the misbehaving one. */
  readonly honestServer?: Partial<ServerConfig>;
  /** Whether it is about a server's ECDSA signature. */
  readonly needsEcdsa?: true;
}

/** What the rows of one table have in common. */
export interface MisbehaviourTable {
  /** The name of the table, with which the ids of its cases begin. */
  readonly name: string;
  /** Which side the backend under test plays; the other one misbehaves. */
  readonly victim: 'client' | 'server';
  readonly protocol: ProtocolVersion;
}

/** Makes a case of each row. It applies where the victim's backend has the version and all that the row needs. */
export function misbehaviourCases(table: MisbehaviourTable, rows: readonly Misbehaviour[]): readonly ConformanceCase[] {
  return rows.map((row): ConformanceCase => ({
    id: `${table.name}/${row.id}`,
    title: row.title,
    applies: (roles) =>
      (row.needsEcdsa === undefined || signsWithEcdsa(roles)) &&
      (table.victim === 'client'
        ? canPlay(roles.client.capabilities.client, table, row)
        : canPlay(roles.server.capabilities.server, table, row)),
    run: async (roles) => {
      const pair = await play(roles, table, row);
      if (row.refused === undefined) expectAccepted(pair, table.victim, row.accepted ?? {});
      else expectRefused(pair, table.victim, row.refused);
      if (row.refused !== undefined && row.isUntold === undefined) expectTold(pair, table.victim, row.refused);
    },
  }));
}

/** Asserts that the victim ended the handshake in this way, and that this is final. */
export function expectRefused(pair: MemoryPair, victim: 'client' | 'server', { code, alert }: Refusal): void {
  const [engine, sink] = [pair[victim], pair[`${victim}Sink`]];
  expect(sink.failure).toMatchObject({ code, alert, direction: 'sent' });
  expect(sink.info).toBeUndefined();
  expect(sink.received).toHaveLength(0);
  expect(() => engine.receive(Uint8Array.of(1))).toThrow(sink.failure);
  expect(() => engine.send(Uint8Array.of(1))).toThrow(sink.failure);
}

/** Asserts that the peer received the alert that the victim's error claims to have sent. */
export function expectTold(
  { clientSink, serverSink }: MemoryPair,
  victim: 'client' | 'server',
  { alert }: Refusal,
): void {
  const { failure } = victim === 'client' ? serverSink : clientSink;
  expect(failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
}

function expectAccepted(pair: MemoryPair, victim: 'client' | 'server', info: Partial<ConnectionInfo>): void {
  expect(pair.clientSink.failure ?? pair.serverSink.failure).toBeUndefined();
  expect(pair.clientSink.info).toBeDefined();
  expect(pair[`${victim}Sink`].info).toMatchObject(info);
}

function canPlay(capabilities: RoleCapabilities, { victim, protocol }: MisbehaviourTable, row: Misbehaviour): boolean {
  const asked = Object.entries(row[victim] ?? {});
  return (
    capabilities.protocols.includes(protocol) &&
    (row.resumes === undefined || capabilities.features.resumption) &&
    (row.connection?.earlyData === undefined || capabilities.features.earlyData) &&
    (row.connection?.echConfigList === undefined || capabilities.features.ech) &&
    asked.every(([option, value]) => capabilities.options.includes(option) && hasAll(capabilities, option, value))
  );
}

function hasAll(capabilities: RoleCapabilities, option: string, value: unknown): boolean {
  if (option !== 'groups' && option !== 'cipherSuites' && option !== 'signatureSchemes') return true;
  return (value as readonly string[]).every((name) => capabilities[option].includes(name));
}

/** Runs the handshake of a row until the victim has failed or both sides are open. */
export async function play(
  roles: Roles,
  table: MisbehaviourTable,
  row: Omit<Misbehaviour, 'id' | 'title'>,
): Promise<MemoryPair> {
  const options = optionsOf(table, row);
  const rolesWith = (edits: readonly MessageEdit[]): Roles => {
    const peer = misbehavingBackend(overridesOf(edits));
    return table.victim === 'client' ? { ...roles, server: peer } : { ...roles, client: peer };
  };
  const misbehaving = rolesWith(row.edits ?? []);
  const contexts = makeContexts(misbehaving, options);
  const honest = rolesWith([]);
  const { client, server } = makeContexts(honest, { ...options, server: { ...options.server, ...row.honestServer } });
  const before = { client, server, [table.victim]: contexts[table.victim] };
  const session = row.resumes && (await new Peers(honest, {}, before).session());
  const pair = new MemoryPair(misbehaving, { ...row.connection, ...(session && { session }) }, contexts);
  const victim = pair[`${table.victim}Sink`];
  await pair.settle(wireOf(table, row), () => victim.failure !== undefined || pair.isSettled);
  return pair;
}

/**
 * Gives options with which both sides speak this version alone. They make the messages of the misbehaving side the same each time, so that
 * rows can edit them.
 */
function optionsOf(
  { victim, protocol }: MisbehaviourTable,
  { client, server }: Pick<Misbehaviour, 'client' | 'server'>,
): ContextOptions {
  const plainClient = { grease: false, permuteExtensions: false, groups };
  return {
    ...(victim === 'client' && { certificate: 'ecdsa-p256' as const }),
    client: { ...only(protocol), ...(victim === 'server' && plainClient), ...client },
    server: { ...only(protocol), ...(victim === 'client' && { groups, ticketKeys }), ...server },
  };
}

/** Cuts the flights of the misbehaving side into records and changes them. */
function wireOf({ victim }: MisbehaviourTable, { records }: Pick<Misbehaviour, 'records'>): Wire {
  let flight = -1;
  return (batch, from) => {
    if (from === victim || records === undefined) return [batch];
    flight += 1;
    return [join(records(flight, recordsIn(batch)))];
  };
}

function recordsIn(batch: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < batch.length;) {
    const end = at + 5 + ((batch[at + 3] ?? 0) << 8) + (batch[at + 4] ?? 0);
    records.push(batch.subarray(at, end));
    at = end;
  }
  return records;
}

const groups = ['x25519', 'secp256r1'];

/** The keys with which two contexts open each other's tickets. */
export const ticketKeys = { current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) }] };
