import { app } from 'electron';
import { registerAppScheme, serveApp } from './app/app-protocol.ts';
import { onDeepLink } from './app/deep-links.ts';
import { startDesktop, type Desktop } from './app/desktop.ts';
import { readEnvironment } from './app/environment.ts';
import { lockDown } from './app/lock-down.ts';
import { openLog } from './app/log.ts';

const environment = readEnvironment();

// A second start hands its arguments to the first and ends.
if (app.requestSingleInstanceLock()) run();
else app.quit();

function run(): void {
  const log = openLog(environment.userData);
  // One failed event must not close the windows of a person at work; the log says what happened.
  process.on('uncaughtException', (error) => log.error('Uncaught exception', error));
  process.on('unhandledRejection', (reason) => log.error('Unhandled rejection', reason));

  registerAppScheme();
  let desktop: Desktop | null = null;
  const early: string[] = [];
  onDeepLink((link) => {
    if (desktop === null) early.push(link);
    else desktop.offerPairing(link);
  });
  app.on('second-instance', () => desktop?.showMainWindow());
  app.on('activate', () => desktop?.showMainWindow());
  // When to quit is decided where windows close: the hidden standby console would keep the application alive.
  app.on('window-all-closed', () => {});
  app.on('will-quit', () => desktop?.close());

  const start = async (): Promise<void> => {
    await app.whenReady();
    lockDown();
    serveApp(environment.rendererRoot);
    desktop = startDesktop(environment, log);
    for (const link of early) desktop.offerPairing(link);
  };
  start().catch((error: unknown) => {
    // Without its parts the desktop is a process nobody sees.
    log.error('The desktop did not start', error);
    app.exit(1);
  });
}
