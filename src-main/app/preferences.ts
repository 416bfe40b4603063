import type { Settings, SettingsPatch } from '@limen/contract';
import { settings as settingsSchema } from '@limen/contract';
import type { JsonStore } from '../settings/json-store.ts';

/** The person's settings, and what must happen when they change. */
export class Preferences {
  readonly #store: JsonStore<Settings>;
  readonly #changed: (settings: Settings) => Promise<void>;

  constructor(store: JsonStore<Settings>, changed: (settings: Settings) => Promise<void>) {
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
