// Measures how long a large revocation list holds the event loop when it is read again: node dist/large-lists.js

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoot, toPem } from '@org/pki';
import { watchRevocationLists } from '@org/x509/node';

/** An entry is a sequence of a number of 16 octets, a time, and a reasonCode. */
const entryLength = 49;
const entryCount = Math.floor((2 ** 24 - 1000) / entryLength);

function entries(): Buffer {
  const all = Buffer.alloc(entryCount * entryLength);
  const time = Buffer.from('261130000000Z');
  const reason = Buffer.from('300c300a0603551d1504030a0101', 'hex');
  for (let index = 0; index < entryCount; index += 1) {
    const at = index * entryLength;
    all.set([0x30, entryLength - 2, 2, 16, 0x40], at);
    all.writeUInt32BE(Math.imul(index, 0x9e3779b1) >>> 0, at + 5);
    all.writeUInt32BE(index, at + 16);
    all.set([0x17, time.length], at + 20);
    all.set(time, at + 22);
    all.set(reason, at + 35);
  }
  return all;
}

function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(contents.length);
  const octets = contents.length < 0x80 ? [contents.length] : [0x83, ...length.subarray(1)];
  return Buffer.concat([Buffer.from([tag, ...octets]), contents]);
}

/** A list with all entries; its signature is not looked at when it is read. */
function largeList(): Buffer {
  const algorithm = Buffer.from('300a06082a8648ce3d040302', 'hex');
  const name = element(
    0x30,
    element(0x31, element(0x30, Buffer.from('0603550403', 'hex'), element(12, Buffer.from('CA')))),
  );
  const times = ['261130000000Z', '361130000000Z'].map((time) => element(0x17, Buffer.from(time)));
  const tbs = element(0x30, Buffer.from('020101', 'hex'), algorithm, name, ...times, element(0x30, entries()));
  return element(0x30, tbs, algorithm, Buffer.from('0309003006020101020101', 'hex'));
}

const folder = await mkdtemp(join(tmpdir(), 'large-lists-'));
const file = join(folder, 'list.crl');
const [small, large] = [await (await createRoot()).issueCrl(), largeList()];
console.log(`${entryCount} entries, ${large.length} bytes`);
for (const [form, contents] of [
  ['DER', large],
  ['PEM', toPem('X509 CRL', large)],
] as const) {
  for (let round = 0; round < 3; round += 1) {
    await writeFile(file, small);
    const lists = await watchRevocationLists({ paths: [file], interval: 0, onRefused: () => undefined });
    await writeFile(file, contents);
    const { longest, whole } = await held(async () => lists.check());
    console.log(`${form}: the longest step takes ${longest.toFixed(0)} ms of CPU, all steps ${whole.toFixed(0)} ms`);
    lists.close();
  }
}
await rm(folder, { recursive: true });

interface Held {
  readonly longest: number;
  readonly whole: number;
}

/** Gives the CPU time in milliseconds, and the most of it between two turns of the event loop. The clock would count what other programs take, too. */
async function held(act: () => Promise<unknown>): Promise<Held> {
  const began = cpuTime();
  let last = began;
  let longest = 0;
  let isDone = false;
  const turn = (): void => {
    const now = cpuTime();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await act();
  isDone = true;
  return { longest, whole: cpuTime() - began };
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
