import { TlsError, type EngineSink, type TlsBackend } from '@org/tls-core';

/** A context that is lent to one connection: its hooks speak for that one until the loan ends. */
export interface Loan<Context> {
  readonly context: Context;
  /** Gives the context back. It may be called more than once. */
  end(): void;
}

/** Where the hooks of a lent context find the connection that has it. */
export interface Desk<Party extends object> {
  /** `undefined` between two loans, when no hook is to be asked. */
  readonly party: Party | undefined;
}

/** Which contexts are alike: made with the same backend, of what one object holds, from the same words. */
export interface LoanTerms {
  readonly backend: TlsBackend;
  readonly owner: object;
  /** All that the configuration says and `owner` does not fix. */
  readonly words: string;
}

/** Contexts that wait for a connection, of one kind. More connections at once than this make contexts that are not kept. */
const maxIdle = 64;
/** Kinds of contexts that one owner has. A program that makes ever new ones has the oldest made again. */
const maxKinds = 32;

/**
 * Lends contexts, which take longer to make than a handshake has time for: Node's options speak of one connection where those of a backend
 * speak of all connections of a context. Since a context has one connection at a time, its hooks find that one at the desk.
 *
 * A connection that does not end its loan, because it failed, keeps the context, and the collector takes both.
 */
export class LentContexts<Context, Party extends object> {
  readonly #idle = new WeakMap<TlsBackend, WeakMap<object, Map<string, Kept<Context, Party>[]>>>();

  /** @param make gives the hooks of the context to the party at the desk */
  lend(terms: LoanTerms, party: Party, make: (desk: Desk<Party>) => Context): Loan<Context> {
    const { context, desk } = this.#kindOf(terms).pop() ?? made(make);
    desk.party = party;
    let isOver = false;
    return {
      context,
      end: () => {
        if (isOver) return;
        isOver = true;
        desk.party = undefined;
        const idle = this.#kindOf(terms);
        if (idle.length < maxIdle) idle.push({ context, desk });
      },
    };
  }

  #kindOf({ backend, owner, words }: LoanTerms): Kept<Context, Party>[] {
    const owners = this.#idle.get(backend) ?? new WeakMap<object, Map<string, Kept<Context, Party>[]>>();
    this.#idle.set(backend, owners);
    const kinds = owners.get(owner) ?? new Map<string, Kept<Context, Party>[]>();
    owners.set(owner, kinds);
    const idle = kinds.get(words) ?? [];
    kinds.set(words, idle);
    const [oldest] = kinds.keys();
    if (kinds.size > maxKinds && oldest !== undefined) kinds.delete(oldest);
    return idle;
  }
}

/**
 * Gives the connection that has a context.
 * @throws TlsError `ERR_TLS_HOOK` between two loans: nobody is accepted then
 */
export function atDesk<Party extends object>({ party }: Desk<Party>): Party {
  if (party === undefined) throw new TlsError('ERR_TLS_HOOK', 'a hook was asked after its handshake had ended');
  return party;
}

/** Ends a loan with the handshake, behind which no hook is asked. */
export function endingWithHandshake(sink: EngineSink, loan: { end(): void }): EngineSink {
  return {
    ...sink,
    handshake: (info) => {
      loan.end();
      sink.handshake(info);
    },
  };
}

interface Kept<Context, Party extends object> {
  readonly context: Context;
  readonly desk: { party: Party | undefined };
}

function made<Context, Party extends object>(make: (desk: Desk<Party>) => Context): Kept<Context, Party> {
  const desk: { party: Party | undefined } = { party: undefined };
  return { context: make(desk), desk };
}
