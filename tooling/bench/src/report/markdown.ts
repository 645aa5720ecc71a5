import { isMeasured, type CaseResult, type SubjectResult } from '../result.ts';

/** Makes a table of GitHub's Markdown. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Gives the rows of all subjects for one or more cases. */
export function resultTable(results: readonly CaseResult[]): string {
  const [first] = results;
  const perUnit = first === undefined ? '' : ` per ${first.unit}`;
  return markdownTable(
    [
      'case',
      'implementation',
      'ratio to node:tls',
      'half of the rounds',
      `${first?.unit ?? 'unit'}s per second`,
      `client CPU µs${perUnit}`,
      'server CPU µs',
    ],
    results.flatMap((result) => result.subjects.map((each) => [caseName(result), ...cells(each)])),
  );
}

function caseName({ case: name, heapMebibytes }: CaseResult): string {
  return heapMebibytes === 0 ? name : `${name}, with ${heapMebibytes} MiB of heap`;
}

function cells(result: SubjectResult): readonly string[] {
  if (!isMeasured(result)) return [result.subject, '–', result.missing, '', '', ''];
  const { subject, ratio, rate, clientCpu, serverCpu } = result;
  return [
    subject,
    ratio === undefined ? '–' : ratio.median.toFixed(2),
    ratio === undefined ? '' : `${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}`,
    significant(rate),
    significant(clientCpu),
    significant(serverCpu),
  ];
}

/** Writes three digits, for a fourth says nothing. */
export function significant(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Number(value.toPrecision(3)).toString();
}
