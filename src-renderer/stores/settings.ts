import {
  type BridgeOutput,
  type Settings,
  type SettingsPatch,
  settings as settingsSchema,
} from '@limen/contract';
import { create } from 'zustand';
import { call } from '../api/bridge.ts';

export type AppInfo = BridgeOutput<'app.info'>;

interface SettingsState {
  readonly settings: Settings;
  /** Undefined until main has answered. */
  readonly app: AppInfo | undefined;
}

export const useSettings = create<SettingsState>(() => ({
  settings: settingsSchema.parse({}),
  app: undefined,
}));

/** Read once before the first paint, so that language and colours never flash. */
export async function loadSettings(): Promise<void> {
  const [settings, app] = await Promise.all([call('settings.get', {}), call('app.info', {})]);
  useSettings.setState({ settings, app });
}

export function receiveSettings(settings: Settings): void {
  useSettings.setState({ settings });
}

/** Shows at once; what main stored (or, on failure, what was before) follows. */
export async function changeSettings(patch: SettingsPatch): Promise<void> {
  const before = useSettings.getState().settings;
  useSettings.setState({
    settings: settingsSchema.parse({ ...before, ...patch }),
  });
  try {
    useSettings.setState({ settings: await call('settings.change', patch) });
  } catch (error) {
    useSettings.setState({ settings: before });
    throw error;
  }
}

/** The language to show: `system` follows the desktop where we have that language. */
export function effectiveLanguage(language: Settings['language'], locale: string): 'en' | 'ko' {
  if (language !== 'system') return language;
  return locale.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}
