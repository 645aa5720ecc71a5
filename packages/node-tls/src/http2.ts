export { createSecureContext } from './secure-context.ts';
