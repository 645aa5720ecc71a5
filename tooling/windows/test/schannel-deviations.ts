/** What SChannel under Wine does otherwise, and why; each must still fail. */
export const schannelDeviations: Readonly<Record<string, string>> = {};

/** The same with SChannel as client only. */
export const clientDeviations: Readonly<Record<string, string>> = {};

/** The same with SChannel as server only. */
export const serverDeviations: Readonly<Record<string, string>> = {};
