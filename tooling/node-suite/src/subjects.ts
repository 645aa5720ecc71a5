/** What stands in the place of node:tls's OpenSSL. */
export interface Subject {
  readonly name: string;
  /** The backend whose tests fail for the same causes, by its name in `config.json`. */
  readonly backend: 'pure' | 'native';
  /** What it is, as a page of results says it. */
  readonly about: string;
  /** The module whose `createBackend` makes it. */
  readonly module: string;
}

const subjects: readonly Subject[] = [
  { name: 'pure', backend: 'pure', about: '`@org/tls-pure`', module: '@org/tls-pure' },
  {
    name: 'pure-native',
    backend: 'pure',
    about: '`@org/tls-pure` with the crypto provider of `@org/tls-native/crypto`',
    module: './backends/pure-over-native.js',
  },
  {
    name: 'pure-noble',
    backend: 'pure',
    about: '`@org/tls-pure` with the crypto provider of `@org/tls-crypto/noble`',
    module: './backends/pure-over-noble.js',
  },
  { name: 'native', backend: 'native', about: '`@org/tls-native`', module: '@org/tls-native' },
];

/** @throws RangeError on a name that is none of them */
export function subjectNamed(name: string): Subject {
  const found = subjects.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = subjects.map((each) => each.name).join(', ');
  throw new RangeError(`NODE_SUITE_BACKEND: expected one of ${known}, got ${name}`);
}
