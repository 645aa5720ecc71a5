/** The parameters of scrypt by the names of RFC 7914 §2. */
export interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly length: number;
}
