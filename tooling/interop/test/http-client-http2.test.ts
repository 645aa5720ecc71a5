import { Readable } from 'node:stream';
import { createHttpClient } from '@org/http-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '../src/identity-files.ts';
import { backends } from '../src/matrix.ts';
import { nginx } from '../src/peers/nginx.ts';

let made: IdentityFiles;
beforeAll(async () => {
  made = await makeIdentity();
});
afterAll(() => made[Symbol.asyncDispose]());

describe.each(backends)('the HTTP client over $name', ({ load }) => {
  it('loses no request to the GOAWAY that nginx sends after every tenth (RFC 9113 §6.8)', async () => {
    const backend = await load();
    await using server = await nginx.startServer(made.files, { requestsPerConnection: 10 });
    await using client = createHttpClient({ tls: { backend, trust: made.trust }, allowH2: true });
    let [left, answered] = [200, 0];
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const isPost = left % 4 === 0;
        const response = await client.request(
          `https://localhost:${server.port}/`,
          isPost ? { method: 'POST', body: 'text' } : {},
        );
        if ((await response.body.text()) === 'hello from nginx\n') answered += 1;
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(answered).toBe(200);
  });

  it('gets the answer of nginx to a large body that nginx does not read', async () => {
    const backend = await load();
    await using server = await nginx.startServer(made.files);
    await using client = createHttpClient({ tls: { backend, trust: made.trust }, allowH2: true });
    const body = Readable.from(Array.from({ length: 15 }, () => Buffer.alloc(1 << 16)));
    const response = await client.request(`https://localhost:${server.port}/`, { method: 'POST', body });
    expect(await response.body.text()).toMatch(nginx.page);
  });
});
