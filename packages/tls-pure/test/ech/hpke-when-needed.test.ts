import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hpkeLibrary as atHand } from '../../src/ech/hpke-at-hand.ts';
import { hpkeLibrary as whenNeeded } from '../../src/ech/hpke-when-needed.ts';

describe('the library of HPKE', () => {
  it('is the same when it is loaded at once as when it is imported', () => {
    const { CipherSuite, LabeledExpand, LabeledExtract } = whenNeeded();
    const imported = atHand();
    expect([CipherSuite, LabeledExpand, LabeledExtract].map(String)).toEqual(
      [imported.CipherSuite, imported.LabeledExpand, imported.LabeledExtract].map(String),
    );
  });

  it('is not read by a program that imports the built package and has no Encrypted Client Hello', () => {
    expect(filesOfHpke("const { createBackend } = await import('./index.js'); createBackend();")).toBe(0);
  });

  it('is read by one that seals a ClientHello', () => {
    const sealing = `
      const { createBackend } = await import('./index.js');
      const { generateEchKey } = await import('./ech/index.js');
      const { configList: echConfigList } = generateEchKey({ publicName: 'public.example' });
      const context = createBackend().createClientContext({ trust: 'mozilla' });
      const sink = { ciphertext() {}, failed() {} };
      context.createEngine({ serverName: 'private.example', echConfigList }, sink).start();
      await new Promise((resolve) => { sink.ciphertext = resolve; });`;
    expect(filesOfHpke(sealing)).toBe(1);
  });
});

/** Runs a program beside the built package. Gives how many files of the library it had loaded in the end. */
function filesOfHpke(program: string): number {
  const counted = `
    import { createRequire } from 'node:module';
    ${program}
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('hpke')).length);`;
  const cwd = join(import.meta.dirname, '../../dist');
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', counted], { cwd, encoding: 'utf8' }));
}
