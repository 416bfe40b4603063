import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';
import { APP_URL } from '../ipc/trusted-sender.ts';

const RELOADS_ALLOWED = 3;
const RELOADS_WINDOW_MS = 60_000;

/** Our page's background in both schemes (theme/global.css), so that a window does not flash before its first frame. */
export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#1f1f1f' : '#f8f9fa';
}

/** Paths of what every window needs. */
export interface WindowFiles {
  readonly preload: string;
  readonly icon: string;
}

/** Makes windows with our page in them, and knows which web contents are ours. */
export class WindowFactory {
  readonly #files: WindowFiles;
  readonly #own = new Set<number>();
  readonly #report: (what: string, detail: object) => void;

  constructor(files: WindowFiles, report: (what: string, detail: object) => void) {
    this.#files = files;
    this.#report = report;
    nativeTheme.on('updated', () => {
      for (const window of BrowserWindow.getAllWindows()) window.setBackgroundColor(backgroundColor());
    });
  }

  /** Ids of the web contents whose messages are heard. */
  get own(): ReadonlySet<number> {
    return this.#own;
  }

  /** A hidden window that loads our page. @param hash fragment of the page, with `#`, or nothing */
  create(hash: string, options: BrowserWindowConstructorOptions): BrowserWindow {
    const window = new BrowserWindow({
      ...options,
      show: false,
      backgroundColor: backgroundColor(),
      // Windows and macOS take it from the executable and the bundle.
      ...(process.platform === 'linux' ? { icon: this.#files.icon } : {}),
      webPreferences: {
        preload: this.#files.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        ...options.webPreferences,
      },
    });
    const { id } = window.webContents;
    this.#own.add(id);
    window.webContents.once('destroyed', () => this.#own.delete(id));
    this.#reloadAfterCrash(window);
    void window
      .loadURL(APP_URL + hash)
      .catch((error: unknown) => this.#report('A page did not load', { error }));
    return window;
  }

  #reloadAfterCrash(window: BrowserWindow): void {
    let reloads: number[] = [];
    window.webContents.on('render-process-gone', (_event, details) => {
      if (details.reason === 'clean-exit' || window.isDestroyed()) return;
      this.#report('A page crashed', details);
      reloads = reloads.filter((at) => Date.now() - at < RELOADS_WINDOW_MS);
      if (reloads.length >= RELOADS_ALLOWED) return;
      reloads.push(Date.now());
      window.webContents.reload();
    });
  }
}
