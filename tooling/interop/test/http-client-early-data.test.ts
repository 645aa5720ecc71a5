import { createHttpClient, securityOf } from '@org/http-client';
import { MemorySessionStore } from '@org/tls-core';
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
  describe.each([false, true])('with HTTP/2 %s', (allowH2) => {
    it('sends GET to nginx as early data, and once more where it answers 425 (RFC 8470 §5.2)', async () => {
      const backend = await load();
      await using server = await nginx.startServer(made.files, { acceptsEarlyData: true });
      const origin = `https://localhost:${server.port}`;
      const sessionStore = new MemorySessionStore();
      const get = async (path: string) => {
        // a client of its own, so that there is a new connection
        await using client = createHttpClient({
          tls: { backend, trust: made.trust },
          allowH2,
          earlyData: true,
          sessionStore,
        });
        const response = await client.request(`${origin}${path}`);
        const text = await response.body.text();
        const { earlyData, resumed, alpnProtocol } = securityOf(response) ?? {};
        return { status: response.statusCode, text, earlyData, resumed, alpnProtocol };
      };
      const alpnProtocol = allowH2 ? 'h2' : 'http/1.1';
      expect(await get('/early')).toMatchObject({ text: 'early data: \n', earlyData: 'none', resumed: false });
      const early = await get('/early');
      const again = await get('/not-early');
      expect(early).toMatchObject({ status: 200, earlyData: 'accepted', resumed: true, alpnProtocol });
      expect(again).toMatchObject({ status: 200, text: 'early data: \n', resumed: true, alpnProtocol });
      // nginx takes the data early, and looks at the request then or when the handshake is done
      expect(early.text).toMatch(/^early data: 1?\n$/);
    });
  });
});
