import { type ErrorEntry, entry } from './entry.ts';

/** What is wrong with the request itself. */
export const requestErrors = {
  malformed_json: entry(400, 'The body is not valid JSON.', 'Send one JSON value in UTF-8.'),
  duplicate_key: entry(400, 'A key occurs twice in the body.', 'Send each key once.'),
  too_deeply_nested: entry(400, 'The body is nested too deeply.', 'Flatten the body.'),
  invalid_text: entry(
    400,
    'A text contains a NUL character or broken Unicode.',
    'Send text as valid UTF-8 without NUL characters.',
  ),
  invalid_request: entry(
    400,
    'The request does not have the expected form.',
    'See `errors`: each entry names the place and what it must be.',
  ),
  invalid_version: entry(
    400,
    'This PayOS-Version does not exist.',
    'Leave the header out or send a version listed in the docs.',
  ),
  idempotency_key_required: entry(
    400,
    'This request moves money and needs an Idempotency-Key header.',
    'Send a new random value per intended payment, and the same value when you retry.',
  ),
  invalid_idempotency_key: entry(
    400,
    'The Idempotency-Key header must be 1 to 255 visible ASCII characters, sent once.',
    'Send one key, for example a UUID.',
  ),
  plain_http: entry(
    400,
    'This port speaks HTTPS only.',
    'Use https://. If the request carried an API key, treat the key as exposed and replace it.',
  ),
  malformed_http: entry(
    400,
    'The request is not valid HTTP.',
    'Send a well-formed HTTP/1.1 request.',
  ),
  route_not_found: entry(404, 'There is nothing at this path.', 'Check the path at /docs.'),
  method_not_allowed: entry(
    405,
    'This path does not take this method.',
    'Use a method listed in the Allow header.',
  ),
  request_timeout: entry(408, 'The request took too long to arrive.', 'Send it again.', true),
  body_too_large: entry(413, 'The body is too large.', 'Keep the body within the limit.'),
  uri_too_long: entry(414, 'The URL is too long.', 'Shorten the path or the query.'),
  unsupported_media_type: entry(
    415,
    'The body must be JSON.',
    'Send Content-Type: application/json.',
  ),
  headers_too_large: entry(431, 'The headers are too large.', 'Send fewer or shorter headers.'),
} as const satisfies Record<string, ErrorEntry>;
