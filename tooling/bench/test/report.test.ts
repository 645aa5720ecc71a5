import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { fillDocument } from '../src/report/document.ts';
import { makeReport } from '../src/report/parts.ts';
import type { NodeResults, SubjectResult } from '../src/result.ts';
import { mergeResults, readResults } from '../src/results.ts';

const docs = new URL('../../../docs/', import.meta.url);

describe('docs/performance.md', () => {
  test('it says what the results say: `npm run bench -- --report` changes nothing', async () => {
    const { parts, charts } = makeReport(await readResults());
    const page = await readFile(new URL('performance.md', docs), 'utf8');
    expect(fillDocument(page, parts)).toBe(page);
    for (const [name, svg] of Object.entries(charts)) {
      expect(await readFile(new URL(`performance/${name}`, docs), 'utf8')).toBe(svg);
    }
  });

  test('every picture that it shows is there', async () => {
    const page = await readFile(new URL('performance.md', docs), 'utf8');
    const shown = [...page.matchAll(/\]\(performance\/([^)]+)\)/g)].map(([, name]) => name);
    const there = shown.length === 0 ? [] : await readdir(new URL('performance/', docs));
    expect(shown.filter((name) => !there.includes(name ?? ''))).toEqual([]);
  });
});

describe('reports', () => {
  test('a target is reached at its figure and missed below it, and memory the other way round', () => {
    const { targets = '' } = makeReport([node([ratio('pure', 1.5), ratio('native', 1.49)])]).parts;
    expect(targets).toContain('| handshakes, known chain, 16 concurrent | pure | 1.50 (1.50) reached |');
    expect(targets).toContain('| handshakes, known chain, 16 concurrent | native | 1.49 (1.50) **missed** |');
    expect(targets).not.toContain('3.20');
    const limited = makeReport([node([ratio('pure', 1), ratio('plain TCP', 3.2)])]);
    expect(limited.parts['targets']).toContain('| pure | 1.00 (1.50) **missed** | 3.20 |');
    expect(limited.charts['handshakes.svg']).not.toContain('plain TCP');
    const memory = node([ratio('pure', 0.51), ratio('native', 0.8)], 'idle', '8,000 connections');
    expect(makeReport([memory]).parts['targets']).toContain('| idle memory | pure | 0.51 (≤ 0.50) **missed** |');
    expect(makeReport([memory]).parts['targets']).toContain('| idle memory | native | 0.80 (≤ 0.80) reached |');
  });

  test('a chart has a panel for each line of Node, and no bar where nothing was measured', () => {
    const both = [node([ratio('pure', 1.5)]), { ...node([{ subject: 'pure', missing: 'no' }]), node: 'v24.0.0' }];
    const chart = makeReport(both).charts['handshakes.svg'] ?? '';
    expect(chart).toContain('Node 20.0.0');
    expect(chart).toContain('Node 24.0.0');
    expect(chart.match(/height="13"/g)).toHaveLength(1);
  });

  test('a part that is measured again takes the place of the earlier one, and the others stay', () => {
    const earlier = node([ratio('pure', 1)]);
    const { results } = mergeResults(
      { ...earlier, results: [...earlier.results, ...node([ratio('pure', 2)], 'echo', '100 bytes').results] },
      node([ratio('pure', 3)]),
    );
    expect(results.map(({ workload, subjects }) => [workload, subjects])).toEqual([
      ['handshakes', [ratio('pure', 3)]],
      ['echo', [ratio('pure', 2)]],
    ]);
  });

  test('results of two machines under one line of Node are told apart', () => {
    const elsewhere = node([ratio('pure', 2)], 'echo', '100 bytes');
    const moved = { ...elsewhere, results: elsewhere.results.map((each) => ({ ...each, machine: 'another' })) };
    const { machine } = makeReport([mergeResults(node([ratio('pure', 1)]), moved)]).parts;
    expect(machine).toContain('2026-11-29, c, plan “p”, on a machine; 2026-11-29, c, plan “p”, on another');
  });
});

function ratio(subject: string, median: number): SubjectResult {
  return {
    subject,
    ratio: { median, low: median, high: median, count: 4 },
    figures: { rate: 1, clientCpu: 1, serverCpu: 1 },
  };
}

function node(
  subjects: readonly SubjectResult[],
  workload = 'handshakes',
  name = 'known chain, 16 concurrent',
): NodeResults {
  const measuring = { date: '2026-11-29', commit: 'c', plan: 'p', machine: 'a machine', heapMebibytes: 0 };
  return {
    line: '20',
    node: 'v20.0.0',
    openssl: '3.0',
    nativeLibrary: 'none',
    tables: [],
    results: [{ ...measuring, workload, case: name, unit: 'handshake', measures: 'rate', subjects }],
  };
}
