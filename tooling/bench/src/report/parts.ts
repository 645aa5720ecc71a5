import type { NodeResults } from '../result.ts';
import { subjects } from '../subjects.ts';
import { ratioChart } from './charts.ts';
import { markdownTable, numberTable, resultTable } from './markdown.ts';
import { targetTable } from './target-table.ts';

/** The generated parts of docs/performance.md by their names, and the charts by the names of their files. */
export interface Report {
  readonly parts: Readonly<Record<string, string>>;
  readonly charts: Readonly<Record<string, string>>;
}

/** The workloads that have a chart, with its title. */
const charts: Readonly<Record<string, string>> = {
  handshakes: 'Handshakes per second, divided by those of node:tls',
  bulk: 'MiB per second, divided by those of node:tls',
  echo: 'Round trips per second, divided by those of node:tls',
  http: 'HTTP requests per second, divided by those of undici over node:tls',
  idle: 'Memory of idle connections, divided by that of node:tls: less is better',
};
const workloads = ['handshakes', 'bulk', 'echo', 'http', 'idle', 'collections', 'in-memory'];
const tables = ['start', 'offload'];

/** Makes all parts of the results of one or more lines of Node. */
export function makeReport(nodes: readonly NodeResults[]): Report {
  return {
    parts: {
      machine: machineTable(nodes),
      subjects: markdownTable(
        ['implementation', 'what it is'],
        subjects.filter(({ isControl }) => isControl !== true).map(({ name, about }) => [name, about]),
      ),
      targets: targetTable(nodes),
      ...Object.fromEntries(workloads.map((id) => [id, workloadPart(id, nodes)])),
      ...Object.fromEntries(tables.map((id) => [id, tablePart(id, nodes)])),
    },
    charts: Object.fromEntries(
      Object.entries(charts).map(([id, title]) => [`${id}.svg`, ratioChart(title, id, nodes)]),
    ),
  };
}

function machineTable(nodes: readonly NodeResults[]): string {
  return markdownTable(
    ['Node', 'its OpenSSL', 'library of tls-native', 'measured'],
    nodes.map(({ node, openssl, nativeLibrary, results, tables: own }) => {
      const times = [...results, ...own].map(
        ({ date, commit, plan, machine }) => `${date}, ${commit}, plan “${plan}”, on ${machine}`,
      );
      return [node, openssl, nativeLibrary, [...new Set(times)].join('; ')];
    }),
  );
}

function workloadPart(id: string, nodes: readonly NodeResults[]): string {
  if (!isThere(id, nodes)) return notMeasured;
  const title = charts[id];
  const picture = title === undefined ? [] : [`![${title}](performance/${id}.svg)`];
  const details = nodes.flatMap(({ node, results }) => {
    const own = results.filter(({ workload }) => workload === id);
    return own.length === 0 ? [] : [folded(`Node ${node.replace('v', '')}`, resultTable(own))];
  });
  return [...picture, ...details].join('\n\n');
}

function isThere(id: string, nodes: readonly NodeResults[]): boolean {
  return nodes.some(({ results }) => results.some(({ workload }) => workload === id));
}

function tablePart(id: string, nodes: readonly NodeResults[]): string {
  if (nodes.every(({ tables: own }) => own.every((each) => each.id !== id))) return notMeasured;
  return nodes
    .flatMap(({ node, tables: all }) => {
      const table = all.find((each) => each.id === id);
      return table === undefined ? [] : [`Node ${node.replace('v', '')}:\n\n${numberTable(table)}`];
    })
    .join('\n\n');
}

function folded(summary: string, content: string): string {
  return `<details><summary>${summary}: all figures</summary>\n\n${content}\n\n</details>`;
}

const notMeasured = 'It was not measured.';
