import type { ResolveHook } from 'node:module';
import { packageOf, replacedModule, type ReplacedModule } from './package-of.ts';

/** What the hooks, which run on a thread of their own, are told. */
export interface HookData {
  readonly packages: readonly string[];
  /** The module that stands in for each of Node's. */
  readonly urls: Readonly<Record<ReplacedModule, string>>;
}

let packages: ReadonlySet<string> = new Set();
let urls: Partial<HookData['urls']> = {};

/** Is called once, by `register` of node:module. */
export function initialize(data: HookData): void {
  packages = new Set(data.packages);
  urls = data.urls;
}

/** Resolves an import of a chosen package to our module. */
export const resolve: ResolveHook = (specifier, context, nextResolve) => {
  const name = replacedModule(specifier);
  // whoever requires is answered by the loader of CommonJS, which hooks of later versions hear of too
  const asking = name && context.conditions.includes('import') ? packageOf(context.parentURL) : undefined;
  const url = name && urls[name];
  if (url === undefined || asking === undefined || !packages.has(asking)) return nextResolve(specifier, context);
  return { url, format: 'module', shortCircuit: true };
};
