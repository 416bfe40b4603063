import type { Settings, SettingsPatch } from '@limen/contract';
import { settings as settingsSchema } from '@limen/contract';

interface SettingsStore {
  read(): Settings;
  write(settings: Settings): void;
}

/** The person's settings, and what must happen when they change. */
export class Preferences {
  readonly #store: SettingsStore;
  readonly #changed: (settings: Settings) => Promise<void>;

  constructor(store: SettingsStore, changed: (settings: Settings) => Promise<void>) {
    this.#store = store;
    this.#changed = changed;
  }

  read(): Settings {
    return this.#store.read();
  }

  async change(patch: SettingsPatch): Promise<Settings> {
    const settings = settingsSchema.parse({ ...this.#store.read(), ...patch });
    this.#store.write(settings);
    await this.#changed(settings);
    return settings;
  }
}
