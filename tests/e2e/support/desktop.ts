import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BridgeInput, LimenBridge, Settings } from '@limen/contract';
import { type ElectronApplication, _electron as electron, expect, type Page } from '@playwright/test';
import { repositoryRoot } from '../../fixtures/paths.ts';

export interface DesktopOptions {
  /** A `limen://pair` link, as `npm start` hands it over. */
  readonly pairingLink?: string;
  /** Reuse a profile, to see what a second start remembers. Default: a new one, removed at the end. */
  readonly userData?: string;
}

/** The real desktop, in a real Electron, with a profile of its own. */
export class Desktop implements AsyncDisposable {
  readonly app: ElectronApplication;
  readonly window: Page;
  readonly #disposableProfile: string | null;

  private constructor(app: ElectronApplication, window: Page, profile: string | null) {
    this.app = app;
    this.window = window;
    this.#disposableProfile = profile;
  }

  static async launch(options: DesktopOptions = {}): Promise<Desktop> {
    const userData = options.userData ?? (await mkdtemp(join(tmpdir(), 'limen-desktop-')));
    const disposable = options.userData === undefined ? userData : null;
    const app = await electron.launch({
      executablePath: electronBinary(),
      // Chromium's sandbox cannot be set up by root, which is what CI machines run as.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), repositoryRoot],
      // Null: otherwise Playwright's emulation overrides nativeTheme.
      colorScheme: null,
      env: {
        ...environment(),
        LIMEN_USER_DATA: userData,
        LANG: 'en_US.UTF-8',
        ...(options.pairingLink === undefined ? {} : { LIMEN_PAIRING_LINK: options.pairingLink }),
      },
    });
    try {
      const window = await windowWhere(
        app,
        (url) => url.startsWith('limen-app:') && !url.includes('console'),
      );
      await window.getByRole('navigation').first().waitFor();
      return new Desktop(app, window, disposable);
    } catch (error) {
      await end(app, disposable);
      throw error;
    }
  }

  /** Change settings the way the settings screen does. */
  async changeSettings(patch: BridgeInput<'settings.change'>): Promise<Settings> {
    const result = await this.window.evaluate(
      (change) => (globalThis as unknown as { limen: LimenBridge }).limen.invoke('settings.change', change),
      patch,
    );
    if (!result.ok) throw new Error(`settings were refused: ${result.error.message}`);
    return result.value;
  }

  /** Set the content size of the main window, in CSS pixels, and wait until the page has it. */
  async resize(width: number, height: number): Promise<void> {
    const handle = await this.app.browserWindow(this.window);
    await handle.evaluate((window, size) => window.setContentSize(size.width, size.height), {
      width,
      height,
    });
    await expect.poll(() => this.window.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
  }

  /** Wait for the window that `open` makes, or brings up, with this URL fragment. */
  async windowAt(fragment: string, open: () => Promise<void> = async () => {}): Promise<Page> {
    await open();
    return windowWhere(this.app, (url) => url.includes(fragment));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await end(this.app, this.#disposableProfile);
  }
}

/** Close the desktop and remove its profile, once no process of it is left that could write there. */
async function end(app: ElectronApplication, profile: string | null): Promise<void> {
  const browser = app.process();
  // Not "exit": Chromium's other processes hold the same pipes, so these close with the last of them.
  const gone = isOver(browser) ? undefined : once(browser, 'close');
  try {
    await app.close();
    await gone;
  } finally {
    if (profile !== null) await rm(profile, { recursive: true, force: true });
  }
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The first window, there or to come, at an address. Windows change theirs: a console is made from a spare one. */
function windowWhere(app: ElectronApplication, matches: (url: string) => boolean): Promise<Page> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const open = app.windows().map((page) => page.url());
      finish(() => reject(new Error(`no such window; there are: ${open.join(', ')}`)));
    }, 15_000);
    const watched = new Set<Page>();
    const look = (): void => {
      const page = app.windows().find((candidate) => !candidate.isClosed() && matches(candidate.url()));
      if (page !== undefined) finish(() => resolve(page));
    };
    const watch = (page: Page): void => {
      watched.add(page);
      page.on('framenavigated', look);
      look();
    };
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      app.off('window', watch);
      for (const page of watched) page.off('framenavigated', look);
      settle();
    };
    app.on('window', watch);
    for (const page of app.windows()) watch(page);
  });
}

function electronBinary(): string {
  const path = process.env['LIMEN_ELECTRON_BIN'];
  if (path === undefined) throw new Error('run the end-to-end tests with: npm run test:e2e');
  return path;
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
