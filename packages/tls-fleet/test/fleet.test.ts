import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backends } from './support/exchange.ts';
import { rememberForAnHour } from './support/remembering.ts';
import { Fleet, scenarios, type Figures, type Size } from './trial/scenarios.ts';

const size: Size = {
  connections: 120,
  share: 0.25,
  replays: 300,
  rotations: 1,
  pause: 1500,
  rotationInterval: 60_000,
};

describe.each(backends)('three processes over the %s backend', (name, backend) => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await Fleet.start(name, backend, size);
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  it.each(scenarios)('$name: sessions are resumed, no handshake fails, nothing is taken twice', async (scenario) => {
    await rememberForAnHour(fleet.admin);
    const figures = await scenario.run(fleet, size);
    expect(figures).toMatchObject({ failed: 0, errors: [], takenTwice: 0, resumed: figures.connections });
    expectTaken(figures, scenario.takes);
    for (const { failures } of await fleet.seen()) expect(failures).toEqual([]);
  });
});

/** Each flight was sent ten times. */
function expectTaken({ flights, taken }: Figures, takes: 'all' | 'some' | 'none'): void {
  const [least, most] = { none: [0, 0], some: [0, flights / 10], all: [1, flights / 10] }[takes] as [number, number];
  expect(taken).toBeGreaterThanOrEqual(least);
  expect(taken).toBeLessThanOrEqual(most);
}
