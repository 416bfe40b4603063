import { type Network, networkDifferences } from '@limen/contract';
import { Group } from '@mantine/core';
import { IconClockPlay, IconPlayerPlayFilled, IconPower } from '@tabler/icons-react';
import classes from '../../components/badge.module.css';
import { useText } from '../../locales/i18n.ts';

export interface NetworkStateProps {
  readonly network: Network;
  /** Last known, not the present. */
  readonly stale: boolean;
}

/** Whether it runs, and whether something of it waits for its next start. */
export function NetworkState({ network, stale }: NetworkStateProps) {
  const { t } = useText();
  const Icon = network.active ? IconPlayerPlayFilled : IconPower;
  const color = network.active && !stale ? 'var(--limen-running)' : 'var(--limen-quiet)';
  return (
    <Group gap="sm" wrap="nowrap">
      <span className={classes['badge']} style={{ color }} data-active={network.active}>
        <Icon size={14} aria-hidden />
        {t(network.active ? 'networks:active' : 'networks:inactive')}
      </span>
      {isPending(network) && (
        <span className={classes['badge']} style={{ color: 'var(--limen-paused)' }}>
          <IconClockPlay size={14} aria-hidden />
          {t('networks:pending.badge')}
        </span>
      )}
    </Group>
  );
}

export function isPending({ stored, live }: Network): boolean {
  return live !== null && networkDifferences(live, stored).length > 0;
}
