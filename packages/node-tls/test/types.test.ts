import type { Socket } from 'node:net';
import type { TLSSocket as NodeTLSSocket } from 'node:tls';
import { expectTypeOf, test } from 'vitest';
import type { TLSSocket } from '../src/index.ts';
import { connect } from '../src/index.ts';

test('a TLSSocket is one of Node’s for TypeScript', () => {
  expectTypeOf<TLSSocket>().toExtend<NodeTLSSocket>();
  expectTypeOf<TLSSocket>().toExtend<Socket>();
  expectTypeOf(connect).returns.toExtend<NodeTLSSocket>();
});
