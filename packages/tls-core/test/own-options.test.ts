import { Duplex } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ClientConfig } from '../src/index.ts';
import { checkClientConfig, clientOptions, ownOptions, propertyOf, serverOptions } from '../src/backend/index.ts';
import { connect, createServer, DuplexTransport, secure, TlsStream } from '../src/node/index.ts';

const features = {} as never;
const lists = { protocols: ['TLSv1.3'] as const, cipherSuites: [], groups: [], signatureSchemes: [], features };
const backend = {
  name: 'test',
  capabilities: { client: { ...lists, options: clientOptions }, server: { ...lists, options: serverOptions } },
};
const known = ['a', 'b'] as const;
type Known = { readonly a?: unknown; readonly b?: unknown };

describe('ownOptions', () => {
  it('copies what is the object’s own into what has an empty prototype, which nobody can fill', () => {
    const copy = ownOptions<Known>({ a: 1, b: undefined }, known);
    expect(copy).toEqual({ a: 1 });
    expect('b' in copy).toBe(false);
    expect('toString' in copy).toBe(false);
    expect(Reflect.set(Object.getPrototypeOf(copy) as object, 'b', 1)).toBe(false);
    expect(Reflect.setPrototypeOf(Object.getPrototypeOf(copy) as object, { b: 1 })).toBe(false);
    expect('b' in copy).toBe(false);
  });

  it('reads each once, also one that is not enumerable, and passes over symbols', () => {
    let reads = 0;
    const given = Object.defineProperty({ [Symbol('tag')]: 1 }, 'a', { get: () => (reads += 1) });
    expect(ownOptions<Known>(given, known)).toEqual({ a: 1 });
    expect(reads).toBe(1);
  });

  it('refuses what it does not know, also by the names that every object has', () => {
    for (const name of ['c', 'toString', '__proto__', 'constructor']) {
      const given = Object.defineProperty({}, name, { value: 1, enumerable: true });
      expect(() => ownOptions<Known>(given, known)).toThrow(TypeError);
    }
  });

  it.each([undefined, null, 'a', 7, [1], () => undefined])('refuses %s in the place of options', (given) => {
    expect(() => ownOptions(given as never, known)).toThrow(TypeError);
  });

  it('refuses a known one that is inherited, however far above, unless the object has its own', () => {
    class Base {
      get a(): number {
        return 1;
      }
    }
    class Derived extends Base {}
    expect(() => ownOptions<Known>(new Derived(), known)).toThrow(TypeError);
    const root = Object.assign(Object.create(null) as object, { b: 1 });
    expect(() => ownOptions(Object.create(root) as Known, known)).toThrow(TypeError);
    expect(ownOptions(Object.create({ a: 1 }, { a: { value: 2 } }) as Known, known)).toEqual({ a: 2 });
  });

  it('takes objects of another realm, whose own Object.prototype counts no more than ours', () => {
    const given = runInNewContext('Object.prototype.b = 1; ({ a: 1 })') as Known;
    expect(ownOptions(given, known)).toEqual({ a: 1 });
  });
});

describe('propertyOf', () => {
  it('finds what is the object’s own or its class’s, and nothing of every object', () => {
    class Store {
      readonly own = 1;
      take(): void {}
    }
    expect(propertyOf(new Store(), 'own')).toBe(1);
    expect(propertyOf(new Store(), 'take')).toBeInstanceOf(Function);
    for (const name of ['toString', '__proto__', 'valueOf']) expect(propertyOf(new Store(), name)).toBeUndefined();
    for (const none of [undefined, null, 7, 'text']) expect(propertyOf(none, 'length')).toBeUndefined();
  });
});

describe('a configuration', () => {
  it('keeps a hook object’s methods on the object, looked up once', () => {
    class Store {
      readonly #session = 'kept';
      take(): string {
        return this.#session;
      }
      put(): void {}
    }
    const store = new Store();
    const config = { sessionStore: store } as unknown as ClientConfig;
    const { sessionStore } = checkClientConfig(config, backend);
    store.take = () => 'another';
    expect(sessionStore?.take('localhost')).toBe('kept');
  });

  it('does not take the methods of a hook object from Object.prototype', () => {
    const everyPrototype = Object.prototype as { take?: unknown };
    try {
      everyPrototype.take = () => undefined;
      const config = { sessionStore: { put: () => undefined } } as unknown as ClientConfig;
      expect(() => checkClientConfig(config, backend)).toThrow(TypeError);
    } finally {
      delete everyPrototype.take;
    }
  });

  it('is frozen, with all that it holds', () => {
    const config = checkClientConfig(
      {
        trust: [new Uint8Array(1)],
        dangerous: { acceptAnyCertificate: false },
        pins: [{ publicKeySha256: new Uint8Array(32) }],
      },
      backend,
    );
    for (const part of [config, config.trust, config.dangerous, config.pins, config.pins?.[0]])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('gives a trust anchor’s copy again as long as its bytes are the same', () => {
    const anchor = { subject: Uint8Array.of(1), subjectPublicKeyInfo: Uint8Array.of(2) };
    const copyOf = () => checkClientConfig({ trust: anchor }, backend).trust;
    const first = copyOf();
    expect(copyOf()).toBe(first);
    anchor.subject[0] = 9;
    expect(copyOf()).not.toBe(first);
    expect(first).toMatchObject({ subject: Uint8Array.of(1) });
  });
});

describe('sockets and servers', () => {
  const context = { role: 'client', createEngine: () => undefined } as never;

  it('refuse options that are inherited', async () => {
    await expect(connect(Object.create({ host: 'localhost', port: 1 }) as never)).rejects.toThrow(TypeError);
    await expect(createServer(Object.create({ tls: {} }) as never)).rejects.toThrow(TypeError);
    const transport = new Duplex();
    expect(() => secure(transport, Object.create({ context, serverName: 'localhost' }) as never)).toThrow(TypeError);
    const inherited = Object.create({ head: new Uint8Array(1) }) as never;
    expect(() => new TlsStream(new DuplexTransport(transport), () => undefined as never, inherited)).toThrow(TypeError);
  });

  it('take no options from Object.prototype', async () => {
    const everyPrototype = Object.prototype as { signal?: unknown; tls?: unknown; host?: unknown };
    try {
      everyPrototype.signal = AbortSignal.abort(new Error('of somebody else'));
      everyPrototype.tls = context;
      // neither aborted nor connected: the port is the call's own, and nobody is there
      const failure: unknown = await connect({ host: '127.0.0.1', port: -1, tls: context }).catch(
        (error: unknown) => error,
      );
      expect(failure).not.toMatchObject({ code: 'ERR_TLS_ABORTED' });
      await expect(createServer({} as never)).rejects.toThrow(TypeError);
    } finally {
      delete everyPrototype.signal;
      delete everyPrototype.tls;
    }
  });
});
