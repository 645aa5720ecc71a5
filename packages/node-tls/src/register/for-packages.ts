import Module, { register } from 'node:module';
import http2 from './modules/http2.ts';
import https from './modules/https.ts';
import tls from './modules/tls.ts';
import { initialize, resolve, type HookData } from './import-hooks.ts';
import { packageOf, replacedModule, replacedModules } from './package-of.ts';

const ours = { tls, https, http2 } as const;

/** Node's loader of CommonJS, which is not documented and has kept this form since its first versions. */
interface Loader {
  _load: (this: unknown, request: string, parent: Parent | undefined, isMain: boolean) => unknown;
}

/** The module that asks. */
interface Parent {
  readonly filename?: string | null;
}

/**
 * Gives this package in the place of `node:tls`, `node:https` and `node:http2` to some installed packages, and Node's own to all others.
 * @param packages their names
 * @param base the URL of the entry `register`, below which the modules for imports are found
 */
export function installForPackages(packages: readonly string[], base: string): void {
  const chosen = new Set(packages);
  const loader = Module as unknown as Loader;
  const load = loader._load;
  loader._load = function loadOurs(request, parent, isMain) {
    const name = replacedModule(request);
    const asking = name && packageOf(parent?.filename ?? undefined);
    if (name !== undefined && asking !== undefined && chosen.has(asking)) return ours[name];
    return Reflect.apply(load, this, [request, parent, isMain]);
  };
  const extension = base.slice(base.lastIndexOf('.'));
  const urls = replacedModules.map((name) => [name, new URL(`./register/modules/${name}${extension}`, base).href]);
  const data: HookData = { packages, urls: Object.fromEntries(urls) as HookData['urls'] };
  hookImports(data, new URL(`./register/import-hooks${extension}`, base));
}

/** Later versions of Node have hooks on the same thread, which take the place of the older ones. */
function hookImports(data: HookData, hooks: URL): void {
  const { registerHooks } = Module as unknown as { readonly registerHooks?: (hooks: { resolve: unknown }) => void };
  if (registerHooks === undefined) {
    register(hooks, { data });
    return;
  }
  initialize(data);
  registerHooks({ resolve });
}
