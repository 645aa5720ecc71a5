import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noble as atHand } from '../src/node/noble-at-hand.ts';

/** Runs a program over the package as it is built. */
function run(program: string): string {
  const cwd = join(import.meta.dirname, '..', 'dist');
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' }).trim();
}

describe('noble that is loaded when it is needed', () => {
  it('has the parts of noble at hand, and in each what that has', () => {
    const program = `
      import { noble } from './node/noble-when-needed.js';
      console.log(JSON.stringify(Object.entries(noble).map(([name, part]) => [name, Object.keys(part())])));`;
    const whenNeeded = new Map(JSON.parse(run(program)) as [string, string[]][]);
    expect([...whenNeeded.keys()]).toEqual(Object.keys(atHand));
    for (const [name, part] of Object.entries(atHand))
      expect(whenNeeded.get(name)).toEqual(expect.arrayContaining(Object.keys((part as () => object)())));
  });

  it('is what the entry `noble` has, too: one module, whoever loads it first', () => {
    const program = `
      import { noble } from './node/noble-when-needed.js';
      const { importNoblePublicKey } = noble.signatures();
      const { nobleCrypto } = await import('./noble/index.js');
      console.log(nobleCrypto.importPublicKey === importNoblePublicKey);`;
    expect(run(program)).toBe('true');
  });

  it('gives the default provider its hybrid key exchange at once, in every version of Node', () => {
    const program = `
      import { nodeCrypto } from './node/index.js';
      const share = nodeCrypto.generateKeyShare('x25519mlkem768');
      const { keyExchange, sharedSecret } = nodeCrypto.encapsulate('x25519mlkem768', share.publicKey);
      console.log(Buffer.compare(share.deriveSharedSecret(keyExchange), sharedSecret));`;
    expect(run(program)).toBe('0');
  });
});
