import type { IdentityFiles } from '@org/interop/identity-files';

export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** What a program has to know besides the port. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that others wrote, which accepts TLS only, so that a client that gets an answer has used it. */
export interface LibraryServer {
  readonly name: string;
  /** Starts it on 127.0.0.1 with its data below the identity's folder. */
  readonly start: (identity: IdentityFiles) => Promise<RunningServer>;
}
