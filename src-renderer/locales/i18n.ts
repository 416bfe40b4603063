import { createInstance, type TFunction } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en, ko, type Namespace, namespaces } from './resources.ts';

export type Language = 'en' | 'ko';
/** Translates `namespace:key`; keys are checked by the compiler. */
export type Translate = TFunction<readonly Namespace[]>;

const i18n = createInstance();

/** Both languages are in the bundle, so this is synchronous in effect and switching never waits. */
export async function startI18n(language: Language): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    ns: namespaces,
    defaultNS: 'common',
    resources: { en, ko },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  document.documentElement.lang = language;
}

export async function setLanguage(language: Language): Promise<void> {
  if (i18n.language === language) return;
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
}

/** The one hook for text; renders again when the language changes. */
export function useText(): {
  readonly t: Translate;
  readonly language: string;
} {
  const { t, i18n } = useTranslation(namespaces);
  return { t, language: i18n.language };
}
