import { app, session } from 'electron';
import { isOwnUrl } from '../ipc/trusted-sender.ts';

/** What a page of ours may ask the browser for; everything else is refused, to everyone. */
const allowed: ReadonlySet<string> = new Set([
  'fullscreen',
  'pointerLock',
  'keyboardLock',
  'clipboard-sanitized-write',
]);

/**
 * Close what a page could use to leave: navigation, new windows, embedded pages, permissions, and all network
 * requests of the session that are not for our own scheme.
 */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, decide) =>
    decide(allowed.has(permission) && isOwnUrl(contents.getURL())),
  );
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => allowed.has(permission) && isOwnUrl(origin),
  );
  defaultSession.setDevicePermissionHandler(() => false);
  // Behind the content security policy, should it ever have a hole.
  defaultSession.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !isAllowedRequest(details.url) }),
  );
}

function isAllowedRequest(url: string): boolean {
  return isOwnUrl(url) || /^(data|blob|devtools|chrome-extension):/.test(url);
}
