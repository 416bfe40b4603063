import { Group, Progress, Text } from '@mantine/core';
import { useText } from '../locales/i18n.ts';

export interface UsageBarProps {
  readonly label: string;
  readonly used: number;
  /** What would come on top; drawn apart. */
  readonly added: number;
  readonly limit: number;
  readonly format: (value: number) => string;
}

/** How much of something limited is used, and would be. Too much is said in words, not only in red. */
export function UsageBar({ label, used, added, limit, format }: UsageBarProps) {
  const { t } = useText();
  const over = used + added > limit;
  const whole = Math.max(limit, used + added, 1);
  const text = over
    ? t('common:usageOver', { total: format(used + added), limit: format(limit) })
    : t('common:usageLeft', { left: format(limit - used - added), limit: format(limit) });
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" mb={4}>
        <Text size="xs" fw={500}>
          {label}
        </Text>
        <Text size="xs" ta="right" c={over ? 'var(--limen-error)' : 'var(--limen-quiet)'}>
          {text}
        </Text>
      </Group>
      <Progress.Root size={8} radius="xl" role="img" aria-label={`${label}: ${text}`}>
        <Progress.Section value={(used / whole) * 100} color="var(--limen-bar-used)" withAria={false} />
        <Progress.Section value={(added / whole) * 100} color={over ? 'red' : 'accent'} withAria={false} />
      </Progress.Root>
    </div>
  );
}
