import { expect, it } from 'vitest';
import { isFailed, loadAddon, type ContextHandle, type EngineHandle } from '../src/addon.ts';

/** The border between JavaScript and C++: what TypeScript would refuse must not reach the library either. */
const addon = loadAddon();
const nothing = new Uint8Array();

function load() {
  const library = addon.load('');
  if ('tried' in library) throw new Error(library.tried.join('; '));
  return library;
}

const { cipherSuites, groups, signatureSchemes } = load();

function handleOf<Handle extends object>(made: Handle | { readonly fault: object }): Handle {
  if (isFailed(made)) throw new Error(made.fault.detail);
  return made as Handle;
}

function clientContext(): ContextHandle {
  const trust = handleOf(addon.createTrustStore([], false));
  const options = {
    ...{ isServer: false, minVersion: 0x0303, maxVersion: 0x0304, cipherSuites, groups, signatureSchemes },
    ...{ alpn: nothing, keyLog: false, verify: 2, acceptAny: false, askClientHello: false, askCertificate: false },
    ...{ askVerify: false, askTicketKeys: false, askEarlyData: false, requestOcsp: false, isFallback: false },
    ...{ maxEarlyData: 0, tickets: 0, sessionLifetimeSeconds: 100, sessionRules: new Uint8Array(32) },
    ...{ authorities: [], credentials: [], preSharedKeys: [] },
  } as const;
  return handleOf(addon.createContext(options, trust));
}

function engineOf(context: ContextHandle): EngineHandle {
  return handleOf(
    addon.createEngine(context, { serverName: 'localhost', isAddress: false, now: Date.now(), earlyData: false }),
  );
}

const uses: ReadonlyArray<readonly [string, (engine: EngineHandle) => unknown]> = [
  ['start', (engine) => addon.start(engine)],
  ['receive', (engine) => addon.receive(engine, nothing)],
  ['resume', (engine) => addon.resume(engine, {})],
  ['send', (engine) => addon.send(engine, nothing)],
  ['sendEarly', (engine) => addon.sendEarly(engine, nothing)],
  ['close', (engine) => addon.close(engine)],
  ['updateKeys', (engine) => addon.updateKeys(engine)],
  ['fail', (engine) => addon.fail(engine, 80)],
  ['exportKeyingMaterial', (engine) => addon.exportKeyingMaterial(engine, 'label', undefined, 32)],
  ['exportEarlyKeyingMaterial', (engine) => addon.exportEarlyKeyingMaterial(engine, 'label', nothing, 32)],
  ['facts', (engine) => addon.facts(engine)],
  ['peerChain', (engine) => addon.peerChain(engine)],
];

it.each(uses)('%s of an engine that was released is an error', (_name, use) => {
  const engine = engineOf(clientContext());
  addon.release(engine);
  addon.release(engine); // once more is no fault
  expect(() => use(engine)).toThrow('the engine was released');
});

it.each(uses)('%s takes an engine only', (_name, use) => {
  const context: object = clientContext();
  expect(() => use(context as EngineHandle)).toThrow('expected a handle of: engine');
  for (const other of [undefined, 1, {}, nothing]) expect(() => use(other as EngineHandle)).toThrow(Error);
});

it('every function of the addon is covered here', () => {
  const others = ['load', 'createTrustStore', 'createCredential', 'describeCredential', 'createContext', 'createEngine'];
  const known = new Set([...uses.map(([name]) => name), ...others, 'release']);
  expect(Object.keys(addon).filter((name) => !known.has(name))).toEqual([]);
});

it('arguments of a wrong type, or missing, are errors', () => {
  const anything = addon as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const engine = engineOf(clientContext());
  const wrong: readonly unknown[] = [undefined, null, 7, 'text', {}, Symbol('any'), () => 1];
  for (const name of Object.keys(anything)) {
    if (name === 'load') continue; // takes any text, and refuses what is none
    for (const first of wrong) expect(() => anything[name]?.(first), name).toThrow(Error);
  }
  for (const value of wrong) {
    expect(() => anything['receive']?.(engine, value)).toThrow(Error);
    expect(() => anything['send']?.(engine, value)).toThrow(Error);
    expect(() => anything['createTrustStore']?.([value], false)).toThrow(Error);
    expect(() => anything['createCredential']?.([nothing], value)).toThrow(Error);
    expect(() => anything['createContext']?.({ credentials: [value] }, undefined)).toThrow(Error);
  }
  expect(() => anything['load']?.(7)).toThrow(Error);
});

it('an error that is thrown by a getter of an argument comes through', () => {
  const answer = Object.defineProperty({}, 'alert', {
    get: () => {
      throw new RangeError('of the getter');
    },
  });
  expect(() => addon.resume(engineOf(clientContext()), answer)).toThrow('of the getter');
});
