import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runCampaign, type Failure } from '../src/campaign.ts';
import { Finding, type Fuzzer } from '../src/fuzzer.ts';

const seed = 7;

/** Fails on some cases, each time in the same way. */
const broken: Fuzzer = {
  name: 'broken',
  casesInTests: 0,
  start: async () => (random, note) => {
    const drawn = random.below(10);
    note(`drew ${drawn}`);
    if (drawn === 3) throw new Finding(`a three in ${random.below(1000)}`);
  },
};

async function failures(fuzzer: Fuzzer, first: number, cases: number): Promise<readonly Failure[]> {
  const found: Failure[] = [];
  await runCampaign(fuzzer, { seed, first, cases, found: (failure) => found.push(failure) });
  return found;
}

describe('a campaign', () => {
  it('tells each kind of failure once, with the case that shows it', async () => {
    const found = await failures(broken, 0, 200);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ fuzzer: 'broken', seed, notes: ['drew 3'] });
  });

  it('shows the same failure again when that case is run alone', async () => {
    const [first] = await failures(broken, 0, 200);
    const [again] = await failures(broken, first?.index ?? 0, 1);
    expect(again).toMatchObject({ index: first?.index, notes: first?.notes });
    expect(String(again?.error)).toBe(String(first?.error));
  });

  it('counts what nobody caught against the case that ran', async () => {
    const careless: Fuzzer = {
      ...broken,
      start: async () => (random) => void (random.oneIn(5) && Promise.reject(new Error('nobody listens'))),
    };
    const found = await failures(careless, 0, 50);
    expect(found).toHaveLength(1);
    expect(found[0]?.error).toMatchObject({ message: 'uncaught', cause: { message: 'nobody listens' } });
  });

  it('does not count what the application throws itself', async () => {
    const owned: Fuzzer = {
      ...broken,
      isOwn: (error) => error instanceof RangeError,
      start: async () => (random) =>
        void Promise.reject(random.oneIn(5) ? new Error('ours') : new RangeError('theirs')),
    };
    const found = await failures(owned, 0, 50);
    expect(found.map(({ error }) => (error as Error).cause)).toEqual([new Error('ours')]);
  });

  it('tells what is left open at its end', async () => {
    // the test runner has timers of its own, which come and go, and no servers
    const servers: Server[] = [];
    const forgetful: Fuzzer = {
      ...broken,
      start: async () => () => void servers.push(createServer().listen(0, '127.0.0.1')),
    };
    const found = await failures(forgetful, 0, 1);
    expect(found.map(({ error }) => String(error))).toEqual([
      expect.stringMatching(/^Finding: left open: .*\bTCPServerWrap\b/),
    ]);
    for (const server of servers) server.close();
  });
});
