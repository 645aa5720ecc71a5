/** What each binary needs, and what loads it there, by the target's name. */
export const platforms: Readonly<Record<string, { readonly needs: string; readonly loader: string }>>;

/** Markdown of what each binary needs, and where it was loaded. */
export function platformTable(): string;
