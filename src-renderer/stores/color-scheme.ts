import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { settingsStore } from './settings.ts';

function current(): MantineColorScheme {
  const { colorScheme } = settingsStore.getState().settings;
  return colorScheme === 'system' ? 'auto' : colorScheme;
}

/** Mantine's view of the setting: main keeps it, so that all windows agree; the page stores nothing itself. */
export function settingsColorScheme(): MantineColorSchemeManager {
  let unsubscribe: (() => void) | undefined;
  return {
    get: current,
    set: () => {},
    clear: () => {},
    subscribe: (onUpdate) => {
      let shown = current();
      unsubscribe = settingsStore.subscribe(() => {
        const next = current();
        if (next !== shown) onUpdate(next);
        shown = next;
      });
    },
    unsubscribe: () => unsubscribe?.(),
  };
}
