import type { Sender } from './call-door.ts';

export const APP_SCHEME = 'limen-app';
export const APP_HOST = 'app';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** Whether a URL is a page of this application. */
export function isOwnUrl(url: string): boolean {
  try {
    const { protocol, host } = new URL(url);
    // `origin` is the string "null" for schemes Node does not know.
    return protocol === `${APP_SCHEME}:` && host === APP_HOST;
  } catch {
    return false;
  }
}

/** One of our windows, its top frame, and our page in it: all three, or the message is not heard. */
export function isTrustedSender(sender: Sender, ownWindows: ReadonlySet<number>): boolean {
  return ownWindows.has(sender.windowId) && sender.isMainFrame && sender.url !== null && isOwnUrl(sender.url);
}
