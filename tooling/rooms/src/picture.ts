import { house } from './house.ts';
import { shortName } from './rooms.ts';

const begin = '```mermaid\n';
const end = '```\n';

/** Draws the picture of the table for `docs/architecture.md`. What imports stands above what is imported. */
export function pictureOf(): string {
  const lines = ['flowchart TD'];
  for (const each of [...house].reverse()) {
    const name = shortName(each);
    if (each.rooms.length === 1) {
      lines.push(`  ${name}["@org/${name}"]`);
      continue;
    }
    lines.push(`  subgraph ${name}["@org/${name}"]`);
    for (const room of [...each.rooms].reverse())
      lines.push(`    ${idOf(name, room.name)}["${room.label ?? room.name}"]`);
    for (const room of [...each.rooms].reverse()) {
      const others = [...(room.rooms ?? [])].reverse();
      if (others.length > 0)
        lines.push(`    ${idOf(name, room.name)} --> ${others.map((other) => idOf(name, other)).join(' & ')}`);
    }
    lines.push('  end');
  }
  for (const each of [...house].reverse()) {
    const others = siblingsOf(each.rooms.flatMap(({ entries = [] }) => entries));
    if (others.length > 0) lines.push(`  ${shortName(each)} --> ${others.join(' & ')}`);
  }
  return `${begin}${lines.join('\n')}\n${end}`;
}

function idOf(packageName: string, room: string): string {
  return `${packageName}/${room}`;
}

/** Gives the packages of entries, the highest first. */
function siblingsOf(entries: readonly string[]): readonly string[] {
  const named = new Set(entries.filter((entry) => entry.startsWith('@org/')).map((entry) => entry.split('/')[1]));
  return [...house]
    .reverse()
    .map(shortName)
    .filter((name) => named.has(name));
}

/** Gives the page with this picture instead of its old one. Throws when it has none. */
export function withPicture(page: string): string {
  const { from, to } = placeOf(page);
  return `${page.slice(0, from)}${pictureOf()}${page.slice(to)}`;
}

/**
 * Reads the arrows of the picture on a page: `tls-pure/record -> tls-pure/wire`, `tls-pure -> tls-core`. Throws on a line that
 * it cannot read.
 */
export function arrowsIn(page: string): ReadonlySet<string> {
  const { from, to } = placeOf(page);
  const arrows = new Set<string>();
  for (const line of page.slice(from + begin.length, to - end.length).split('\n')) {
    const arrow = /^ *(\S+) --> (\S+(?: & \S+)*)$/.exec(line);
    if (arrow !== null) {
      const [, source = '', targets = ''] = arrow;
      for (const target of targets.split(' & ')) arrows.add(`${source} -> ${target}`);
    } else if (!/^(?:flowchart TD| *(?:subgraph )?\S+\["[^"]+"\]| *end|)$/.test(line)) {
      throw new Error(`the picture has a line of another kind: ${line}`);
    }
  }
  return arrows;
}

function placeOf(page: string): { readonly from: number; readonly to: number } {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from + begin.length) + end.length;
  if (from < 0 || to < end.length) throw new Error('the page has no picture');
  return { from, to };
}
