import process from 'node:process';

/** A version of Node that is measured. */
export interface Node {
  /** Its line, e.g. `24`. */
  readonly line: string;
  readonly binary: string;
}

/**
 * Finds the binaries of lines of Node: the one that runs this, and those of tooling/node-matrix, which are for Linux on x64.
 * @throws RangeError on a line that is not there
 */
export async function findNodes(lines: readonly string[]): Promise<readonly Node[]> {
  const [own = ''] = process.versions.node.split('.');
  const known = new Map([[own, process.execPath]]);
  if (lines.some((line) => line !== own)) {
    const { otherNodes } = await import('@org/node-matrix');
    for (const [name, binary] of otherNodes) if (!known.has(lineOf(name))) known.set(lineOf(name), binary);
  }
  return lines.map((line) => {
    const binary = known.get(line);
    if (binary === undefined) throw new RangeError(`Node ${line} is not there, only: ${[...known.keys()].join(', ')}`);
    return { line, binary };
  });
}

function lineOf(name: string): string {
  return name.replace('Node ', '');
}
