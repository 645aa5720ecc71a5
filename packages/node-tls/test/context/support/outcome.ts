/** What a call gave or threw, as far as programs look at it. */
export interface Outcome {
  readonly code: string | undefined;
  readonly message: string;
  readonly name: string;
}

/** Calls a function; `undefined`: it threw nothing. */
export function outcomeOf(call: () => unknown): Outcome | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { code: (error as { code?: string }).code, message: error.message, name: error.name };
  }
}
