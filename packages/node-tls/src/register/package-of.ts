const segment = 'node_modules/';

/** The package that a file belongs to, by its path or URL; `undefined` where it is in none that was installed. */
export function packageOf(file: string | undefined): string | undefined {
  const path = file?.replaceAll('\\', '/') ?? '';
  const at = path.lastIndexOf(segment);
  if (at === -1) return undefined;
  const [first = '', second = ''] = path.slice(at + segment.length).split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** The modules of Node that are ours for a chosen package, by the names that they are asked for. */
export const replacedModules = ['tls', 'https', 'http2'] as const;
export type ReplacedModule = (typeof replacedModules)[number];

/** Which of them is asked for; `undefined`: none. */
export function replacedModule(specifier: string): ReplacedModule | undefined {
  return replacedModules.find((name) => specifier === name || specifier === `node:${name}`);
}
