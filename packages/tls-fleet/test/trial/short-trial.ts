import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsBackend } from '@org/tls-core';
import { rememberForAnHour } from '../support/remembering.ts';
import { Fleet, scenarios, type Figures, type Size } from './scenarios.ts';

const size: Size = {
  connections: 90,
  share: 0.25,
  replays: 300,
  rotations: 1,
  pause: 1200,
  rotationInterval: 60_000,
};

/** Runs the scenarios of the trial with few connections. Each backend has a file of its own, since both wait more than they work. */
export function describeFleet(name: string, backend: TlsBackend): void {
  describe(`three processes over the ${name} backend`, () => {
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
}

/** Each flight was sent ten times. */
function expectTaken({ flights, taken }: Figures, takes: 'all' | 'some' | 'none'): void {
  const [least, most] = { none: [0, 0], some: [0, flights / 10], all: [1, flights / 10] }[takes] as [number, number];
  expect(taken).toBeGreaterThanOrEqual(least);
  expect(taken).toBeLessThanOrEqual(most);
}
