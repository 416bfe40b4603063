import {
  type BridgeOutput,
  type Settings,
  type SettingsPatch,
  settings as settingsSchema,
} from '@limen/contract';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { call } from '../api/bridge.ts';

export type AppInfo = BridgeOutput<'app.info'>;

interface SettingsState {
  readonly settings: Settings;
  /** Undefined until main has answered. */
  readonly app: AppInfo | undefined;
}

export const settingsStore = createStore<SettingsState>(() => ({
  settings: settingsSchema.parse({}),
  app: undefined,
}));

export function useSettings<T>(select: (state: SettingsState) => T): T {
  return useStore(settingsStore, select);
}

/** Read once before the first paint, so that language and colours never flash. */
export async function loadSettings(): Promise<void> {
  const [settings, app] = await Promise.all([call('settings.get', {}), call('app.info', {})]);
  settingsStore.setState({ settings, app });
}

export function receiveSettings(settings: Settings): void {
  settingsStore.setState({ settings });
}

/** Shows at once; what main stored (or, on failure, what was before) follows. */
export async function changeSettings(patch: SettingsPatch): Promise<void> {
  const before = settingsStore.getState().settings;
  settingsStore.setState({
    settings: settingsSchema.parse({ ...before, ...patch }),
  });
  try {
    settingsStore.setState({ settings: await call('settings.change', patch) });
  } catch (error) {
    settingsStore.setState({ settings: before });
    throw error;
  }
}

/** The language to show: `system` follows the desktop where we have that language. */
export function effectiveLanguage(language: Settings['language'], locale: string): 'en' | 'ko' {
  if (language !== 'system') return language;
  return locale.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}
