import { features } from '@org/tls-core';
import { platforms, type Platform } from '../../src/border/platforms.ts';

const columns: readonly (readonly [Platform, string])[] = [
  ['openssl', 'OpenSSL'],
  ['schannel', 'SChannel'],
  ['secureTransport', 'Secure Transport'],
];

/** Markdown of what each platform can do, in the order of the interface. */
export function capabilityTable(): string {
  const yes = (is: boolean): string => (is ? 'yes' : '');
  const rows = [
    ['', ...columns.map(([, title]) => title)],
    columns.map(() => '---').concat('---'),
    ['TLS 1.2', ...columns.map(() => 'yes')],
    ['TLS 1.3', ...columns.map(([name]) => yes(name !== 'secureTransport'))],
    ...features.map((feature) => [
      `\`${feature}\``,
      ...columns.map(([name]) => yes(platforms[name].features.includes(feature))),
    ]),
    ...(['common', 'client', 'server'] as const).map((role) => [
      role === 'common' ? 'options of both roles' : `options of a ${role}`,
      ...columns.map(([name]) => platforms[name][role].map((option) => `\`${option}\``).join(' ')),
    ]),
    [
      'of both roles, unless a `verifier` judges',
      ...columns.map(([name]) => platforms[name].ofVerifier.map((option) => `\`${option}\``).join(' ')),
    ],
    [
      'of a server whose library has post-quantum groups (OpenSSL 3.5)',
      ...columns.map(([name]) => platforms[name].postQuantumServer.map((option) => `\`${option}\``).join(' ')),
    ],
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
