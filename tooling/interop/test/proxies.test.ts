import { createHttpClient } from '@org/http-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '../src/identity-files.ts';
import { backends } from '../src/matrix.ts';
import { nginx } from '../src/peers/nginx.ts';
import { startDante, startSquid, startTinyproxy } from '../src/peers/proxies.ts';

let made: IdentityFiles;
beforeAll(async () => {
  made = await makeIdentity();
});
afterAll(() => made[Symbol.asyncDispose]());

describe.each(backends)('$name through proxies that others wrote', ({ load }) => {
  it.each([false, true])(
    'Squid opens tunnels to the ports that it allows; over TLS to itself: %s',
    async (isSecured) => {
      const tls = { backend: await load(), trust: made.trust };
      await using server = await nginx.startServer(made.files);
      await using other = await nginx.startServer(made.files);
      await using proxy = await startSquid(made.files, isSecured, server.port);
      const url = `${isSecured ? 'https' : 'http'}://localhost:${proxy.port}`;
      for (const allowH2 of [false, true]) {
        await using client = createHttpClient({ tls, allowH2, proxy: isSecured ? { url, tls } : url });
        const response = await client.fetch(`https://localhost:${server.port}/`);
        expect(await response.text()).toMatch(nginx.page);
        const refused = client.request(`https://localhost:${other.port}/`);
        await expect(refused).rejects.toMatchObject({ code: 'ERR_TLS_PROXY', status: 403, proxy: url });
      }
    },
  );

  it('tinyproxy takes the right credentials, and answers 407 where there are none and 401 to wrong ones', async () => {
    const tls = { backend: await load(), trust: made.trust };
    await using server = await nginx.startServer(made.files);
    await using proxy = await startTinyproxy(made.files);
    const origin = `https://localhost:${server.port}/`;
    await using client = createHttpClient({ tls, proxy: `http://user:secret@127.0.0.1:${proxy.port}` });
    expect(await (await client.fetch(origin)).text()).toMatch(nginx.page);
    for (const [wrong, status] of [
      ['', 407],
      ['user:wrong@', 401],
    ] as const) {
      await using stranger = createHttpClient({ tls, proxy: `http://${wrong}127.0.0.1:${proxy.port}` });
      await expect(stranger.request(origin)).rejects.toMatchObject({ code: 'ERR_TLS_PROXY', status });
    }
  });

  it.each(['socks5', 'socks5h'])('Dante opens tunnels by %s', async (scheme) => {
    const tls = { backend: await load(), trust: made.trust };
    await using server = await nginx.startServer(made.files);
    await using proxy = await startDante(made.files);
    for (const allowH2 of [false, true]) {
      await using client = createHttpClient({ tls, allowH2, proxy: `${scheme}://127.0.0.1:${proxy.port}` });
      const response = await client.fetch(`https://localhost:${server.port}/`);
      expect(await response.text()).toMatch(nginx.page);
      const nobody = client.request('https://127.0.0.1:1/');
      await expect(nobody).rejects.toMatchObject({ code: 'ERR_TLS_PROXY', phase: 'proxy' });
    }
  });
});
