import { join } from 'node:path';
import type { EngineSink, TlsBackend } from '@org/tls-core';
import { expect, it } from 'vitest';
import type { Addon, ContextHandle, EngineHandle } from '../src/addon.ts';
import { createBackend } from '../src/backend.ts';
import { clientContext } from '../src/client-context.ts';
import { directDrive } from '../src/drive.ts';
import { nativeLibrary } from '../src/index.ts';
import { loadFrom } from '../src/load-addon.ts';

/** The border between JavaScript and C++: what TypeScript would refuse must not reach the library either. */
const addon = loadFrom(join(import.meta.dirname, '..'));
const anything = addon as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
const backend: TlsBackend = createBackend();
const library = nativeLibrary();

const withoutEngine = [
  'load',
  'listen',
  'createTrustStore',
  'createCredential',
  'describeCredential',
  'createContext',
  'createEngine',
];
const ofEngines = Object.keys(addon).filter((name) => !withoutEngine.includes(name));

interface Handles {
  readonly context: ContextHandle;
  readonly engine: EngineHandle;
}

/** Handles as the package itself gets them. */
function handles(): Handles {
  const made: Partial<Record<keyof Handles, object>> = {};
  const recorder: Addon = {
    ...addon,
    createContext: (options, trust) => (made.context = addon.createContext(options, trust)),
    createEngine: (context, options) => (made.engine = addon.createEngine(context, options)),
  };
  const sink = { ciphertext: () => {} } as unknown as EngineSink;
  const drive = directDrive(recorder);
  const host = { addon: recorder, library, drive, verifier: undefined, securityLevel: undefined };
  const context = clientContext(backend, host, { trust: 'system' });
  context.createEngine({ serverName: 'localhost' }, sink).start();
  return made as Handles;
}

/** What follows the engine, good enough to be read. */
function restOf(name: string): readonly unknown[] {
  return name.endsWith('Later') ? [1, new Uint8Array()] : [{}];
}

it.each(ofEngines.filter((name) => name !== 'release'))('%s of an engine that was released is an error', (name) => {
  const { engine } = handles();
  addon.release(engine);
  addon.release(engine); // once more is no fault
  expect(() => anything[name]?.(engine, ...restOf(name))).toThrow('the engine was released');
});

it.each(ofEngines)('%s takes an engine only', (name) => {
  expect(() => anything[name]?.(handles().context, ...restOf(name))).toThrow('expected a handle of: engine');
  for (const other of [undefined, 1, {}, new Uint8Array()])
    expect(() => anything[name]?.(other, ...restOf(name))).toThrow(Error);
});

it('arguments of a wrong type, or missing, are errors', () => {
  const { context, engine } = handles();
  const wrong: readonly unknown[] = [undefined, null, 7, 'text', {}, Symbol('any'), () => 1];
  for (const name of Object.keys(anything)) {
    if (name === 'load' || name === 'listen') continue;
    for (const first of wrong) expect(() => anything[name]?.(first), name).toThrow(Error);
  }
  for (const value of wrong) {
    expect(() => anything['receive']?.(engine, value)).toThrow(Error);
    expect(() => anything['send']?.(engine, value)).toThrow(Error);
    expect(() => anything['createTrustStore']?.([value], false)).toThrow(Error);
    expect(() => anything['createCredential']?.([new Uint8Array()], value)).toThrow(Error);
    expect(() => anything['createContext']?.({ credentials: [value] }, undefined)).toThrow(Error);
    expect(() => anything['createEngine']?.(context, value)).toThrow(Error);
  }
  expect(() => anything['load']?.(7)).toThrow(Error);
});

it('steps for a worker are refused where the context is not offloaded', () => {
  const { engine } = handles();
  for (const name of ofEngines.filter((each) => each.endsWith('Later')))
    expect(() => anything[name]?.(engine, ...restOf(name))).toThrow('not offloaded');
});

it('an error that is thrown by a getter of an argument comes through', () => {
  const answer = Object.defineProperty({}, 'alert', {
    get: () => {
      throw new RangeError('of the getter');
    },
  });
  expect(() => addon.resume(handles().engine, answer)).toThrow('of the getter');
});
