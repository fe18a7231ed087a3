/** Version of this package, sent in `User-Agent`. */
export const sdkVersion = '0.1.0';

/**
 * The API version this SDK's types describe, sent as `PayOS-Version` so that answers have that
 * form whatever version the key is pinned to.
 */
export const apiVersionOfTypes = '2026-11-23';
