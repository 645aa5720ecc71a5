/** A chart of horizontal bars in groups, one panel beside the other. All panels have the same groups and rows. */
export interface BarChart {
  readonly title: string;
  readonly panels: readonly Panel[];
  /** What each row of a group is called, and its colour. */
  readonly rows: readonly Row[];
  readonly groups: readonly string[];
  /** Where a line is drawn that all bars are compared with. */
  readonly line: { readonly value: number; readonly label: string };
}

export interface Panel {
  readonly title: string;
  /** By group and row; `undefined` where there is nothing to draw. */
  readonly bars: readonly (readonly (Bar | undefined)[])[];
}

export interface Bar {
  readonly value: number;
  /** The ends of a whisker. */
  readonly low?: number;
  readonly high?: number;
}

export interface Row {
  readonly name: string;
  /** A colour that is readable on white and on black. */
  readonly colour: string;
}

/**
 * Draws a chart as SVG. It has a ground of its own and follows the reader's choice of light or dark, so that it is readable on any page. It
 * needs no script and no font of its own.
 */
export function barChart(chart: BarChart): string {
  const { panels, rows, groups } = chart;
  const height = margin.top + groups.length * (groupHeading + rows.length * rowHeight + groupGap) + margin.bottom;
  const width = margin.left + panels.length * (panelWidth + panelGap);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(chart.title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="6"/>`,
    text(16, 26, chart.title, 'title'),
    ...groups.flatMap((group, index) => groupLabels(chart, group, index)),
    ...panels.flatMap((panel, index) => drawPanel(chart, panel, index, height)),
    '</svg>',
    '',
  ].join('\n');
}

function groupLabels({ rows }: BarChart, group: string, index: number): readonly string[] {
  const top = groupTop(rows.length, index);
  return [
    text(16, top + 14, group, 'group'),
    ...rows.map((row, at) => text(28, top + groupHeading + at * rowHeight + 12, row.name, 'label')),
  ];
}

function drawPanel(chart: BarChart, panel: Panel, index: number, height: number): readonly string[] {
  const left = margin.left + index * (panelWidth + panelGap);
  const scale = scaleOf(chart);
  const at = left + chart.line.value * scale;
  return [
    text(left, 48, panel.title, 'group'),
    ...panel.bars.flatMap((bars, group) =>
      bars.flatMap((bar, row) => (bar === undefined ? [] : drawBar(chart, bar, { left, group, row, scale }))),
    ),
    `<line class="line" x1="${round(at)}" x2="${round(at)}" y1="${margin.top - 8}" y2="${height - margin.bottom}"/>`,
    text(at + 3, height - 8, chart.line.label, 'label'),
  ];
}

interface Place {
  readonly left: number;
  readonly group: number;
  readonly row: number;
  readonly scale: number;
}

function drawBar(chart: BarChart, { value, low, high }: Bar, { left, group, row, scale }: Place): readonly string[] {
  const top = groupTop(chart.rows.length, group) + groupHeading + row * rowHeight;
  const colour = chart.rows[row]?.colour ?? 'gray';
  const end = left + Math.max(value, high ?? 0) * scale;
  const middle = top + barHeight / 2 + 1;
  const whisker =
    low === undefined || high === undefined
      ? []
      : [
          `<line class="whisker" x1="${round(left + low * scale)}" x2="${round(left + high * scale)}" y1="${middle}" y2="${middle}"/>`,
        ];
  return [
    `<rect x="${left}" y="${top + 1}" width="${round(value * scale)}" height="${barHeight}" fill="${colour}"/>`,
    ...whisker,
    text(end + 4, top + 12, value.toFixed(2), 'label'),
  ];
}

/** Gives the pixels of 1, so that the longest bar and its number fit. */
function scaleOf({ panels, line }: BarChart): number {
  const bars = panels.flatMap((panel) => panel.bars.flat());
  const longest = Math.max(line.value * 1.2, ...bars.map((bar) => Math.max(bar?.value ?? 0, bar?.high ?? 0)));
  return (panelWidth - numberWidth) / longest;
}

function groupTop(rows: number, index: number): number {
  return margin.top + index * (groupHeading + rows * rowHeight + groupGap);
}

function text(x: number, y: number, content: string, kind: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}">${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const margin = { top: 64, left: 250, bottom: 22 };
const panelWidth = 300;
const panelGap = 24;
const numberWidth = 40;
const groupHeading = 20;
const groupGap = 10;
const rowHeight = 16;
const barHeight = 13;

const style = [
  'text{font:12px system-ui,sans-serif;fill:#1f2328}',
  '.title{font-size:15px;font-weight:600}',
  '.group{font-weight:600}',
  '.ground{fill:#fff}',
  '.line{stroke:#1f2328;stroke-dasharray:3 3}',
  '.whisker{stroke:#1f2328;stroke-width:1.5}',
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.line,.whisker{stroke:#e6edf3}}',
].join('');
