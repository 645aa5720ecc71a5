/**
 * Gives what is wrong with the changelogs after the changesets: the text of each changeset stands under the new version of each package that it
 * names.
 * @param changelogs the text of each package's CHANGELOG.md by name; undefined where there is none
 * @param versions version before and after, by name: `{ before, after }`
 */
export function changelogFaults(changelogs, versions, changesets) {
  return Object.entries(versions).flatMap(([name, { before, after }]) => {
    const section = sectionOf(changelogs[name] ?? '', after);
    if (before === after) return [];
    if (section === undefined) return [`${name}: the changelog has nothing about ${after}`];
    const text = plain(section);
    const missing = changesets
      .filter(({ bumps }) => Object.hasOwn(bumps, name))
      .filter((changeset) => !text.includes(plain(changeset.text)))
      .map((changeset) => `${name}: the changelog of ${after} lacks the text of ${changeset.name}`);
    if (text !== '') return missing;
    return [...missing, `${name}: the changelog of ${after} is empty`];
  });
}

/** The lines below the heading of a version, up to the next one; undefined when it has no heading. */
export function sectionOf(changelog, version) {
  const lines = changelog.split('\n');
  const start = lines.indexOf(`## ${version}`);
  if (start === -1) return undefined;
  const end = lines.findIndex((line, index) => index > start && line.startsWith('## '));
  return lines.slice(start + 1, end === -1 ? undefined : end).join('\n');
}

/** A text without what a formatter may change: space, and the signs and escapes of Markdown. */
function plain(text) {
  return text
    .replaceAll(/\\(?=[^\w\s])/g, '')
    .replaceAll(/[*_]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
