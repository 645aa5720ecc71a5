import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wanted } from '../src/node-exports.mjs';

const native = join(import.meta.dirname, '..', '..', '..', 'packages', 'tls-native', 'native');

it('each row of the tables of functions is looked for in Node', () => {
  const rows = ['openssl', 'crypto'].flatMap((folder) =>
    readFileSync(join(native, folder, 'functions.hh'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('  F(')),
  );
  const names = wanted();
  expect(names).toHaveLength(rows.length);
  rows.forEach((row, index) => expect(row.startsWith(`  F(${names[index]?.[0]}, `), row).toBe(true));
  expect(names.filter((row) => row.length > 1)).toEqual([['SSL_SESSION_set_time_ex', 'SSL_SESSION_set_time']]);
});
