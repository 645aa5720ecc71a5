import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Knows the names that packages declare. */
export interface OurNames {
  /** The identifiers of a piece of code that no package declares: as a member, a function, a type, a value, or a text that an option takes. */
  undeclaredIn(code: string): readonly string[];
}

/** Reads the sources of packages, by the names of their folders. */
export async function ourNames(root: string, packages: readonly string[]): Promise<OurNames> {
  const sources = (await Promise.all(packages.map((name) => sourcesOf(join(root, 'packages', name, 'src'))))).join(
    '\n',
  );
  const known = new Map<string, boolean>();
  const isDeclared = (word: string): boolean => {
    const found = known.get(word) ?? declarationOf(word).test(sources);
    known.set(word, found);
    return found;
  };
  return { undeclaredIn: (code) => wordsOf(code).filter((word) => !isDeclared(word)) };
}

function declarationOf(word: string): RegExp {
  return new RegExp(
    String.raw`(?:readonly|get|const|function|class|interface|type|async) ${word}\b|^  ${word}\??[(:]|'${word}'`,
    'm',
  );
}

/** The identifiers of a piece of code. The name of a package has none, and neither has a text or a word of JavaScript. */
function wordsOf(code: string): readonly string[] {
  if (code.startsWith('@org/')) return [];
  const withoutTexts = code.replaceAll(/'[^']*'|^new |TLSv1\.\d/g, '');
  return [...withoutTexts.matchAll(/[A-Za-z]\w+/g)].map(([word]) => word);
}

async function sourcesOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
}
