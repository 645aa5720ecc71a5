import { expect, test } from 'vitest';
import { createSecureContext } from '../src/index.ts';

test('a context has the property by which libraries recognise one', () => {
  expect(createSecureContext({}).context).toBeTypeOf('object');
});
