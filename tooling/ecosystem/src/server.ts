import type { ChildServer } from '@org/interop/child-process';
import type { IdentityFiles } from '@org/interop/identity-files';

/** A server that others wrote, which accepts TLS only, so that a client that gets an answer has used it. */
export interface LibraryServer {
  readonly name: string;
  /** Starts it on 127.0.0.1 with its data below the identity's folder. */
  readonly start: (identity: IdentityFiles) => Promise<ChildServer>;
}
