// A gRPC service of one method whose messages are plain text, for the two programs with grpc-js.
import { makeGenericClientConstructor, Server } from '@grpc/grpc-js';

const [write, read] = [(value) => Buffer.from(value), String];
const greet = {
  path: '/Greeter/Greet',
  requestStream: false,
  responseStream: false,
  requestSerialize: write,
  requestDeserialize: read,
  responseSerialize: write,
  responseDeserialize: read,
};

export const Greeter = makeGenericClientConstructor({ greet }, 'Greeter');

export function createGreeterServer() {
  const server = new Server();
  server.addService({ greet }, { greet: (call, callback) => callback(null, `hello ${call.request}`) });
  return server;
}
