import { join } from 'node:path';
import { Application, TSConfigReader } from 'typedoc';
import { entryPointsOf } from './entry-points.mjs';
import { fromRoot, pagesOf } from './pages.mjs';
import { stagePages } from './staged-pages.mjs';

/**
 * Builds the site.
 * @param {object} options
 * @param {string} options.root the workspace's
 * @param {string} options.out the folder of the site, which is made anew
 * @param {string} options.work a folder for copies
 * @param {string} options.repository where sources are shown, up to the path
 * @returns {Promise<boolean>} false where TypeDoc warned of anything
 */
export async function buildSite({ root, out, work, repository }) {
  const entries = entryPointsOf(root);
  const staged = stagePages({ root, pages: pagesOf(root), into: work, repository });
  const readme = join(work, 'README.md');
  const app = await Application.bootstrap(
    {
      ...settings,
      entryPoints: [...entries.values()],
      tsconfig: join(root, 'tooling', 'site', 'tsconfig.api.json'),
      readme,
      projectDocuments: staged.filter((page) => page !== readme),
      basePath: root,
      sourceLinkTemplate: `${repository}/blob/main/{path}#L{line}`,
    },
    [new TSConfigReader()],
  );
  const names = new Map([...entries].map(([name, file]) => [file, name]));
  const points = app.getEntryPoints();
  if (points === undefined) return false;
  const named = points.map((point) => {
    const displayName = names.get(point.sourceFile.fileName);
    if (displayName === undefined)
      throw new Error(`${fromRoot(root, point.sourceFile.fileName)}: no package exports it`);
    return { ...point, displayName };
  });
  const project = app.converter.convert(named);
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) return false;
  await app.generateDocs(project, out);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

/** @type {import('typedoc').TypeDocOptions} */
const settings = {
  name: 'TLS for TypeScript',
  disableGit: true,
  // The compiler judges the sources in `npm run typecheck`, and with another version than TypeDoc has.
  skipErrorChecking: true,
  // What a class has from Node's is in Node's documentation.
  excludeExternals: true,
  excludePrivate: true,
  externalSymbolLinkMappings: { '@types/node': { '*': 'https://nodejs.org/docs/latest/api/' } },
  includeVersion: false,
  hideGenerator: true,
  githubPages: false,
  searchInComments: true,
  searchInDocuments: true,
  // Anchors are those that GitHub makes, so that a page's links hold here and there.
  sluggerConfiguration: { lowercase: true },
  navigation: {
    includeGroups: true,
    includeCategories: false,
    includeFolders: false,
    compactFolders: false,
    excludeReferences: true,
  },
  groupOrder: [
    'Start here',
    'Packages',
    'Guides and tables',
    'Features',
    'Modules',
    'Decisions',
    'About the project',
    '*',
  ],
  highlightLanguages: ['ts', 'js', 'json', 'sh', 'yaml', 'ini', 'html', 'http', 'text', 'dockerfile', 'toml'],
  ignoredHighlightLanguages: ['mermaid'],
  validation: {
    invalidLink: true,
    invalidPath: true,
    notExported: true,
    rewrittenLink: true,
    unusedMergeModuleWith: true,
    notDocumented: false,
  },
};
