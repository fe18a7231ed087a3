/** Pages of the dashboard that a link with a token leads to. */
const pages = {
  setup: 'setup',
  invitation: 'invitation',
  password_reset: 'password-reset',
  email_change: 'email-change',
} as const;

type LinkPage = keyof typeof pages;

/**
 * A link that works once. Its token stands in the fragment, which browsers send to nobody: not to
 * a proxy's log, not as a referrer.
 *
 * @param publicUrl PAYOS_PUBLIC_URL; never what a request says of its host
 */
export function linkTo(publicUrl: string, page: LinkPage, token: string): string {
  return `${pageOf(publicUrl, pages[page])}#token=${encodeURIComponent(token)}`;
}

/** A page of the dashboard by its path without the first slash. */
export function pageOf(publicUrl: string, path: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/${path}`;
}
