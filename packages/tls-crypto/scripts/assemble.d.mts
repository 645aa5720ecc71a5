/** Gives the source of `binary.ts` as the pinned compiler makes it. */
export function assemble(): Promise<string>;
