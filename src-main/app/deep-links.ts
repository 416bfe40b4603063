import { app } from 'electron';
import { PAIRING_PREFIX, pairingLinkIn } from './pairing-argument.ts';

/**
 * Call `open` for every `limen://pair` link the operating system hands us: the one we were started with, those of
 * a second start, and macOS' `open-url` events. A link comes from anywhere, a web page included: `open` must ask.
 */
export function onDeepLink(open: (link: string) => void): void {
  // Not from a source tree: that would register a bare Electron, without our application, for this person.
  if (app.isPackaged) app.setAsDefaultProtocolClient('limen');
  app.on('open-url', (event, url) => {
    event.preventDefault();
    if (url.startsWith(PAIRING_PREFIX)) open(url);
  });
  app.on('second-instance', (_event, args) => {
    const link = pairingLinkIn(args);
    if (link !== null) open(link);
  });
  const first = pairingLinkIn(process.argv);
  if (first !== null) open(first);
}
