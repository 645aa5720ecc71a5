import { codedError } from '../coded-error.ts';
import type { SecureContext } from '../secure-context.ts';

/** The contexts that a server has for names. */
export class SniContexts {
  readonly #contexts: { readonly pattern: RegExp; readonly context: SecureContext }[] = [];

  get isEmpty(): boolean {
    return this.#contexts.length === 0;
  }

  /**
   * Adds a context. `*` in the name stands for what one label holds.
   * @throws Error `ERR_TLS_REQUIRED_SERVER_NAME` on no name
   */
  add(servername: string, context: SecureContext): void {
    if (!servername)
      throw codedError('ERR_TLS_REQUIRED_SERVER_NAME', '"servername" is required parameter for Server.addContext');
    const escaped = servername.replaceAll(/[.^$+?\-\\[\]{}()|/]/g, String.raw`\$&`).replaceAll('*', '[^.]*');
    this.#contexts.push({ pattern: new RegExp(`^${escaped}$`, 'i'), context });
  }

  /** The context of a name: the last that was added and fits. */
  find(servername: string): SecureContext | undefined {
    return this.#contexts.findLast(({ pattern }) => pattern.test(servername))?.context;
  }
}
