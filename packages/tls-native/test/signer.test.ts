import { createPrivateKey, sign as signAtOnce, webcrypto } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type {
  ConnectionInfo,
  EngineSink,
  Identity,
  MaybePromise,
  ProtocolVersion,
  Signer,
  TlsEngine,
  TlsError,
} from '@org/tls-core';
import { createRoot, type TestCertificate } from '@org/pki';
import { createBackend } from '../src/index.ts';

const backend = createBackend();
const protocols = ['TLSv1.2', 'TLSv1.3'] as const;
let root: TestCertificate;
let leaf: TestCertificate;
beforeAll(async () => {
  root = await createRoot();
  leaf = await root.issue({ names: ['localhost'] });
});

describe.each(protocols)('in %s', (protocol) => {
  it('a signer over node:crypto answers at once', async () => {
    const key = createPrivateKey(leaf.privateKeyPem);
    const signer = signerOf('ecdsa_secp256r1_sha256', (input) => new Uint8Array(signAtOnce('sha256', input, key)));
    const pair = connect(protocol, { certificateChain: leaf.chainPem, signer });
    // nothing was awaited
    expect(pair.clientSink.info).toMatchObject({ protocol, signatureScheme: 'ecdsa_secp256r1_sha256' });
  });

  it('a CryptoKey that cannot be exported signs by Promise', async () => {
    const { chainPem, privateKeyDer } = await root.issue({ names: ['localhost'], algorithm: 'rsa-2048' });
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
    const key = await webcrypto.subtle.importKey('pkcs8', privateKeyDer, algorithm, false, ['sign']);
    const signer = signerOf('rsa_pss_rsae_sha256', async (input) => {
      return new Uint8Array(await webcrypto.subtle.sign({ name: 'RSA-PSS', saltLength: 32 }, key, input));
    });
    const pair = connect(protocol, { certificateChain: chainPem, signer });
    expect(pair.clientSink.info).toBeUndefined();
    await pair.settle();
    expect(pair.clientSink.info).toMatchObject({ protocol, signatureScheme: 'rsa_pss_rsae_sha256' });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['more than fits', new Uint8Array(73)],
    ['what are no bytes', 'signature'],
  ])('a signer that gives %s fails: ERR_TLS_HOOK, internal_error', async (_what, result) => {
    for (const later of [false, true]) {
      const signer = signerOf('ecdsa_secp256r1_sha256', () => (later ? Promise.resolve(result) : result) as Uint8Array);
      const pair = connect(protocol, { certificateChain: leaf.chainPem, signer });
      await pair.settle();
      expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_HOOK', alert: 80, direction: 'sent' });
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 80, direction: 'received' });
    }
  });

  it('several connections can rest in signatures at once, and are answered in any order', async () => {
    const key = createPrivateKey(leaf.privateKeyPem);
    const waiting: (() => void)[] = [];
    const signer = signerOf('ecdsa_secp256r1_sha256', (input) => {
      return new Promise((resolve) => waiting.push(() => resolve(new Uint8Array(signAtOnce('sha256', input, key)))));
    });
    const pairs = Array.from({ length: 5 }, () => connect(protocol, { certificateChain: leaf.chainPem, signer }));
    expect(waiting).toHaveLength(5);
    for (const answer of waiting.reverse()) answer();
    await Promise.all(pairs.map((pair) => pair.settle()));
    expect(pairs.map(({ clientSink }) => clientSink.info?.protocol)).toEqual(pairs.map(() => protocol));
  });
});

it('an identity with a private key that is empty is refused', () => {
  const identity = { certificateChain: leaf.chainPem, privateKey: new Uint8Array() };
  for (const signatureSchemes of [undefined, ['ecdsa_secp256r1_sha256']]) {
    expect(() =>
      backend.createServerContext({ identity: { ...identity, ...(signatureSchemes && { signatureSchemes }) } }),
    ).toThrow(expect.objectContaining({ code: 'ERR_TLS_IDENTITY', option: 'identity' }));
  }
});

it('a restricted identity whose key is another certificate’s is refused', async () => {
  const { privateKeyPem: privateKey } = await root.issue({});
  const identity = { certificateChain: leaf.chainPem, privateKey, signatureSchemes: ['ecdsa_secp256r1_sha256'] };
  expect(() => backend.createServerContext({ identity })).toThrow(
    expect.objectContaining({ code: 'ERR_TLS_IDENTITY', option: 'identity' }),
  );
});

function signerOf(scheme: string, sign: (input: Uint8Array) => MaybePromise<Uint8Array>): Signer {
  return { signatureSchemes: [scheme], sign: (_scheme, input) => sign(input) };
}

function connect(protocol: ProtocolVersion, identity: Identity): Pair {
  return new Pair(protocol, identity);
}

class Sink implements EngineSink {
  outgoing: Uint8Array[] = [];
  info: ConnectionInfo | undefined;
  failure: TlsError | undefined;
  ciphertext(batch: Uint8Array): void {
    this.outgoing.push(batch);
  }
  plaintext(): void {}
  handshake(info: ConnectionInfo): void {
    this.info = info;
  }
  session(): void {}
  keyLog(): void {}
  closed(): void {}
  failed(error: TlsError): void {
    this.failure = error;
  }
  get isSettled(): boolean {
    return this.info !== undefined || this.failure !== undefined;
  }
}

/** A client and a server, with what they have to say to each other now said. */
class Pair {
  readonly clientSink = new Sink();
  readonly serverSink = new Sink();
  readonly #client: TlsEngine;
  readonly #server: TlsEngine;

  constructor(protocol: ProtocolVersion, identity: Identity) {
    const context = backend.createClientContext({ trust: root.certificatePem, maxVersion: protocol });
    this.#client = context.createEngine({ serverName: 'localhost' }, this.clientSink);
    this.#server = backend.createServerContext({ identity }).createEngine(this.serverSink);
    this.#server.start();
    this.#client.start();
    this.#pump();
  }

  /** Until both are connected or have failed. */
  async settle(): Promise<void> {
    while (!this.clientSink.isSettled || !this.serverSink.isSettled) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      this.#pump();
    }
  }

  #pump(): void {
    for (;;) {
      const toServer = this.clientSink.outgoing.splice(0);
      const toClient = this.serverSink.outgoing.splice(0);
      if (toServer.length + toClient.length === 0) return;
      for (const bytes of toServer) if (this.serverSink.failure === undefined) this.#server.receive(bytes);
      for (const bytes of toClient) if (this.clientSink.failure === undefined) this.#client.receive(bytes);
    }
  }
}
