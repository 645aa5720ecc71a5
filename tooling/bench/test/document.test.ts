import { describe, expect, test } from 'vitest';
import { fillDocument } from '../src/report/document.ts';

describe('generated parts of a document', () => {
  const document =
    '# A\n\n<!-- bench one -->\nold\n<!-- end bench -->\n\nmine\n\n<!-- bench two -->\n<!-- end bench -->\n';

  test('each part stands between its markers, and what is written by hand stays', () => {
    const filled = fillDocument(document, { one: 'ONE', two: 'TWO' });
    expect(filled).toContain('<!-- bench one -->\n\nONE\n\n<!-- end bench -->');
    expect(filled).toContain('\nmine\n');
    expect(filled).not.toContain('old');
  });

  test('filling it once more changes nothing', () => {
    const filled = fillDocument(document, { one: 'ONE', two: '$& TWO' });
    expect(fillDocument(filled, { one: 'ONE', two: '$& TWO' })).toBe(filled);
  });

  test('a part without a place and a place without a part are refused', () => {
    expect(() => fillDocument(document, { one: '', two: '', three: '' })).toThrow('no place for three');
    expect(() => fillDocument(document, { one: '' })).toThrow('nothing was made for two');
  });
});
