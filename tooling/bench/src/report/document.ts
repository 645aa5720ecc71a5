/**
 * Puts generated parts between their markers, `<!-- bench NAME -->` and `<!-- end bench -->`.
 * @throws Error on a part without a place and a place without a part, so that neither grows stale unseen
 */
export function fillDocument(document: string, parts: Readonly<Record<string, string>>): string {
  const places = [...document.matchAll(marked)].map(([, name = '']) => name);
  const lost = Object.keys(parts).filter((name) => !places.includes(name));
  const empty = places.filter((name) => !Object.hasOwn(parts, name));
  if (lost.length > 0) throw new Error(`the document has no place for ${lost.join(', ')}`);
  if (empty.length > 0) throw new Error(`nothing was made for ${empty.join(', ')}`);
  return document.replaceAll(
    marked,
    (_, name: string) => `<!-- bench ${name} -->\n\n${parts[name] ?? ''}\n\n<!-- end bench -->`,
  );
}

const marked = /<!-- bench ([a-z0-9-]+) -->[^]*?<!-- end bench -->/g;
