import { hasScreen } from '../../stores/power.ts';
import { inventoryStore } from '../../stores/inventory.ts';
import { getLink, linksStore } from '../../stores/links.ts';
import type { MachineRef } from '../../stores/machine-key.ts';
import { changeSettings, settingsStore } from '../../stores/settings.ts';
import { type ConsolePhase, ConsoleSession, type ConsoleWorld } from './console-session.ts';
import type { KeyCombination } from './key-combinations.ts';
import type * as vncScreen from './vnc-screen.ts';

/** Loaded ahead by whoever knows that a console is near (the machine page, the standby window). */
export function loadVncScreen(): Promise<typeof vncScreen> {
  return import('./vnc-screen.ts');
}

/** What the console's frame shows; a new object at every change. */
export interface ConsoleState {
  readonly phase: ConsolePhase;
  readonly fit: boolean;
  /** From opening the port to the first picture, in ms; null before it. */
  readonly firstFrameMs: number | null;
  readonly loadFailed: boolean;
}

/** One console: the session's decisions, noVNC's screen and the stores, joined. React only looks at its state. */
export class ConsoleController {
  readonly #target: MachineRef;
  readonly #listeners = new Set<() => void>();
  readonly #ends: (() => void)[] = [];
  #state: ConsoleState = {
    phase: { kind: 'paused' },
    fit: settingsStore.getState().settings.consoleScale === 'fit',
    firstFrameMs: null,
    loadFailed: false,
  };
  #session: ConsoleSession | undefined;
  #screen: vncScreen.VncScreen | undefined;
  #disposed = false;

  constructor(target: MachineRef) {
    this.#target = target;
  }

  /** Draw into this element from now on. Once only. */
  async mount(element: HTMLElement): Promise<void> {
    try {
      const { VncScreen } = await loadVncScreen();
      if (this.#disposed) return;
      this.#start(new VncScreen(this.#target, element, (ms) => this.#set({ firstFrameMs: ms })));
    } catch {
      this.#set({ loadFailed: true });
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): ConsoleState => this.#state;

  /** Show the whole screen, or each of its pixels as one; consoles opened from now on do the same. */
  setFit(fit: boolean): void {
    if (this.#screen) this.#screen.fit = fit;
    this.#set({ fit });
    // A choice that cannot be stored still holds for this console.
    changeSettings({ consoleScale: fit ? 'fit' : 'native' }).catch(() => {});
    this.focus();
  }

  send(combination: KeyCombination): void {
    this.#screen?.send(combination.strokes);
  }

  focus(): void {
    this.#screen?.focus();
  }

  retryNow(): void {
    this.#session?.retryNow();
  }

  screenshot(): Promise<Blob | null> {
    return this.#screen?.screenshot() ?? Promise.resolve(null);
  }

  dispose(): void {
    this.#disposed = true;
    for (const end of this.#ends) end();
    this.#session?.dispose();
    this.#listeners.clear();
  }

  #start(screen: vncScreen.VncScreen): void {
    this.#screen = screen;
    screen.fit = this.#state.fit;
    const session = new ConsoleSession(
      (events) => screen.open(events),
      (phase) => this.#set({ phase }),
    );
    this.#session = session;
    const update = () => session.update(worldOf(this.#target));
    this.#ends.push(inventoryStore.subscribe(update), linksStore.subscribe(update));
    update();
  }

  #set(change: Partial<ConsoleState>): void {
    if (this.#disposed) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** What the stores say of one machine's screen. */
export function worldOf({ linkId, machineId }: MachineRef): ConsoleWorld {
  const linkLive = getLink(linkId)?.state === 'live';
  const host = inventoryStore.getState().hosts.get(linkId);
  const machine = host?.machines.get(machineId);
  // Only a live list can say that a machine is gone; a cached one may be older than the machine.
  if (!machine) return { machine: linkLive && host && !host.cached ? 'gone' : 'unknown', linkLive };
  if (!machine.consoles.vnc) return { machine: 'no-screen', linkLive };
  return { machine: hasScreen(machine.state) ? 'on' : 'off', linkLive };
}
