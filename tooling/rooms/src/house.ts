/** A part of a package that imports other parts in one direction only. */
export interface Room {
  /** The room's name. `.` is the room of the files at the root of `src`. */
  readonly name: string;
  /** The name in the picture; default: its name. */
  readonly label?: string;
  /** The files in it, below `src`: `folder/**`, `*.ts` (the files at the root), or the name of a file at the root. */
  readonly files: readonly string[];
  /** The rooms of the same package that it imports. */
  readonly rooms?: readonly string[];
  /** The entries of siblings, and of the package itself (`#…`), that it imports. */
  readonly entries?: readonly string[];
  /** What it imports from outside: `node:*`, a package, or `@scope/**`. */
  readonly modules?: readonly string[];
}

export interface Package {
  /** The folder below the repository's root. */
  readonly folder: string;
  /** The rooms, the lowest first. A file belongs to the first room that names it. */
  readonly rooms: readonly Room[];
}

const core = '@org/tls-core';
const coreBackend = '@org/tls-core/backend';
const coreNode = '@org/tls-core/node';
const coreFiles = '@org/tls-core/files';
const coreConfig = '@org/tls-core/config';
const coreHttp = '@org/tls-core/http';
const coreStores = '@org/tls-core/trust-stores';
const crypto = '@org/tls-crypto';
const cryptoDer = '@org/tls-crypto/der';
const cryptoKeys = '@org/tls-crypto/keys';
const cryptoNode = '@org/tls-crypto/node';
const cryptoRules = '@org/tls-crypto/provider-rules';
const x509 = '@org/x509';
const all = ['**'];

