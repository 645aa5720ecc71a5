import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocolVersions } from '@org/tls-core';
import { clientOptions, serverOptions } from '@org/tls-core/backend';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { expect, it } from 'vitest';
import { codeIn, tableRowsBelow } from '../src/markdown-tables.ts';
import { root } from './code-blocks.ts';

const page = await readFile(join(root, 'docs/limits.md'), 'utf8');
const [pure, native] = [createPure(), createNative()];
const roles = [pure, native].flatMap(({ capabilities }) => [capabilities.client, capabilities.server]);

it.each(['## Protocols', '## Certificates', '## Assurance', '## Platforms', '## HTTP'])(
  '%s: every row says what is not there and what to use instead',
  (heading) => {
    const rows = tableRowsBelow(page, heading);
    expect(rows.filter(([what = '', instead = '']) => what === '' || instead === '')).toEqual([]);
  },
);

it('no backend speaks a version below TLS 1.2', () => {
  expect(protocolVersions).toEqual(['TLSv1.2', 'TLSv1.3']);
  for (const { protocols } of roles) expect(protocolVersions).toEqual(expect.arrayContaining([...protocols]));
});

it('no backend has a suite without ECDHE and AEAD', () => {
  const suites = roles.flatMap(({ cipherSuites }) => cipherSuites);
  expect(suites.length).toBeGreaterThan(20);
  expect(
    suites.filter(
      (suite) => !/^TLS_(?:ECDHE_(?:ECDSA|RSA)_WITH_)?(?:AES_\d+_GCM|CHACHA20_POLY1305)_SHA\d+$/.test(suite),
    ),
  ).toEqual([]);
});

it('no backend has a finite-field group, or a scheme with SHA-1, Ed448 or a curve that the page leaves out', () => {
  const words = roles.flatMap(({ groups, signatureSchemes }) => [...groups, ...signatureSchemes]);
  expect(words.length).toBeGreaterThan(40);
  expect(words.filter((word) => /ffdhe|sha1$|448|brainpool|secp256k1|dsa_sha/i.test(word))).toEqual([]);
});

it('the options that tls-native lacks are those of the table', () => {
  const told = tableRowsBelow(page, '## What tls-native lacks beside tls-pure').flatMap(([, options = '']) =>
    codeIn(options),
  );
  const [client, server] = [native.capabilities.client.options, native.capabilities.server.options];
  const lacking = [
    ...[...clientOptions].filter((option) => !client.includes(option)),
    ...[...serverOptions].filter((option) => !server.includes(option)),
  ].filter((option) => option !== 'postQuantumRetry'); // the library's version decides on it, as the page says
  // it is an option of a connection, and stands in no list of a configuration's options
  expect(native.capabilities.client.features.ech).toBe(false);
  expect([...new Set([...lacking, 'echConfigList'])].sort()).toEqual([...told].sort());
});

it('tls-pure lacks no option of the interface', () => {
  expect([...clientOptions].filter((option) => !pure.capabilities.client.options.includes(option))).toEqual([]);
  expect([...serverOptions].filter((option) => !pure.capabilities.server.options.includes(option))).toEqual([]);
});
