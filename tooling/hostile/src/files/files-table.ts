import type { Markers } from '../markdown-section.ts';
import type { FileCost } from './measure-files.ts';

/** The table of files in the page about security stands between these lines. */
export const fileMarkers: Markers = [
  '<!-- files: made by `pnpm --filter @org/hostile costs` -->',
  '<!-- end of files -->',
];

/** Writes the beginning of a row's line, which says what the row is about. */
export function fileLineStart(name: string): string {
  return `| ${name} |`;
}

export function filesTable(costs: readonly FileCost[]): string {
  const lines = costs.map(({ name, bytes, ratio, code }) => {
    const cost = ratio < 0.1 ? '< 0.1' : ratio.toFixed(1);
    return `${fileLineStart(name)} ${Math.ceil(bytes / 1024)} KiB | ${code === undefined ? 'read' : `\`${code}\``} | ${cost} |`;
  });
  return ['| file | bytes | is | handshakes |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