/** All packages and rooms of what is published, and all that they import, including types. The lowest come first. */
export const house: readonly Package[] = [
  // It is put into tls-cli when that is built.
  { folder: 'tooling/pki', rooms: [{ name: '.', files: all, modules: ['@noble/**', 'asn1js', 'node:*', 'pkijs'] }] },
  {
    folder: 'packages/tls-core',
    rooms: [
      { name: '.', label: 'configuration, errors, contract', files: ['*.ts'] },
      { name: 'backend', files: ['backend/**'], rooms: ['.'] },
      { name: 'web', files: ['web/**'], rooms: ['.'] },
      { name: 'config', files: ['config/**'], rooms: ['.'], modules: ['node:*'] },
      { name: 'node', files: ['node/**'], rooms: ['.', 'config'], modules: ['node:*'] },
      { name: 'http', files: ['http/**'], rooms: ['.', 'config', 'node'], modules: ['node:*'] },
      { name: 'trust-stores', files: ['trust-stores/**'], rooms: ['.'], modules: ['node:*'] },
      { name: 'files', files: ['files/**'], rooms: ['.'], modules: ['node:*'] },
    ],
  },
  {
    folder: 'packages/tls-crypto',
    rooms: [
      { name: 'provider', files: ['provider.ts', 'key-exchange.ts'], entries: [core] },
      { name: 'der', files: ['der/**'], entries: [core, coreBackend] },
      { name: 'keys', files: ['keys/**'], rooms: ['provider', 'der'], entries: [core, coreBackend] },
      {
        name: 'provider-rules',
        files: ['provider-rules/**'],
        rooms: ['provider', 'keys'],
        entries: [core, coreBackend],
      },
      {
        name: 'tables',
        files: ['tables/**'],
        rooms: ['provider', 'provider-rules'],
        entries: [coreBackend],
      },
      { name: 'wasm', files: ['wasm/**'], rooms: ['provider'], entries: [coreBackend] },
      {
        name: 'noble',
        files: ['noble/**'],
        rooms: ['provider', 'der', 'provider-rules', 'wasm'],
        entries: [core, coreBackend],
        modules: ['@noble/**'],
      },
      {
        name: 'node',
        files: ['node/**'],
        rooms: ['provider', 'provider-rules', 'wasm', 'noble'],
        entries: [core, coreBackend, '#noble'],
        modules: ['node:*'],
      },
      {
        name: 'web',
        files: ['web/**'],
        rooms: ['provider', 'der', 'provider-rules', 'wasm', 'noble'],
        entries: [core, coreBackend],
      },
      {
        name: 'provider-tests',
        files: ['provider-tests/**'],
        rooms: ['provider', 'der', 'keys', 'provider-rules', 'tables', 'noble'],
        entries: [core, coreBackend],
        modules: ['vitest'],
      },
      {
        name: '.',
        label: 'index',
        files: ['*.ts'],
        rooms: ['provider', 'provider-rules', 'tables', 'noble', 'node'],
        entries: ['#default-provider'],
      },
    ],
  },
  {
    folder: 'packages/x509',
    rooms: [
      { name: 'names', files: ['names/**'], entries: [core, coreBackend, cryptoDer] },
      { name: 'extensions', files: ['extensions/**'], rooms: ['names'], entries: [cryptoDer] },
      {
        name: '.',
        label: 'paths, anchors, revocation',
        files: ['*.ts'],
        rooms: ['names', 'extensions'],
        entries: [core, coreBackend, coreStores, crypto, cryptoDer, cryptoKeys],
      },
      {
        name: 'status',
        label: 'OCSP and lists by a fetcher',
        files: ['status/**'],
        rooms: ['names', '.'],
        entries: [core, coreBackend, crypto, cryptoDer],
      },
      {
        name: 'node',
        files: ['node/**'],
        rooms: ['.'],
        entries: [core, coreBackend, coreFiles],
        modules: ['node:*'],
      },
    ],
  },
  {
    folder: 'packages/tls-pure',
    rooms: [
      { name: 'wire', files: ['wire/**'], entries: [core, coreBackend, x509] },
      { name: 'schedule', files: ['schedule/**'], rooms: ['wire'], entries: [coreBackend, crypto] },
      { name: 'record', files: ['record/**'], rooms: ['wire', 'schedule'], entries: [core, coreBackend, crypto] },
      {
        name: 'session',
        files: ['session/**'],
        rooms: ['wire', 'schedule'],
        entries: [core, coreBackend, crypto, x509],
      },
      {
        name: 'ech',
        files: ['ech/**'],
        rooms: ['wire', 'schedule'],
        entries: [core, coreBackend, crypto, '#hpke'],
        modules: ['hpke', 'node:module'],
      },
      {
        name: 'handshake',
        files: ['handshake/**'],
        rooms: ['wire', 'schedule', 'record', 'session'],
        entries: [core, coreBackend, crypto, cryptoKeys, x509],
      },
      {
        name: 'client',
        files: ['client/**'],
        rooms: ['wire', 'record', 'schedule', 'session', 'ech', 'handshake'],
        entries: [core, coreBackend, crypto],
      },
      {
        name: 'server',
        files: ['server/**'],
        rooms: ['wire', 'record', 'schedule', 'session', 'ech', 'handshake'],
        entries: [core, coreBackend, crypto],
      },
      { name: 'compression', files: ['compression/**'], entries: [core], modules: ['node:*'] },
      {
        name: '.',
        label: 'engine, backend',
        files: ['*.ts'],
        rooms: ['wire', 'record', 'handshake', 'client', 'server'],
        entries: [core, coreBackend, crypto, x509],
      },
    ],
  },
  {
    folder: 'packages/tls-native',
    rooms: [
      { name: 'border', files: ['border/**'], entries: [core, coreBackend], modules: ['node:*'] },
      {
        name: 'crypto',
        files: ['crypto/**'],
        rooms: ['border'],
        entries: [core, crypto, cryptoNode, cryptoRules],
        modules: ['node:*'],
      },
      { name: 'session', files: ['session/**'], rooms: ['border'], entries: [core, coreBackend], modules: ['node:*'] },
      { name: 'identity', files: ['identity/**'], rooms: ['border'], entries: [core, coreBackend] },
      {
        name: 'trust',
        files: ['trust/**'],
        rooms: ['border', 'session'],
        entries: [core, coreBackend, coreStores, cryptoDer],
      },
      {
        name: 'sides',
        files: ['sides/**'],
        rooms: ['border', 'session', 'identity', 'trust'],
        entries: [core, coreBackend],
      },
      { name: 'engine', files: ['engine/**'], rooms: ['border', 'sides', 'trust'], entries: [core, coreBackend] },
      {
        name: 'context',
        files: ['context/**'],
        rooms: ['border', 'session', 'identity', 'trust', 'sides', 'engine'],
        entries: [core, coreBackend],
        modules: ['node:*'],
      },
      {
        name: '.',
        label: 'backend',
        files: ['*.ts'],
        rooms: ['border', 'trust', 'context'],
        entries: [core, coreBackend],
      },
    ],
  },
  {
    folder: 'packages/tls-identity',
    rooms: [
      { name: 'platform', files: ['platform/**'], modules: ['node:*', '@noble/**'] },
      {
        name: '.',
        label: 'keys, chains, PKCS#12',
        files: ['*.ts'],
        rooms: ['platform'],
        entries: [core, coreBackend, crypto, cryptoDer, cryptoKeys, x509, '#platform'],
        modules: ['@noble/**', 'node-forge'],
      },
      {
        name: 'node',
        files: ['node/**'],
        rooms: ['.'],
        entries: [core, coreBackend, coreConfig, coreFiles, coreNode, x509],
        modules: ['node:*'],
      },
    ],
  },
  {
    folder: 'packages/tls-fleet',
    rooms: [
      { name: 'link', files: ['link/**'], entries: [core] },
      {
        name: '.',
        label: 'ticket keys',
        files: ['*.ts'],
        entries: [core, coreBackend, coreFiles],
        modules: ['node:*'],
      },
      {
        name: 'workers',
        files: ['workers/**'],
        rooms: ['link', '.'],
        entries: [core, coreBackend],
        modules: ['node:*'],
      },
      { name: 'redis', files: ['redis/**'], rooms: ['link', '.'], entries: [core, coreBackend], modules: ['node:*'] },
    ],
  },
  { folder: 'packages/tls-roots', rooms: [{ name: '.', files: all, entries: [core] }] },
  {
    folder: 'packages/http-client',
    rooms: [
      {
        name: 'exchange',
        files: ['undici.ts', 'foreign-body.ts', 'until-aborted.ts'],
        modules: ['undici', 'undici/index.js', 'undici/lib/core/symbols.js'],
      },
      {
        name: 'routes',
        files: ['routes/**'],
        entries: [core, coreBackend, coreConfig, coreNode],
        modules: ['node:*', 'socks', 'undici/index.js'],
      },
      {
        name: 'requests',
        files: ['requests/**'],
        rooms: ['exchange'],
        entries: [core, coreBackend],
        modules: ['node:*', 'tough-cookie', 'undici'],
      },
      {
        name: '.',
        label: 'client',
        files: ['*.ts'],
        rooms: ['exchange', 'routes', 'requests'],
        entries: [core, coreBackend, coreConfig, coreNode],
        modules: ['node:*', 'undici'],
      },
    ],
  },
  {
    folder: 'packages/node-tls',
    rooms: [
      { name: 'node', files: ['builtin.ts', 'coded-error.ts'], modules: ['node:*'] },
      {
        name: 'context',
        files: ['context/**', 'secure-context.ts', 'node-error.ts'],
        entries: [core, coreBackend, crypto, x509],
        modules: ['node:*'],
      },
      {
        name: 'socket',
        files: ['socket/**'],
        rooms: ['node', 'context'],
        entries: [core, coreBackend, coreConfig, coreNode],
        modules: ['node:*'],
      },
      {
        name: 'server',
        files: ['server/**'],
        rooms: ['node', 'context', 'socket'],
        modules: ['node:*'],
      },
      {
        name: '.',
        label: 'tls, https, http2',
        files: ['index.ts', 'https.ts', 'http2.ts', 'other-surface.ts'],
        rooms: ['node', 'context', 'socket', 'server'],
        entries: [core, coreBackend],
        modules: ['node:*'],
      },
      {
        name: 'register',
        files: ['register.ts', 'register/**'],
        rooms: ['.'],
        modules: ['node:*'],
      },
    ],
  },
  {
    folder: 'packages/tls-conformance',
    rooms: [
      {
        name: '.',
        label: 'cases without I/O, runner',
        files: ['*.ts', 'cases/**', 'certificate-matrix/**'],
        entries: [core, coreBackend, crypto, cryptoKeys, x509, '@org/tls-pure/misbehaving'],
      },
      { name: 'node', files: ['node/**'], rooms: ['.'], entries: [core, coreNode], modules: ['node:*'] },
      { name: 'vitest', files: ['vitest/**'], rooms: ['.', 'node'], modules: ['vitest'] },
    ],
  },
  {
    folder: 'apps/tls-cli',
    rooms: [
      {
        name: '.',
        files: all,
        entries: [core, coreConfig, coreNode, '@org/http-client', '@org/pki'],
        modules: ['commander', 'node:*'],
      },
    ],
  },
  {
    folder: 'apps/https-server',
    rooms: [
      {
        name: '.',
        files: all,
        entries: [core, coreConfig, coreHttp, coreNode, '@org/tls-fleet'],
        modules: ['commander', 'node:*', 'send'],
      },
    ],
  },
];
