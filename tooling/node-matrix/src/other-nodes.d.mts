/** What each version is called in a test's name, and its binary. */
export const otherNodes: readonly [
  readonly ['Node 22', binary: string],
  readonly ['Node 24', binary: string],
  readonly ['Node 26', binary: string],
];

/** The supported lines of Node, by their major versions, the oldest first. */
export const lines: readonly string[];
