import { z } from 'zod';

const size = z.object({ width: z.number().int().positive(), height: z.number().int().positive() });

export const windowBounds = size.extend({ x: z.number().int(), y: z.number().int() });
export type WindowBounds = z.infer<typeof windowBounds>;

/** Where windows were. Console windows are kept by machine, the most recently used first. */
export const windowState = z.object({
  main: windowBounds.extend({ maximised: z.boolean() }).nullable(),
  consoles: z.array(windowBounds.extend({ key: z.string() })),
});
export type WindowState = z.infer<typeof windowState>;

export const noWindowState: WindowState = { main: null, consoles: [] };

const REMEMBERED_CONSOLES = 200;

export function rememberConsole(state: WindowState, key: string, bounds: WindowBounds): WindowState {
  const others = state.consoles.filter((entry) => entry.key !== key);
  return { ...state, consoles: [{ key, ...bounds }, ...others].slice(0, REMEMBERED_CONSOLES) };
}

/** How much of a title bar must be on a display for the window to be reachable, in px. */
const GRIP = { width: 120, height: 32 };

/**
 * Bounds a window can be opened with: the remembered ones if its title bar can still be grabbed on one of the
 * displays (they may have been unplugged), never larger than that display; else null.
 */
export function reachableBounds(
  bounds: WindowBounds,
  displays: readonly WindowBounds[],
): WindowBounds | null {
  for (const display of displays) {
    const overlap =
      Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x);
    const topIsInside = bounds.y >= display.y && bounds.y + GRIP.height <= display.y + display.height;
    if (overlap < GRIP.width || !topIsInside) continue;
    return {
      ...bounds,
      width: Math.min(bounds.width, display.width),
      height: Math.min(bounds.height, display.height),
    };
  }
  return null;
}
