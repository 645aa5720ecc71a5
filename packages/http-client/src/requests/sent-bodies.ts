import type { Dispatcher } from 'undici';
import { asUndiciBody, type AnyBody } from '../foreign-body.ts';
import { asDispatchHeaders, headerFields } from './header-fields.ts';

/** A body that `request` sends. Of a form, a blob and parameters of a URL the content type is known. */
export type HttpRequestBody =
  | Dispatcher.RequestOptions['body']
  | Blob
  | URLSearchParams
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream
  | Iterable<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

type Sendable = Pick<Dispatcher.RequestOptions, 'body' | 'headers'>;

/** Gives a body and its headers as undici's `request` sends them. undici takes more than its types say, but no parameters of a URL. */
export function sendable(body: AnyBody<HttpRequestBody>, headers: Dispatcher.RequestOptions['headers']): Sendable {
  if (body === undefined) return headers === undefined ? {} : { headers };
  if (!(body instanceof URLSearchParams))
    return { body: asUndiciBody(body) as NonNullable<Sendable['body']>, ...(headers !== undefined && { headers }) };
  const type = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };
  return { body: body.toString(), headers: asDispatchHeaders({ ...type, ...headerFields(headers) }) };
}
