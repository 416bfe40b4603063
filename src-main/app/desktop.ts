import { app, BrowserWindow, clipboard, nativeTheme } from 'electron';
import type { HostLinkId, MachineId, ShowTarget } from '@limen/contract';
import { InventoryCache } from '../cache/inventory-cache.ts';
import { runConsoleSession } from '../console/console-session.ts';
import { FeedHub } from '../feed/feed-hub.ts';
import { chooseTarget } from '../downloads/choose-target.ts';
import { runDownload } from '../downloads/download-session.ts';
import { HostLinks } from '../host-link/host-links.ts';
import { tlsTransport } from '../host-link/tls-transport.ts';
import { bridgeHandlers } from '../ipc/bridge-handlers.ts';
import { CallDoor, type Sender } from '../ipc/call-door.ts';
import { openDoors } from '../ipc/electron-doors.ts';
import { consolePort, feedPort, streamPort } from '../ipc/message-ports.ts';
import { watchHardware, watchSnapshots } from '../machine-streams/machine-stream.ts';
import { isTrustedSender } from '../ipc/trusted-sender.ts';
import { watchHostNetworks } from '../networks/host-networks-watch.ts';
import { JobNotifications } from '../notifications/job-notifications.ts';
import { systemKeyring } from '../settings/keyring.ts';
import { SecretStore } from '../settings/secret-store.ts';
import { openStores } from '../settings/stores.ts';
import { watchStorage } from '../storage/storage-watch.ts';
import { choosePaths } from '../uploads/choose-files.ts';
import { identify } from '../uploads/chosen-file.ts';
import { FileTokens } from '../uploads/file-tokens.ts';
import { Uploads } from '../uploads/uploads.ts';
import { ConsoleWindows } from '../windows/console-windows.ts';
import { MainWindow } from '../windows/main-window.ts';
import { WindowFactory } from '../windows/window-factory.ts';
import type { Environment } from './environment.ts';
import type { Log } from './log.ts';
import { installMenu } from './menu.ts';
import { watchNetwork } from './network-watch.ts';
import { pairWhenAgreed } from './pairing-prompt.ts';
import { Preferences } from './preferences.ts';
import { Translations } from './translations.ts';

/** The running desktop, as the application's own events use it. */
export interface Desktop {
  readonly showMainWindow: () => void;
  /** A link that came from outside: asks before it acts. */
  readonly offerPairing: (link: string) => void;
  /** Write what is pending and close what is open; synchronous, the process ends next. */
  readonly close: () => void;
}

