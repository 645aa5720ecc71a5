// Tags the commit that is checked out with each release below a folder of archives which has no tag yet: `tag.mjs FOLDER`. It prints the new tags.

import { spawnSync } from 'node:child_process';
import { readArchives, tagOf } from './archives.mjs';

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')} fails:\n${stderr}`);
  return stdout.trim();
}

try {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: tag.mjs FOLDER');
  for (const tag of readArchives(folder).map(({ manifest }) => tagOf(manifest))) {
    if (git('tag', '--list', tag) !== '') continue;
    git('tag', '--annotate', '--message', tag, tag);
    console.log(tag);
  }
} catch (error) {
  console.error(`tag: ${error.message}`);
  process.exitCode = 1;
}
