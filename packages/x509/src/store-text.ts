/** PEM text of a store of roots. */
export interface StoreText {
  readonly pem: string;
  /** The variable or file that it was read from, when no certificate in it means that something is wrong. */
  readonly source?: string;
}
