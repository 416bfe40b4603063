import { formatClock } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';
import { useText } from '../locales/i18n.ts';

/** "as of 12:04": when what is shown was last known to be true. `at` is ISO 8601, null for never. */
export function AsOf({ at }: { readonly at: string | null }) {
  const { t, language } = useText();
  const now = useNow(60_000);
  return at === null ? t('common:neverSeen') : t('common:asOf', { time: formatClock(at, language, now) });
}
