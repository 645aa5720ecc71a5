import { describe, expect, test } from 'vitest';
import { barChart, type BarChart } from '../src/report/svg.ts';

const chart: BarChart = {
  title: 'Handshakes & <more>',
  groups: ['first', 'second'],
  rows: [
    { name: 'pure', colour: '#123456' },
    { name: 'native', colour: '#654321' },
  ],
  line: { value: 1, label: 'node:tls' },
  panels: [
    {
      title: 'Node 24',
      bars: [
        [{ value: 0.5 }, { value: 2, low: 1.5, high: 2.5 }],
        [undefined, { value: 1 }],
      ],
    },
  ],
};

describe('charts', () => {
  test('a bar is as long as its value is great', () => {
    const widths = [...barChart(chart).matchAll(/width="([\d.]+)" height="13"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(3);
    const [half = 0, two = 0, one = 0] = widths;
    expect(two / half).toBeCloseTo(4, 1);
    expect(two / one).toBeCloseTo(2, 1);
  });

  test('nothing is drawn where there is no value, and a whisker only where there is a spread', () => {
    const svg = barChart(chart);
    expect(svg.match(/class="whisker"/g)).toHaveLength(1);
    expect(svg).not.toContain('NaN');
  });

  test('the longest bar ends within its panel, with room for its number', () => {
    const [, width = '0'] = /^<svg [^>]*width="(\d+)"/.exec(barChart(chart)) ?? [];
    const ends = [...barChart(chart).matchAll(/class="label" x="([\d.]+)" y="[\d.]+">\d/g)].map(([, x]) => Number(x));
    expect(Math.max(...ends) + 24).toBeLessThan(Number(width));
  });

  test('text cannot become markup', () => {
    expect(barChart(chart)).toContain('Handshakes &amp; &lt;more&gt;');
    expect(barChart(chart)).not.toContain('<more>');
  });

  test('it says what it shows to who cannot see it, and has a ground in light and in dark', () => {
    expect(barChart(chart)).toMatch(/role="img">\n<title>/);
    expect(barChart(chart)).toMatch(/prefers-color-scheme:dark\)\{[^]*\.ground\{fill:#0d1117\}/);
  });
});
