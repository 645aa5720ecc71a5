import * as node from 'node:https';
import * as ours from '../../https.ts';

export { Agent, createServer, get, globalAgent, request, Server } from '../../https.ts';

/** What `import https from 'node:https'` and `require('node:https')` give a chosen package. */
const whole: object = { ...node, ...ours };
// oxlint-disable-next-line import/no-default-export -- a module of Node has one
export default whole;
