export { type WebhookFailure, WebhookVerificationError } from './error.ts';
export type { HeaderValue, WebhookHeaders } from './headers.ts';
export { type SignedHeaders, type SignOptions, sign } from './sign.ts';
export type { RawBody } from './signature.ts';
export type { Instant } from './time.ts';
export { type VerifyOptions, verify } from './verify.ts';
