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

/** Tells when it was given so many sessions. */
class CountingStore extends MemorySessionStore {
  #count = 0;
  #tell: () => void = () => undefined;

  override put(...values: Parameters<MemorySessionStore['put']>): void {
    super.put(...values);
    this.#count += 1;
    this.#tell();
  }

  async has(count: number): Promise<void> {
    while (this.#count < count)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
  }
}

describe.each(backends)('the HTTP client over $name', ({ load }) => {
  describe.each([false, true])('with HTTP/2 %s', (allowH2) => {
    it('sends GET to nginx as early data, and once more where it answers 425 (RFC 8470 §5.2)', async () => {
      const backend = await load();
      await using server = await nginx.startServer(made.files, { acceptsEarlyData: true });
      const origin = `https://localhost:${server.port}`;
      const sessionStore = new CountingStore();
      const get = async (path: string, sessions: number) => {
        // a client of its own, so that there is a new connection
        await using client = createHttpClient({
          tls: { backend, trust: made.trust },
          allowH2,
          earlyData: true,
          sessionStore,
        });
        const response = await client.request(`${origin}${path}`);
        const text = await response.body.text();
        await sessionStore.has(sessions);
        const { earlyData, resumed, alpnProtocol } = securityOf(response) ?? {};
        return { status: response.statusCode, text, earlyData, resumed, alpnProtocol };
      };
      const alpnProtocol = allowH2 ? 'h2' : 'http/1.1';
      // nginx gives two sessions in a full handshake, and one in a resumed one, behind an answer to early data
      expect(await get('/early', 2)).toMatchObject({ text: 'early data: \n', earlyData: 'none', resumed: false });
      const early = await get('/early', 3);
      const again = await get('/not-early', 3);
      expect(early).toMatchObject({ status: 200, earlyData: 'accepted', resumed: true, alpnProtocol });
      expect(again).toMatchObject({ status: 200, text: 'early data: \n', resumed: true, alpnProtocol });
      // nginx takes the data early, and looks at the request then or when the handshake is done
      expect(early.text).toMatch(/^early data: 1?\n$/);
    });
  });
});
