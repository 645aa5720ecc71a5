/** Says that one connection failed. Its text goes to standard error. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
}
