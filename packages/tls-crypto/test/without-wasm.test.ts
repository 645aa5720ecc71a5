import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, 'scripts', 'symmetric.mjs');

interface Computed {
  readonly usesWebAssembly: boolean;
  readonly results: readonly (string | boolean)[];
}
type Line = Readonly<Record<'node' | 'noble', Computed>>;

const [usual] = linesOf([script]);

it('both providers use WebAssembly where there is some, and compute the same', () => {
  expect(usual?.node.usesWebAssembly).toBe(true);
  expect(usual?.noble).toEqual(usual?.node);
});

it.each([
  { where: 'V8 has no compiler', args: ['--jitless', '--no-warnings', script] },
  { where: 'there is no object `WebAssembly`', args: [script, 'missing'] },
])('both providers compute the same without WebAssembly, where $where', ({ args }) => {
  const [line] = linesOf(args);
  for (const computed of [line?.node, line?.noble])
    expect(computed).toEqual({ usesWebAssembly: false, results: usual?.node.results });
});

it('where a module is compiled in the background only, WebAssembly is used as soon as it is there', () => {
  const [before, after] = linesOf([script, 'background']);
  expect(before).toEqual({
    node: { usesWebAssembly: false, results: usual?.node.results },
    noble: { usesWebAssembly: false, results: usual?.node.results },
  });
  expect(after).toEqual(usual);
});

/** Runs the script in a process of its own, over the built package. */
function linesOf(args: readonly string[]): readonly Line[] {
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}
