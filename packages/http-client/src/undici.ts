// By the name of its file: Bun puts a part of undici of its own in the place of what is imported as `undici`.
export {
  Agent,
  cacheStores,
  Client,
  Dispatcher,
  fetch,
  FormData,
  Headers,
  interceptors,
  Pool,
  request,
  Request,
  Response,
} from 'undici/index.js';
