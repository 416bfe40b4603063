import { CONSOLE_STANDBY_HASH, consoleHash } from '@limen/contract';
import type { HostLinkId, MachineId } from '@limen/contract';
import { type BrowserWindow, type BrowserWindowConstructorOptions, screen } from 'electron';
import { APP_URL } from '../ipc/trusted-sender.ts';
import type { JsonStore } from '../settings/json-store.ts';
import {
  reachableBounds,
  rememberConsole,
  type WindowBounds,
  type WindowState,
} from '../settings/window-state.ts';
import type { WindowFactory } from './window-factory.ts';

const DEFAULT_SIZE = { width: 1044, height: 812 };
const LEAST_SIZE = { minWidth: 360, minHeight: 240 };
/** Let the window that was just opened have the processor to itself first. */
const STANDBY_DELAY_MS = 1_500;

export interface ConsoleWindowsOptions {
  readonly factory: WindowFactory;
  readonly state: JsonStore<WindowState>;
  readonly title: (linkId: HostLinkId, machineId: MachineId) => string;
  /** Called when one of them was closed. */
  readonly onClosed: () => void;
  readonly report: (what: string, detail: object) => void;
}

interface Open {
  readonly linkId: HostLinkId;
  readonly machineId: MachineId;
  readonly window: BrowserWindow;
}

/**
 * One native window for each machine's console. One more is kept loaded and hidden, and becomes the next console
 * by a change of its fragment: starting a renderer takes longer than everything else between click and first frame.
 */
export class ConsoleWindows {
  readonly #options: ConsoleWindowsOptions;
  readonly #open = new Map<string, Open>();
  #standby: BrowserWindow | null = null;
  #preparing: NodeJS.Timeout | null = null;

  constructor(options: ConsoleWindowsOptions) {
    this.#options = options;
  }

  /** How many consoles a person sees. */
  get count(): number {
    return this.#open.size;
  }

  /** Open the console of a machine, or bring its window to the front. */
  show(linkId: HostLinkId, machineId: MachineId): void {
    const key = keyOf(linkId, machineId);
    const existing = this.#open.get(key)?.window;
    if (existing !== undefined) {
      if (existing.isMinimized()) existing.restore();
      existing.show();
      existing.focus();
      return;
    }
    const window = this.#takeStandby(linkId, machineId) ?? this.#create(linkId, machineId);
    this.#open.set(key, { linkId, machineId, window });
    window.setTitle(this.#options.title(linkId, machineId));
    // The title has one author: a page would name the window a little later than its machine is renamed.
    window.on('page-title-updated', (event) => event.preventDefault());
    window.on('close', () => this.#remember(key, window));
    window.once('closed', () => {
      this.#open.delete(key);
      this.#options.onClosed();
    });
    this.prepare();
  }

  /** Have a window ready before it is wanted. */
  prepare(): void {
    if (this.#standby !== null || this.#preparing !== null) return;
    this.#preparing = setTimeout(() => {
      this.#preparing = null;
      const window = this.#options.factory.create(CONSOLE_STANDBY_HASH, {
        ...this.#appearance(),
        ...DEFAULT_SIZE,
      });
      window.once('closed', () => {
        if (this.#standby === window) this.#standby = null;
      });
      window.removeMenu();
      this.#standby = window;
    }, STANDBY_DELAY_MS);
  }

  /** Names of machines or hosts may have changed. */
  refreshTitles(): void {
    for (const { linkId, machineId, window } of this.#open.values()) {
      const title = this.#options.title(linkId, machineId);
      if (window.getTitle() !== title) window.setTitle(title);
    }
  }

  /** Close the consoles of a host that is no longer known. */
  closeLink(linkId: HostLinkId): void {
    for (const open of this.#open.values()) if (open.linkId === linkId) open.window.close();
  }

  /** Give up the hidden window; the application ends. */
  discardStandby(): void {
    if (this.#preparing !== null) clearTimeout(this.#preparing);
    this.#preparing = null;
    this.#standby?.destroy();
    this.#standby = null;
  }

  #takeStandby(linkId: HostLinkId, machineId: MachineId): BrowserWindow | null {
    const window = this.#standby;
    if (window === null || window.isDestroyed() || window.webContents.isCrashed()) return null;
    this.#standby = null;
    const bounds = this.#boundsOf(linkId, machineId);
    if (bounds !== null) window.setBounds(bounds);
    // Another fragment of the same page: the document stays, and is told by `hashchange`.
    window.webContents
      .loadURL(APP_URL + consoleHash(linkId, machineId))
      .catch((error: unknown) =>
        this.#options.report('A console window did not take its machine', { error }),
      );
    window.show();
    return window;
  }

  #create(linkId: HostLinkId, machineId: MachineId): BrowserWindow {
    const window = this.#options.factory.create(consoleHash(linkId, machineId), {
      ...this.#appearance(),
      ...DEFAULT_SIZE,
      ...this.#boundsOf(linkId, machineId),
    });
    // Its accelerators would take keys that belong to the guest.
    window.removeMenu();
    window.once('ready-to-show', () => window.show());
    return window;
  }

  #appearance(): BrowserWindowConstructorOptions {
    return {
      ...LEAST_SIZE,
      title: 'LIMEN',
      fullscreenable: true,
      webPreferences: { backgroundThrottling: false },
    };
  }

  #boundsOf(linkId: HostLinkId, machineId: MachineId): WindowBounds | null {
    const key = keyOf(linkId, machineId);
    const found = this.#options.state.read().consoles.find((entry) => entry.key === key);
    if (found === undefined) return null;
    const { key: _key, ...bounds } = found;
    return reachableBounds(
      bounds,
      screen.getAllDisplays().map((display) => display.workArea),
    );
  }

  #remember(key: string, window: BrowserWindow): void {
    const { state } = this.#options;
    state.write(rememberConsole(state.read(), key, window.getNormalBounds()));
  }
}

function keyOf(linkId: HostLinkId, machineId: MachineId): string {
  return `${linkId}/${machineId}`;
}
