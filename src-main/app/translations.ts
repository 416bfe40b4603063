import type { Settings } from '@limen/contract';
import { createInstance, type i18n, type TFunction } from 'i18next';
import en from '../locales/en.json' with { type: 'json' };
import ko from '../locales/ko.json' with { type: 'json' };

/** Words of the native menu, dialogs and titles; pages have their own. */
export class Translations {
  readonly #instance: i18n = createInstance();
  readonly #systemLocale: string;

  /** @param systemLocale BCP 47 tag of the desktop's language, for `language: 'system'` */
  constructor(systemLocale: string, language: Settings['language']) {
    this.#systemLocale = systemLocale;
    // Without a backend to load from, this is done when it returns.
    void this.#instance.init({
      lng: this.#resolve(language),
      fallbackLng: 'en',
      initAsync: false,
      resources: { en: { translation: en }, ko: { translation: ko } },
      interpolation: { escapeValue: false },
    });
  }

  get t(): TFunction {
    return this.#instance.t;
  }

  async use(language: Settings['language']): Promise<void> {
    await this.#instance.changeLanguage(this.#resolve(language));
  }

  #resolve(language: Settings['language']): 'en' | 'ko' {
    if (language !== 'system') return language;
    return this.#systemLocale.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  }
}
