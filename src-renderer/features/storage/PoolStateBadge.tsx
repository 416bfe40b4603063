import type { PoolState } from '@limen/contract';
import { Group } from '@mantine/core';
import { useText } from '../../locales/i18n.ts';
import { poolStateIcons } from './words.ts';

export function PoolStateBadge({ state }: { readonly state: PoolState }) {
  const { t } = useText();
  const { icon: Icon, color } = poolStateIcons[state];
  return (
    <Group gap={6} wrap="nowrap">
      <Icon size={16} aria-hidden color={color} />
      {t(`storage:state.${state}`)}
    </Group>
  );
}
