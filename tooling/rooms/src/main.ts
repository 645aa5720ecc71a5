// Writes the picture into docs/architecture.md and the boundaries into .oxlintrc.json, from the table in house.ts.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './imports.ts';
import { withOverrides } from './lint-overrides.ts';
import { withPicture } from './picture.ts';

const page = join(root, 'docs', 'architecture.md');
writeFileSync(page, withPicture(readFileSync(page, 'utf8')));
const configuration = join(root, '.oxlintrc.json');
const rules = JSON.parse(readFileSync(configuration, 'utf8')) as { readonly overrides: readonly object[] };
writeFileSync(configuration, `${JSON.stringify(withOverrides(rules), undefined, 2)}\n`);

const { status } = spawnSync(join(root, 'node_modules', '.bin', 'oxfmt'), [page, configuration], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
