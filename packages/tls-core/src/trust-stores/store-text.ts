/** PEM text of a store of roots. */
export interface StoreText {
  readonly pem: string;
  /** The variable or file that the text was read from, given where a text without a certificate means that something is wrong. */
  readonly source?: string;
}
