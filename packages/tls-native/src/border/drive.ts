import type { MaybePromise } from '@org/tls-core';
import type { Addon, Answer, EngineHandle, Outcome } from './addon.ts';

/** Does the steps of a handshake, at once or on another thread. */
export interface Drive {
  /** Whether contexts are told that the steps are done on another thread. */
  readonly isOffloaded: boolean;
  start(engine: EngineHandle): MaybePromise<Outcome>;
  receive(engine: EngineHandle, ciphertext: Uint8Array): MaybePromise<Outcome>;
  resume(engine: EngineHandle, answer: Answer): MaybePromise<Outcome>;
}

/** Does each step at once, on the event loop. */
export function directDrive(addon: Addon): Drive {
  return {
    isOffloaded: false,
    start: (engine) => addon.start(engine),
    receive: (engine, ciphertext) => addon.receive(engine, ciphertext),
    resume: (engine, answer) => addon.resume(engine, answer),
  };
}

const offloaded = new WeakMap<Addon, Drive>();

/** Has the addon's own threads do each step. Its outcome comes on a later turn of the event loop. Each environment has one drive. */
export function offloadedDrive(addon: Addon): Drive {
  const known = offloaded.get(addon);
  if (known !== undefined) return known;
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let last = 0;
  addon.listen((number, outcome) => {
    const resolve = waiting.get(number);
    waiting.delete(number);
    resolve?.(outcome);
  });
  const later = (post: (number: number) => void): Promise<Outcome> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      post(last);
    });
  const drive: Drive = {
    isOffloaded: true,
    start: (engine) => later((number) => addon.startLater(engine, number)),
    receive: (engine, ciphertext) => later((number) => addon.receiveLater(engine, number, ciphertext)),
    resume: (engine, answer) => later((number) => addon.resumeLater(engine, number, answer)),
  };
  offloaded.set(addon, drive);
  return drive;
}
