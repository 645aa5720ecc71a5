import { createRequire } from 'node:module';
import type { HpkeLibrary } from './hpke-library.ts';

const require = createRequire(import.meta.url);

/**
 * The library for Node, which loads it when the first ClientHello is sealed or opened, at once: a program without Encrypted Client Hello never
 * reads it.
 */
export function hpkeLibrary(): HpkeLibrary {
  return require('hpke') as HpkeLibrary;
}
