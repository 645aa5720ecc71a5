export { digestOf, type FileContents } from './folder-contents.ts';
export { Looks } from './looks.ts';
export {
  checkInterval,
  defaultInterval,
  looksToPassOver,
  pathFrom,
  watchFiles,
  type WatchedFiles,
  type WatchFilesOptions,
} from './watch-files.ts';
