// Fetches pages with http-client over tls-pure: `fetch-page.js ORIGIN`, where the roots are the kit's. It prints one line of JSON for each.
import { createHttpClient, securityOf } from '@org/http-client';
import { rootPem } from '@org/tls-conformance';
import { createBackend } from '@org/tls-pure';

const [, , origin] = process.argv as unknown as [string, string, string];

for (const allowH2 of [false, true]) {
  const client = createHttpClient({ tls: { backend: createBackend(), trust: rootPem }, allowH2 });
  const body = 'a question '.repeat(10_000);
  const response = await client.fetch(origin, { method: 'POST', body });
  const text = await response.text();
  const { alpnProtocol, protocol } = securityOf(response) ?? {};
  console.log(JSON.stringify({ status: response.status, isEcho: text === body, alpnProtocol, protocol }));
  await client.close();
}
