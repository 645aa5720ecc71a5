import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as node from '../src/trust-stores/node.ts';
import * as unavailable from '../src/trust-stores/unavailable.ts';
import { trustStoreNames } from '../src/trust.ts';

describe('a runtime without a store', () => {
  test('has none by any name, and the error names the package that has one', () => {
    const message = expect.stringContaining('@org/tls-roots') as string;
    const { readTrustStore, readSystemOverride } = unavailable;
    for (const read of [readSystemOverride, ...trustStoreNames.map((store) => () => readTrustStore(store))])
      expect(() => read()).toThrow(expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'trust', message }));
  });

  test('is every one without the condition `node`, in the workspace’s manifest and in the published one', async () => {
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
      publishConfig: { exports: Record<string, unknown> };
    };
    for (const exports of [manifest.exports, manifest.publishConfig.exports])
      expect(exports['./trust-stores']).toMatchObject({ default: './dist/trust-stores/unavailable.js' });
  });

  test('has the functions that Node’s has', () => {
    const same: typeof node = unavailable;
    expect(Object.keys(same).toSorted()).toEqual(Object.keys(node).toSorted());
  });
});
