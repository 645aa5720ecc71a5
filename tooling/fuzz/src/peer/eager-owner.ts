import { TlsError } from '@org/tls-core';
import type { Note } from '../fuzzer.ts';
import type { Random } from '../random.ts';
import type { WatchedEngine } from './watched-engine.ts';

/** Makes an owner that calls its engine inside events, at moments drawn by lot. */
export function eagerOwner(random: Random, note: Note): (engine: WatchedEngine) => void {
  let left = random.between(1, 4);
  return (watched) => {
    if (left === 0 || !random.oneIn(3)) return;
    left -= 1;
    const name = random.pick(names);
    note(`from within an event: ${name}`);
    acts[name](watched, random);
  };
}

const acts = {
  send: ({ engine }, random) => engine.send(random.bytes(random.pick([1, 100, 20_000]))),
  close: ({ engine }) => engine.close(),
  requestKeyUpdate: ({ engine }) => engine.requestKeyUpdate(),
  exportKeyingMaterial: ({ engine }) => void engine.exportKeyingMaterial('EXPERIMENTAL fuzz', undefined, 32),
  receive: ({ engine }) => engine.receive(new Uint8Array(0)),
  fail: ({ engine }) => engine.fail(new TlsError('ERR_TLS_ABORTED', 'the owner does not want to go on')),
  destroy: (watched) => watched.destroy(),
} as const satisfies Readonly<Record<string, (watched: WatchedEngine, random: Random) => void>>;

/** The calls that end the connection are rarer than the others. */
const names: readonly (keyof typeof acts)[] = [
  'send',
  'send',
  'send',
  'close',
  'requestKeyUpdate',
  'requestKeyUpdate',
  'exportKeyingMaterial',
  'receive',
  'fail',
  'destroy',
];
