import * as node from 'node:http2';
import * as ours from '../../http2.ts';

export * from 'node:http2';
export { connect, createSecureServer } from '../../http2.ts';

/** What `import http2 from 'node:http2'` and `require('node:http2')` give a chosen package. */
const whole: object = { ...node, ...ours };
// oxlint-disable-next-line import/no-default-export -- a module of Node has one
export default whole;
