import { createBackend } from '@org/tls-pure';
import { createHttpClient } from '../../src/index.ts';

const { ORIGIN: origin = '', TRUST: trust = '', ALLOW_H2: allowH2, PROXY: url = '' } = process.env;
const tls = { backend: createBackend(), trust };
const proxy = url.startsWith('https:') ? { url, tls } : url;
const client = createHttpClient({ tls, proxy, allowH2: allowH2 === 'true' });
const response = await client.fetch(origin);
tell('fetch', response.status, await response.text());
const { statusCode, body } = await client.request(origin);
tell('request', statusCode, await body.text());
await client.close();
tell('closed');

function tell(...words: readonly (string | number)[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}
