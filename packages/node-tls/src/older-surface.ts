import { refused } from './coded-error.ts';

/** @throws Error always: Node has deprecated it since its version 0.11, and `new TLSSocket(duplex)` does what it did */
export function createSecurePair(): never {
  throw refused('createSecurePair()', 'use new TLSSocket(duplex, options)');
}
