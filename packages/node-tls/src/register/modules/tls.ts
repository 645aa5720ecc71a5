import * as node from 'node:tls';
import * as ours from '../../index.ts';

export * from 'node:tls';
export {
  checkServerIdentity,
  connect,
  convertALPNProtocols,
  createSecureContext,
  createSecurePair,
  createServer,
  getCACertificates,
  getCertificateCompressionAlgorithms,
  getCiphers,
  rootCertificates,
  SecureContext,
  Server,
  setDefaultCACertificates,
  TLSSocket,
} from '../../index.ts';

/** What `import tls from 'node:tls'` and `require('node:tls')` give a chosen package. */
const whole: object = { ...node, ...ours };
// oxlint-disable-next-line import/no-default-export -- a module of Node has one
export default whole;
