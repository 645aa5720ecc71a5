import type { Addon, NativeEngineOptions, Outcome } from './addon.ts';

/**
 * Puts a border in front of the addon: objects that go in or come out have no prototype. A field that is absent is then absent for both
 * sides, and neither finds one in `Object.prototype`.
 */
export function withBorder(addon: Addon): Addon {
  return {
    ...addon,
    load: (libraryPath, origin) => bare(addon.load(libraryPath, origin)),
    createContext: (options, trust) => addon.createContext(bare(options), trust),
    createEngine: (context, options) => addon.createEngine(context, bare<NativeEngineOptions>(options)),
    start: (engine) => outcomeOf(addon.start(engine)),
    receive: (engine, ciphertext) => outcomeOf(addon.receive(engine, ciphertext)),
    resume: (engine, answer) => outcomeOf(addon.resume(engine, bare(answer))),
    send: (engine, plaintext) => outcomeOf(addon.send(engine, plaintext)),
    receiveInto: (engine, ciphertext, plaintext) => countOrOutcome(addon.receiveInto(engine, ciphertext, plaintext)),
    sendInto: (engine, plaintext, ciphertext) => countOrOutcome(addon.sendInto(engine, plaintext, ciphertext)),
    sendEarly: (engine, plaintext) => outcomeOf(addon.sendEarly(engine, plaintext)),
    close: (engine) => outcomeOf(addon.close(engine)),
    updateKeys: (engine) => outcomeOf(addon.updateKeys(engine)),
    fail: (engine, alert) => outcomeOf(addon.fail(engine, alert)),
    listen: (listener) => addon.listen((number, outcome) => listener(number, outcomeOf(outcome))),
    resumeLater: (engine, number, answer) => addon.resumeLater(engine, number, bare(answer)),
    facts: (engine) => bare(addon.facts(engine)),
  };
}

function countOrOutcome(result: number | Outcome): number | Outcome {
  return typeof result === 'number' ? result : outcomeOf(result);
}

function outcomeOf(outcome: Outcome): Outcome {
  const own = bare(outcome);
  return own.fault === undefined ? own : bare({ ...own, fault: bare(own.fault) });
}

/** Does not freeze the copy, which would cost more than all else here. */
function bare<Fields extends object>(fields: Fields): Fields {
  return { __proto__: null, ...fields };
}
