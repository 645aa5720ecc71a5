import type { Dirent } from 'node:fs';

/**
 * Makes an HTML page with links to what is in a folder: folders come first, each group sorted by name; hidden files and links are left out.
 * @param name the folder's path as the visitor sees it
 */
export function folderListing(name: string, entries: readonly Dirent[]): string {
  const shown = entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isFile()))
    .toSorted((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || a.name.localeCompare(b.name));
  const rows = shown.map((entry) => {
    const slash = entry.isDirectory() ? '/' : '';
    return `<li><a href="./${encodeURIComponent(entry.name)}${slash}">${escapeHtml(entry.name)}${slash}</a></li>`;
  });
  const up = name === '/' ? [] : ['<li><a href="../">../</a></li>'];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(name)}</title>
<h1>${escapeHtml(name)}</h1>
<ul>
${[...up, ...rows].join('\n')}
</ul>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
