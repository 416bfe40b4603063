import { type BrowserWindow, screen } from 'electron';
import type { JsonStore } from '../settings/json-store.ts';
import { reachableBounds, type WindowState } from '../settings/window-state.ts';
import type { WindowFactory } from './window-factory.ts';

const DEFAULT_SIZE = { width: 1280, height: 820 };
const LEAST_SIZE = { minWidth: 880, minHeight: 560 };

/** The main window: at most one, where it was the last time. */
export class MainWindow {
  readonly #factory: WindowFactory;
  readonly #state: JsonStore<WindowState>;
  #window: BrowserWindow | null = null;

  constructor(factory: WindowFactory, state: JsonStore<WindowState>) {
    this.#factory = factory;
    this.#state = state;
  }

  get window(): BrowserWindow | null {
    return this.#window;
  }

  /** Open it, or bring it to the front. @param onClosed called when this window is gone */
  show(onClosed: () => void): BrowserWindow {
    if (this.#window !== null) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return this.#window;
    }
    const remembered = this.#state.read().main;
    const displays = screen.getAllDisplays().map((display) => display.workArea);
    const bounds = remembered === null ? null : reachableBounds(remembered, displays);
    const window = this.#factory.create('', {
      ...DEFAULT_SIZE,
      ...bounds,
      ...LEAST_SIZE,
      title: 'LIMEN',
      autoHideMenuBar: true,
      ...(process.platform === 'darwin' ? { titleBarStyle: 'hiddenInset' as const } : {}),
    });
    window.once('ready-to-show', () => {
      if (remembered?.maximised === true) window.maximize();
      window.show();
    });
    window.on('close', () => this.#remember(window));
    window.once('closed', () => {
      this.#window = null;
      onClosed();
    });
    this.#window = window;
    return window;
  }

  #remember(window: BrowserWindow): void {
    const main = { ...window.getNormalBounds(), maximised: window.isMaximized() };
    this.#state.write({ ...this.#state.read(), main });
  }
}
