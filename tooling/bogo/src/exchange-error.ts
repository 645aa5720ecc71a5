/** One connection failed; its text goes to standard error. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
}
