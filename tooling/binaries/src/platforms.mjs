import { runs } from './checks.mjs';
import { glibcFloor } from './structure.mjs';

const glibc = `glibc ${glibcFloor.join('.')}`;

/** What each binary needs, and what loads it there. `elsewhere` is how else it is tested, where that is no run of this package. */
export const platforms = {
  'linux-x64-glibc': { needs: glibc, loader: '`/lib64/ld-linux-x86-64.so.2`' },
  'linux-arm64-glibc': { needs: glibc, loader: '`/lib/ld-linux-aarch64.so.1`' },
  'linux-x64-musl': { needs: 'musl 1.2', loader: '`/lib/ld-musl-x86_64.so.1`' },
  'linux-arm64-musl': { needs: 'musl 1.2', loader: '`/lib/ld-musl-aarch64.so.1`' },
  'win32-x64': {
    needs: 'Windows 10',
    loader: 'Windows’',
    elsewhere:
      'the conformance kit under Wine 10, over SChannel and over the OpenSSL of Node 20 and 24, and a client under Wine 8 (`npm run test:windows`)',
  },
  'win32-arm64': { needs: 'Windows 10', loader: 'Windows’', elsewhere: 'nowhere: there is no Wine for it here' },
  'darwin-x64': { needs: 'macOS 11', loader: 'dyld', elsewhere: 'nowhere: there is no Mac here' },
  'darwin-arm64': { needs: 'macOS 11', loader: 'dyld', elsewhere: 'nowhere: there is no Mac here' },
};

/** Markdown of what each binary needs, and where it was loaded. */
export function platformTable() {
  const rows = Object.entries(platforms).map(([target, { needs, loader, elsewhere }]) => {
    const own = runs.filter((each) => each.target === target).map(({ where }) => where);
    return [`\`${target}\``, needs, loader, [...own, ...(elsewhere === undefined ? [] : [elsewhere])].join('; ')];
  });
  const head = [
    ['binary', 'needs', 'loaded by', 'loaded and run in'],
    ['---', '---', '---', '---'],
  ];
  return [...head, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
