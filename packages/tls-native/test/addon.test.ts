import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { createRoot } from '@org/pki';
import type { EngineSink, TlsBackend } from '@org/tls-core';
import { expect, it } from 'vitest';
import type { Addon, ContextHandle, EngineHandle } from '../src/border/addon.ts';
import { createBackend } from '../src/backend.ts';
import { clientContext } from '../src/context/client-context.ts';
import { directDrive } from '../src/border/drive.ts';
import { nativeLibrary } from '../src/index.ts';
import { loadFrom } from '../src/border/load-addon.ts';

/** The border between JavaScript and C++: what TypeScript would refuse must not reach the library either. */
const addon = loadFrom(join(import.meta.dirname, '..'));
const anything = addon as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
const backend: TlsBackend = createBackend();
const library = nativeLibrary();

const withoutEngine = [
  'load',
  'loadCrypto',
  'listen',
  'createTrustStore',
  'createCredential',
  'describeCredential',
  'forgetKeys',
  'subjectPublicKeyInfo',
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
  const revocation = { revocationCheck: 0, revocationOfLeaf: false, acceptsUnknownStatus: false } as const;
  const resumption = { resumesBySystem: false };
  const host = {
    addon: recorder,
    library,
    drive,
    verifier: undefined,
    revocation,
    resumption,
    securityLevel: undefined,
  };
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
    if (['load', 'loadCrypto', 'listen', 'forgetKeys'].includes(name)) continue;
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

it('a handle cannot be imitated', () => {
  const { engine, context } = handles();
  // `Object.create(engine)` is not among them: V8 of Node 24 and 26 does not survive an external value as a prototype, whoever's it is
  const others = [{ ...engine }, new Proxy(engine, {}), structuredClone({}), context];
  for (const other of others) {
    for (const name of ofEngines)
      expect(() => anything[name]?.(other, ...restOf(name)), name).toThrow('expected a handle of: engine');
  }
  expect(Object.keys(engine)).toEqual([]);
});

it('a handle of another environment is refused', () => {
  const other: { exports: typeof anything } = { exports: {} };
  process.dlopen(other, join(import.meta.dirname, '..', 'build', 'Release', 'tls_native.node'));
  for (const name of ofEngines) {
    const call = (): unknown => other.exports[name]?.(handles().engine, ...restOf(name));
    expect(call, name).toThrow('expected a handle of: engine');
  }
});

it('no function of an engine can be called before its time', () => {
  const { context } = handles();
  const engine = anything['createEngine']?.(context, {
    serverName: 'localhost',
    isAddress: false,
    sessionAge: 0,
    earlyData: false,
    now: 0,
  });
  const bytes = new Uint8Array(3);
  const early = {
    facts: [],
    peerChain: [],
    receive: [bytes],
    send: [bytes],
    sendEarly: [bytes],
    close: [],
    updateKeys: [],
    fail: [80],
    resume: [{}],
    exportKeyingMaterial: ['label', undefined, 32],
    exportEarlyKeyingMaterial: ['label', bytes, 32],
  };
  for (const [name, rest] of Object.entries(early))
    expect(() => anything[name]?.(engine, ...rest), name).toThrow(Error);
  anything['start']?.(engine);
  expect(() => anything['start']?.(engine)).toThrow('was started already');
  for (const name of ['facts', 'send', 'close', 'updateKeys', 'exportKeyingMaterial', 'resume'] as const)
    expect(() => anything[name]?.(engine, ...early[name]), name).toThrow(Error);
});

it('a field that is missing, or that nobody reads, is an error that names it', () => {
  const { context, engine } = handles();
  const options = { serverName: 'localhost', isAddress: false, sessionAge: 0, earlyData: false, now: 0 };
  const { isAddress, ...rest } = options;
  const create = anything['createEngine'];
  expect(() => create?.(context, rest)).toThrow('NativeEngineOptions: the field isAddress is missing');
  expect(() => create?.(context, { ...rest, isAdress: isAddress, isAddress })).toThrow(
    'NativeEngineOptions: the field isAdress is unknown',
  );
  expect(() => anything['resume']?.(engine, { declined: true })).toThrow('Answer: the field declined is unknown');
  expect(() => anything['createContext']?.({}, undefined)).toThrow('ContextOptions: the field offload is missing');
});

it('lengths are checked', () => {
  const { context, engine } = handles();
  const options = { serverName: 'a'.repeat(256), isAddress: false, sessionAge: 0, earlyData: false, now: 0 };
  expect(() => anything['createEngine']?.(context, options)).toThrow(RangeError);
  expect(() => anything['createEngine']?.(context, { ...options, serverName: 'a\0b' })).toThrow(RangeError);
  expect(() => anything['createEngine']?.(context, { ...options, serverName: '' })).toThrow(RangeError);
  for (const length of [0, -1, 1.5, 8161, 2 ** 32, Number.NaN])
    expect(() => anything['exportKeyingMaterial']?.(engine, 'label', undefined, length)).toThrow(RangeError);
  expect(() => anything['exportKeyingMaterial']?.(engine, 'a'.repeat(250), undefined, 32)).toThrow(RangeError);
  expect(() => anything['fail']?.(engine, 256)).toThrow(RangeError);
  expect(() => anything['createTrustStore']?.(Array.from({ length: 65_537 }), false)).toThrow(RangeError);
});

it('the SubjectPublicKeyInfo of a certificate is the bytes in it, and there is none where the certificate is cut or not in DER', async () => {
  const { certificateDer } = await createRoot();
  const key = new X509Certificate(certificateDer).publicKey.export({ type: 'spki', format: 'der' });
  expect(Buffer.from(addon.subjectPublicKeyInfo(certificateDer) ?? []).equals(key)).toBe(true);
  const longer = Uint8Array.of(...certificateDer, 0);
  for (const bad of [new Uint8Array(), longer, certificateDer.subarray(0, -1), indefinite(certificateDer)])
    expect(addon.subjectPublicKeyInfo(bad)).toBeUndefined();
});

/** The certificate in BER: its outermost length is indefinite (X.690 §8.1.3.6). */
function indefinite(certificate: Uint8Array): Uint8Array {
  const contents = certificate.subarray(4);
  return Uint8Array.of(0x30, 0x80, ...contents, 0, 0);
}

it('what a getter of an argument does to the engine is met', () => {
  const { engine } = handles();
  const answer = Object.defineProperty({}, 'alert', {
    get: () => {
      addon.release(engine);
      return 80;
    },
  });
  expect(() => addon.resume(engine, answer)).toThrow('the engine was released');
});
