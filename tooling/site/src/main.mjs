// Builds the site into `tooling/site/dist/site`, and follows its links. Ends with 1 where TypeDoc warns of anything or a link leads nowhere.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSite } from './build-site.mjs';
import { linkFaults } from './link-faults.mjs';
import { fromRoot, pagesOf } from './pages.mjs';
import { siteFaults } from './site-faults.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const dist = join(import.meta.dirname, '..', 'dist');
const out = join(dist, 'site');

const faults = [...linkFaults(root, pagesOf(root))];
if (faults.length === 0) {
  const isClean = await buildSite({ root, out, work: join(dist, 'pages'), repository: repositoryOf(root) });
  if (!isClean) faults.push('TypeDoc warned');
  else faults.push(...siteFaults(out));
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
else console.log(`the site is in ${fromRoot(root, out)}: open ${fromRoot(root, join(out, 'index.html'))}`);

/** @param {string} folder */
function repositoryOf(folder) {
  const { repository } = JSON.parse(readFileSync(join(folder, 'packages', 'tls-core', 'package.json'), 'utf8'));
  return repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
}
