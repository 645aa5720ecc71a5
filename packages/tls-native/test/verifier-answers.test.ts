import { beforeAll, describe, expect, it } from 'vitest';
import { TlsError, type ChainJudge } from '@org/tls-core';
import { createRoot, type TestCertificate } from '@org/pki';
import { createBackend } from '../src/index.ts';
import { settle } from './support/engine-pair.ts';

let root: TestCertificate;
let leaf: TestCertificate;
beforeAll(async () => {
  root = await createRoot();
  leaf = await root.issue({ names: ['localhost'] });
});

async function failureUnder(judge: () => unknown): Promise<TlsError | undefined> {
  const verifier = { name: 'test', options: [], createJudge: () => judge as ChainJudge };
  const server = createBackend().createServerContext({
    identity: { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem },
  });
  const { client } = await settle(
    createBackend({ verifier }).createClientContext({ trust: root.certificatePem }),
    server,
  );
  expect(client.info).toBeUndefined();
  return client.failure;
}

const reason = new Error('the service is down');
const own = new TlsError('ERR_TLS_CERTIFICATE_REVOKED', 'on our list');

describe('a verifier brought along believes by a path, and by nothing else', () => {
  it.each([undefined, null, true, false, {}, { path: [] }, { path: ['leaf'] }, { path: [new Uint8Array(0)] }, []])(
    '%o is ERR_TLS_HOOK, at once and later',
    async (answer) => {
      expect(await failureUnder(() => answer)).toMatchObject({ code: 'ERR_TLS_HOOK', alert: 80 });
      expect(await failureUnder(() => Promise.resolve(answer))).toMatchObject({ code: 'ERR_TLS_HOOK', alert: 80 });
    },
  );

  it('an Error that it throws, rejects with or returns is ERR_TLS_HOOK, and its cause', async () => {
    const throwing = () => {
      throw reason;
    };
    for (const judge of [throwing, () => Promise.reject(reason), () => reason, () => Promise.resolve(reason)])
      expect(await failureUnder(judge)).toMatchObject({ code: 'ERR_TLS_HOOK', cause: reason });
  });

  it('a TlsError is the connection’s, also when it is returned', async () => {
    const throwing = () => {
      throw own;
    };
    for (const judge of [throwing, () => Promise.reject(own), () => own]) expect(await failureUnder(judge)).toBe(own);
  });

  it('a path that stands in Object.prototype is none', async () => {
    const everyPrototype = Object.prototype as { path?: unknown };
    try {
      everyPrototype.path = [new Uint8Array(1)];
      expect(await failureUnder(() => ({}))).toMatchObject({ code: 'ERR_TLS_HOOK' });
    } finally {
      delete everyPrototype.path;
    }
  });
});
