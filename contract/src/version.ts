/** Dates at which the API changed in a breaking way; the newest is last. Pinned per key. */
export const apiVersions = ['2026-11-23'] as const;

type ApiVersion = (typeof apiVersions)[number];

export const apiVersionLatest: ApiVersion = '2026-11-23';

/** Whether a PayOS-Version header names a version that is still served. */
export function isApiVersion(text: string): text is ApiVersion {
  return (apiVersions as readonly string[]).includes(text);
}
