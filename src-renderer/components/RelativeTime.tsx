import { Tooltip } from '@mantine/core';
import { formatDateTime, formatRelative } from '../lib/format.ts';
import { useNow } from '../lib/use-now.ts';
import { useText } from '../locales/i18n.ts';

/** "3 minutes ago", with the absolute time on hover. `at` is ISO 8601. */
export function RelativeTime({ at }: { readonly at: string }) {
  const { language } = useText();
  const now = useNow(10_000);
  return (
    <Tooltip label={formatDateTime(at, language)}>
      <time dateTime={at}>{formatRelative(at, language, now)}</time>
    </Tooltip>
  );
}
