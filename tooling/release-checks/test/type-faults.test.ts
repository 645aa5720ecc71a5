import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lines } from '@org/node-matrix';
import { typeFaults } from '../src/type-faults.mjs';

const manifest = { name: 'sample', type: 'module', exports: { '.': { types: './index.d.ts', default: './index.js' } } };
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'type-faults-'));
  mkdirSync(join(folder, 'node_modules', 'sample'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', 'sample', 'package.json'), JSON.stringify(manifest));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function faultsOf(declarations: string): readonly string[] {
  writeFileSync(join(folder, 'node_modules', 'sample', 'index.d.ts'), declarations);
  return typeFaults([{ name: 'sample', manifest }], folder);
}

it('declarations that compile are no fault with the types of any Node', () => {
  expect(faultsOf(`import type { Socket } from 'node:net';\nexport declare function open(): Socket;`)).toEqual([]);
});

it('a declaration that needs what Node’s types lack is a fault with those of each line', () => {
  const faults = faultsOf(`import type { KEMOptions } from 'node:crypto';\nexport declare const gone: KEMOptions;`);
  expect(faults.map((fault) => fault.replace(/:.*/s, ''))).toEqual(
    lines.map((line) => `with the types of Node ${line}`),
  );
  expect(faults[0]).toMatch(/^with the types of Node 20: .*index\.d\.ts/);
});
