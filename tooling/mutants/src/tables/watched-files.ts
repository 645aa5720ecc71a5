import { mutantsOf, type Mutant } from '../mutant.ts';

const files = 'packages/tls-core/test/watch-files.test.ts';
const overTime = 'packages/tls-core/test/watched-files.test.ts';
const identity = 'packages/tls-identity/test/node/watch-identity.test.ts';
const identities = 'packages/tls-identity/test/node/watch-identities.test.ts';

/** Checks of files that change while a process runs, and of the identities in them. */
export const watchedFileMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-core/src/files/folder-contents.ts', files, [
    { id: 'more-files-than-are-watched', find: 'if (found.length > maxFiles)', replace: 'if (false)' },
    { id: 'more-bytes-than-are-watched', find: 'if (bytes > maxBytes)', replace: 'if (false)' },
    { id: 'folder-without-end', find: 'if (entries.length > maxFiles)', replace: 'if (false)' },
    {
      id: 'pipe-that-is-watched',
      find: "if (given === 'other') throw noFile(path);",
      replace: "if (given === 'other') return [];",
    },
  ]),
  ...mutantsOf('packages/tls-core/src/files/watch-files.ts', overTime, [
    {
      id: 'refused-files-that-are-read-at-each-look',
      find: 'const looksLeft = digest === undefined ? 0 : looksToPassOver(times);',
      replace: 'const looksLeft = 0;',
    },
    {
      id: 'value-that-comes-behind-close',
      find: 'if (this.#looks.isClosed) return false;\n    this.#current = value;',
      replace: 'this.#current = value;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/files/looks.ts', overTime, [
    {
      id: 'looks-without-end',
      find: 'this.#waiting ??= this.#lookBehind(this.#running);\n    return this.#waiting;',
      replace: 'return this.#lookBehind(this.#running);',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/node/folder-pair.ts', identity, [
    { id: 'one-pair-of-several-in-a-folder', find: 'if (more.length > 0)', replace: 'if (false)' },
  ]),
  ...mutantsOf('packages/tls-identity/src/node/watch-identity.ts', identity, [
    {
      id: 'renewal-that-has-expired',
      find: 'if (late !== undefined && held !== undefined',
      replace: 'if (late === null && held !== undefined',
    },
    {
      id: 'renewal-that-is-no-identity',
      find: "answerOf('selectIdentity', identity);",
      replace: '',
    },
    {
      id: 'renewal-that-the-backend-cannot-load',
      find: 'if (backend !== undefined) await',
      replace: 'if (backend === null) await',
    },
    {
      id: 'expired-certificate-that-is-shown-in-silence',
      find: 'queueMicrotask(() => onExpired(error));',
      replace: 'onExpired.call.length;',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/node/identity-index.ts', identities, [
    {
      id: 'wildcard-for-a-top-level-domain',
      find: '.filter((pattern) => matchesDnsName(pattern, serverName))',
      replace: '.filter((pattern) => pattern !== serverName || matchesDnsName(pattern, serverName))',
    },
    {
      id: 'unknown-name-that-is-to-be-refused',
      find: 'if (defaultName === false) return undefined;',
      replace: '',
    },
    {
      id: 'stale-certificate-before-a-good-one',
      find: 'return [...all.filter((each) => !isLate(each)), ...all.filter(isLate)]',
      replace: 'return [...all.filter(isLate), ...all.filter((each) => !isLate(each))]',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/node/identity-places.ts', identities, [
    {
      id: 'volume-that-is-not-mounted',
      find: 'if (found.length === 0) throw',
      replace: 'if (found.length > 9000) throw',
    },
  ]),
  ...mutantsOf(
    'packages/tls-core/src/hook-answer.ts',
    { killedBy: 'packages/tls-conformance/test/pure.test.ts', tests: 'select-identity-wrong-list' },
    [
      {
        id: 'identities-of-a-hook-without-end',
        find: 'if (given.length === 0 || given.length > maxIdentities) return wrong;',
        replace: 'if (given.length === 0) return wrong;',
      },
    ],
  ),
];
