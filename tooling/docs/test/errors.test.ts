import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorsPage } from '../src/errors-page.ts';
import { root } from './code-blocks.ts';

it('docs/errors.md says what the table of codes says (`pnpm --filter @org/docs write` writes it)', async () => {
  await expect(errorsPage()).toMatchFileSnapshot(join(root, 'docs/errors.md'));
});
