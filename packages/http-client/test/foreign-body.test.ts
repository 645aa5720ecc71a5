import { createRoot } from '@org/pki';
import { describe, expect, test } from 'vitest';
import { createHttpClient, FormData as OwnFormData, Request as OwnRequest, securityOf } from '../src/index.ts';
import { backends } from './backends.ts';
import { failureOf } from './failure.ts';
import { startHttps } from './servers.ts';

const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const trust = root.certificatePem;

/** What Node has in its global scope, and what undici exports. Both are to be taken. */
const classes = [
  ['the runtime', Request, FormData],
  ['undici', OwnRequest, OwnFormData],
] as const;

describe.each(backends)('over %s', (_name, backend) => {
  const tls = { backend, trust };

  test.each(classes)('sends a Request of %s', async (_whose, SomeRequest) => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const headers = { 'content-type': 'text/plain', 'x-note': 'seen' };
    const request = new SomeRequest(`${server.origin}/seen`, { method: 'PUT', headers, body: 'whole' });
    const response = await client.fetch(request);
    expect(await response.json()).toMatchObject({ method: 'PUT', headers, body: 'whole' });
    expect(securityOf(response)?.protocol).toBe('TLSv1.3');
    expect(request.bodyUsed).toBe(true);
  });

  test.each(classes)('sends a FormData of %s, by fetch and by request', async (_whose, _request, SomeFormData) => {
    await using server = await startHttps(leaf);
    await using client = createHttpClient({ tls });
    const body = new SomeFormData();
    body.append('name', 'value');
    body.append('file', new Blob(['content'], { type: 'text/plain' }), 'file.txt');
    const fetched = await client.fetch(`${server.origin}/seen`, { method: 'POST', body });
    const requested = await client.request(`${server.origin}/seen`, { method: 'POST', body });
    for (const answer of [fetched, requested.body]) {
      const seen = (await answer.json()) as { readonly headers: Record<string, string>; readonly body: string };
      const sent = await new Response(seen.body, { headers: seen.headers }).formData();
      expect(sent.get('name')).toBe('value');
      const file = sent.get('file') as File;
      expect([file.name, file.type, await file.text()]).toEqual(['file.txt', 'text/plain', 'content']);
    }
  });
});

describe('a Request of the runtime', () => {
  const client = createHttpClient();

  test('whose body was read is refused', async () => {
    const request = new Request('https://localhost/', { method: 'POST', body: 'once' });
    await request.text();
    expect(await failureOf(client.fetch(request))).toBeInstanceOf(TypeError);
  });

  test('brings its signal', async () => {
    const reason = new Error('not wanted any more');
    const request = new Request('https://localhost/', { signal: AbortSignal.abort(reason) });
    expect(await failureOf(client.fetch(request))).toBe(reason);
  });

  test('gives way to what the call says', async () => {
    await using server = await startHttps(leaf);
    await using trusting = createHttpClient({ tls: { backend: backends[0]?.[1], trust } });
    const request = new Request(`${server.origin}/seen`, { method: 'POST', body: 'from the request' });
    const response = await trusting.fetch(request, { method: 'PUT', body: 'from the call' });
    expect(await response.json()).toMatchObject({ method: 'PUT', body: 'from the call' });
  });
});
