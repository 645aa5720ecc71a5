import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { backends } from '../support/exchange.ts';
import { rememberForAnHour } from '../support/remembering.ts';
import { Fleet, scenarios, type Figures, type Scenario, type Size } from './scenarios.ts';

const page = fileURLToPath(new URL('../../../../docs/fleet.md', import.meta.url));
const size: Size = {
  connections: 20_000,
  share: 0.1,
  replays: 11_500,
  rotations: 8,
  pause: 5000,
  rotationInterval: 600_000,
};
/** In the scenario of rotations, keys also change by themselves all the time; then a fleet bridges no outage of a minute. */
const restless: Size = { ...size, rotationInterval: 20_000 };
const [rotations, ...outages] = scenarios;
const results = new Map<string, Map<string, Figures>>(scenarios.map(({ name }) => [name, new Map()]));

describe.each(backends)('three processes over the %s backend, for long', (name, backend) => {
  const measure = async (fleet: Fleet, { name: what, run }: Scenario, of: Size): Promise<void> => {
    await rememberForAnHour(fleet.admin);
    const figures = await run(fleet, of);
    results.get(what)?.set(name, figures);
    process.stderr.write(`${name}: ${what}: ${JSON.stringify(figures)}\n`);
    expect(figures).toMatchObject({ failed: 0, takenTwice: 0 });
    const rate = figures.connections === 0 ? 1 : figures.resumed / figures.connections;
    expect(rate).toBeGreaterThan(0.99);
    for (const { failures } of await fleet.seen()) expect(failures).toEqual([]);
  };

  it('resume across rotations', async () => {
    await using fleet = await Fleet.start(name, backend, restless);
    expect(rotations?.name).toBe('keys are rotated under load');
    if (rotations !== undefined) await measure(fleet, rotations, restless);
  });

  it('resume, fail no handshake and take nothing twice', async () => {
    await using fleet = await Fleet.start(name, backend, size);
    expect(outages).not.toEqual([]);
    // Scenarios follow each other over one fleet.
    // oxlint-disable-next-line no-await-in-loop
    for (const scenario of outages) await measure(fleet, scenario, size);
  });
});

afterAll(async () => {
  const text = await readFile(page, 'utf8');
  await writeFile(page, text.replace(/(<!-- figures -->\n)[^]*?(<!-- end of figures -->)/, `$1${table()}$2`));
});

/** One row for each scenario and backend. */
function table(): string {
  const head = [
    '| what happens | backend | connections | resumed | handshakes failed | early data sent | taken | taken twice |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  const rows = [...results].flatMap(([scenario, byBackend]) =>
    [...byBackend].map(([backend, figures]) => {
      const { connections, resumed, failed, flights, taken, takenTwice } = figures;
      const rate = connections === 0 ? '' : `${((100 * resumed) / connections).toFixed(2)} %`;
      const loads = connections === 0 ? ['', '', ''] : [connections, rate, failed];
      const replays = flights === 0 ? ['', '', ''] : [flights, taken, takenTwice];
      return `| ${[scenario, backend, ...loads, ...replays].join(' | ')} |`;
    }),
  );
  return `\n${[...head, ...rows].join('\n')}\n\n`;
}
