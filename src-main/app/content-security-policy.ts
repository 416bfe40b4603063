/**
 * What our pages may load and do. No network at all (`connect-src 'none'`): everything reaches a page through the
 * main process. Inline styles are allowed for Mantine, which sets CSS variables that way; inline scripts never.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
