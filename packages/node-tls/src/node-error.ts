export { nodeError } from './context/node-error.ts';
