export { watchFiles, type WatchedFiles, type WatchFilesOptions } from './watch-files.ts';
export type { FileContents } from './folder-contents.ts';