/** Put the parts together. To be called once the application is ready. */
export function startDesktop(environment: Environment, log: Log): Desktop {
  const report = (what: string, detail: object): void => log.warn(what, detail);
  const stores = openStores(environment.userData, report);
  const secrets = new SecretStore(systemKeyring(), stores.secrets);
  const cache = new InventoryCache(`${environment.userData}/inventory`);
  const translations = new Translations(app.getLocale(), stores.settings.read().language);
  nativeTheme.themeSource = stores.settings.read().colorScheme;

  const links: HostLinks = new HostLinks(
    {
      transport: tlsTransport,
      identity: environment.identity,
      records: stores.links,
      tokens: (id) => secrets.forLink(id),
      cache,
    },
    {
      links: () => {
        feed.links();
        uploads.linksChanged();
        consoles.refreshTitles();
      },
      inventory: (linkId, cached, event) => {
        feed.inventory(linkId, cached, event);
        consoles.refreshTitles();
      },
      metrics: (linkId, event) => feed.metrics(linkId, event),
      metricsLost: (linkId) => feed.forgetMetrics(linkId),
      jobs: (linkId, event) => {
        feed.jobs(linkId, event);
        uploads.jobsChanged(linkId, event);
        notifications.receive(linkId, event);
      },
      images: (linkId, event) => feed.images(linkId, event),
      forgotten: (linkId) => {
        uploads.forgetLink(linkId);
        notifications.forget(linkId);
      },
    },
  );
  const uploads = new Uploads({
    host: (linkId) => links.find(linkId),
    job: (linkId, jobId) => links.job(linkId, jobId),
    store: stores.uploads,
    changed: () => feed.uploads(),
  });
  const files = new FileTokens();
  const feed = new FeedHub({
    settings: () => stores.settings.read(),
    links: () => links.describe(),
    inventories: () => links.inventories(),
    libraries: () => links.libraries(),
    uploads: () => uploads.describe(),
  });

  const factory = new WindowFactory(environment, report);
  const main = new MainWindow(factory, stores.windows);
  const title = (linkId: HostLinkId, machineId: MachineId): string => {
    const link = links.find(linkId);
    const machine = link?.store.machine(machineId)?.name;
    const host = link?.describe().name ?? '';
    return machine === undefined
      ? translations.t('window.consoleTitleUnknown', { host })
      : translations.t('window.consoleTitle', { machine, host });
  };
  const quitWhenNothingIsOpen = (): void => {
    // On macOS an application without windows goes on, as people there expect.
    if (main.window === null && consoles.count === 0 && process.platform !== 'darwin') app.quit();
  };
  const consoles = new ConsoleWindows({
    factory,
    state: stores.windows,
    title,
    onClosed: quitWhenNothingIsOpen,
    report,
  });
  const showMainWindow = (): void => {
    main.show(quitWhenNothingIsOpen).webContents.once('did-finish-load', () => consoles.prepare());
  };

  const show = (target: ShowTarget): void => {
    showMainWindow();
    if (main.window !== null) feed.show(main.window.webContents.id, target);
  };
  const notifications = new JobNotifications({
    t: () => translations.t,
    link: (linkId) => links.find(linkId)?.describe(),
    show,
  });

  const useMenu = (): void =>
    installMenu(translations.t, (command, window) => {
      const target = window instanceof BrowserWindow ? window : main.window;
      if (target !== null) feed.command(target.webContents.id, command);
    });
  useMenu();

  const preferences = new Preferences(stores.settings, async (settings) => {
    nativeTheme.themeSource = settings.colorScheme;
    await translations.use(settings.language);
    useMenu();
    consoles.refreshTitles();
    feed.settings(settings);
  });

  const isTrusted = (sender: Sender): boolean => isTrustedSender(sender, factory.own);
  const handlers = bridgeHandlers({
    links,
    consoles,
    settings: preferences,
    uploads,
    files,
    chooseFiles: async (windowId) => {
      const paths = await choosePaths(translations.t, windowOf(windowId) ?? null);
      const chosen = await Promise.all(paths.map((path) => identify(path)));
      return chosen.map((file) => files.issue(file));
    },
    toggleFullScreen: (windowId) => toggleFullScreen(windowId),
    // A promise in newer versions of Electron, nothing in older ones.
    writeClipboard: async (text) => {
      await clipboard.writeText(text);
    },
    info: () => ({
      version: app.getVersion(),
      platform: process.platform,
      electron: process.versions.electron,
      locale: app.getLocale(),
      secretStorage: secrets.kind,
    }),
  });
  openDoors({
    calls: new CallDoor({ handlers, isTrusted, report }),
    isTrusted,
    ports: {
      feed: (port, _request, windowId) => feed.attach(windowId, feedPort(port)),
      console: (port, { linkId, machineId, kind }) => {
        const host = {
          openConsole: (...args: Parameters<ReturnType<typeof links.get>['openConsole']>) =>
            links.get(linkId).openConsole(...args),
        };
        // Resolves when the session is over, whatever ended it.
        void runConsoleSession(host, { machineId, kind }, consolePort(port));
      },
      hardware: (port, { linkId, machineId }) => {
        // Resolves when nobody looks any more, or the link went away.
        void watchHardware(() => links.get(linkId).liveClient(), machineId, streamPort(port));
      },
      snapshots: (port, { linkId, machineId }) => {
        void watchSnapshots(() => links.get(linkId).liveClient(), machineId, streamPort(port));
      },
      storage: (port, { linkId, poolId }) => {
        void watchStorage(() => links.get(linkId).liveClient(), poolId, streamPort(port));
      },
      download: (port, { linkId, ...volume }, windowId) => {
        const window = windowOf(windowId) ?? null;
        const dependencies = {
          host: () => links.get(linkId),
          chooseTarget: (name: string) => chooseTarget(translations.t, window, name),
        };
        void runDownload(dependencies, volume, streamPort(port));
      },
      networks: (port, { linkId }) => {
        void watchHostNetworks(() => links.get(linkId).liveClient(), streamPort(port));
      },
    },
  });

  links.start();
  const network = watchNetwork(() => links.wake());
  if (environment.pairingLink !== null) {
    links
      .pair(environment.pairingLink)
      .catch((error: unknown) => report('Pairing at start failed', { error }));
  }
  showMainWindow();

  return {
    showMainWindow,
    offerPairing: (link) => {
      const options = {
        t: () => translations.t,
        window: () => main.window,
        pair: (accepted: string) => links.pair(accepted),
      };
      pairWhenAgreed(link, options).catch((error: unknown) =>
        report('A pairing link could not be offered', { error }),
      );
    },
    close: () => {
      cache.flush();
      network.dispose();
      consoles.discardStandby();
      notifications.dispose();
      uploads.dispose();
      links.dispose();
    },
  };
}

function toggleFullScreen(windowId: number): boolean {
  const window = windowOf(windowId);
  if (window === undefined) return false;
  window.setFullScreen(!window.isFullScreen());
  return !window.isFullScreen();
}

function windowOf(windowId: number): BrowserWindow | undefined {
  return BrowserWindow.getAllWindows().find((window) => window.webContents.id === windowId);
}
