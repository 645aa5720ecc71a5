import { bareCopy } from '@org/tls-core/backend';
import type { Addon, NativeEngineOptions, Outcome } from './addon.ts';

/**
 * Puts a border in front of the addon: objects that go in or come out have an empty prototype. A field that is absent is then absent for both
 * sides, and neither finds one in `Object.prototype`.
 */
export function withBorder(addon: Addon): Addon {
  return {
    ...addon,
    load: (libraryPath, origin) => bareCopy(addon.load(libraryPath, origin)),
    createContext: (options, trust) => addon.createContext(bareCopy(options), trust),
    createEngine: (context, options) => addon.createEngine(context, bareCopy<NativeEngineOptions>(options)),
    start: (engine) => outcomeOf(addon.start(engine)),
    receive: (engine, ciphertext) => outcomeOf(addon.receive(engine, ciphertext)),
    resume: (engine, answer) => outcomeOf(addon.resume(engine, bareCopy(answer))),
    send: (engine, plaintext) => outcomeOf(addon.send(engine, plaintext)),
    receiveInto: (engine, ciphertext, plaintext) => countOrOutcome(addon.receiveInto(engine, ciphertext, plaintext)),
    sendInto: (engine, plaintext, ciphertext) => countOrOutcome(addon.sendInto(engine, plaintext, ciphertext)),
    sendEarly: (engine, plaintext) => outcomeOf(addon.sendEarly(engine, plaintext)),
    close: (engine) => outcomeOf(addon.close(engine)),
    updateKeys: (engine) => outcomeOf(addon.updateKeys(engine)),
    fail: (engine, alert) => outcomeOf(addon.fail(engine, alert)),
    listen: (listener) => addon.listen((number, outcome) => listener(number, outcomeOf(outcome))),
    resumeLater: (engine, number, answer) => addon.resumeLater(engine, number, bareCopy(answer)),
    facts: (engine) => bareCopy(addon.facts(engine)),
  };
}

function countOrOutcome(result: number | Outcome): number | Outcome {
  return typeof result === 'number' ? result : outcomeOf(result);
}

function outcomeOf(outcome: Outcome): Outcome {
  const own = bareCopy(outcome);
  return own.fault === undefined ? own : bareCopy({ ...own, fault: bareCopy(own.fault) });
}
