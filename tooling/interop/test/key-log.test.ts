import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createHttpClient } from '@org/http-client';
import { keyLogFile } from '@org/tls-core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdentity, type IdentityFiles } from '../src/identity-files.ts';
import { backends } from '../src/matrix.ts';
import { startWithKeyLog } from '../src/peers/openssl.ts';

let made: IdentityFiles;
beforeAll(async () => {
  made = await makeIdentity();
});
afterAll(() => made[Symbol.asyncDispose]());

/** The labels that both sides must have told. OpenSSL tells some that belong to it alone. */
const labels = /^(CLIENT|SERVER)_(HANDSHAKE_TRAFFIC_SECRET|TRAFFIC_SECRET_0) /;

describe.each(backends)('the HTTP client over $name', ({ name, load }) => {
  it('logs the secrets that openssl s_server logs', async () => {
    const backend = await load();
    const files = ['ours', 'theirs'].map((whose) => path.join(made.files.folder, `keys-${whose}-${name}`)) as [
      string,
      string,
    ];
    await using server = await startWithKeyLog(made.files, files[1]);
    await using client = createHttpClient({ tls: { backend, trust: made.trust, keyLog: keyLogFile(files[0]) } });
    const response = await client.request(`https://localhost:${server.port}/`);
    await response.body.text();
    await client.close();
    const [ours, theirs] = await Promise.all(
      files.map(async (file) => {
        const lines = (await readFile(file, 'utf8')).split('\n');
        return lines
          .filter((line) => labels.test(line))
          .map((line) => line.toLowerCase())
          .toSorted();
      }),
    );
    expect(ours).toHaveLength(4);
    expect(ours).toEqual(theirs);
  });
});
