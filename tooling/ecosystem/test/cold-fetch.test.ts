import { resolveBackend } from '@org/tls-core/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overOurs, overUndici, startOrigin, type Origin, type Plan } from '../src/cold-fetch/cold-fetch.ts';
import { backends } from '../src/examples.ts';

let origin: Origin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin[Symbol.asyncDispose]());

describe.each(backends)('a cold fetch of 50 resources over HTTP/2 and %s', (name) => {
  const load = () => resolveBackend(name, { from: import.meta.url });

  it('takes one connection behind the page that names them', async () => {
    const plan: Plan = { pattern: 'page first', resources: 50 };
    expect(await overOurs(origin, await load(), plan)).toMatchObject({ connections: 1 });
  });

  it.each<Plan>([
    { pattern: 'page first', resources: 50 },
    { pattern: 'page first', resources: 50, connections: 6 },
    { pattern: 'all at once', resources: 50 },
    { pattern: 'all at once', resources: 50, connections: 6 },
  ])('takes no more connections than undici: $pattern, at most $connections', async (plan) => {
    const undici = await overUndici(origin, plan);
    const ours = await overOurs(origin, await load(), plan);
    expect(ours.connections).toBeLessThanOrEqual(undici.connections);
    expect(undici.connections).toBeLessThanOrEqual(plan.connections ?? plan.resources + 1);
  });
});
