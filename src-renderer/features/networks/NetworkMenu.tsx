import type { HostLinkId, Network } from '@limen/contract';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconPlayerPlay,
  IconPlayerStop,
  IconRotateClockwise2,
  IconTrash,
} from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';
import { useNetworkActions } from './use-network-actions.ts';

export interface NetworkMenuProps {
  readonly linkId: HostLinkId;
  readonly network: Network;
  readonly size?: 'sm' | 36;
  readonly onDeleted?: () => void;
}

/** What can be done with a network; what is in the way is said instead of hidden. */
export function NetworkMenu({ linkId, network, size = 'sm', onDeleted = () => {} }: NetworkMenuProps) {
  const { t } = useText();
  const { mayManage, liveUsers, users, ...act } = useNetworkActions(linkId, network);
  const { name, active, autostart, persistent } = network;
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <ActionIcon
          size={size}
          {...(size === 36 && { variant: 'default' })}
          aria-label={t('networks:actionsOf', { name })}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {active ? (
          <Menu.Item
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            disabled={!mayManage || liveUsers.length > 0}
            onClick={act.stop}
          >
            {t('networks:stop')}
          </Menu.Item>
        ) : (
          <Menu.Item
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            disabled={!mayManage}
            onClick={act.start}
          >
            {t('networks:start')}
          </Menu.Item>
        )}
        {active && liveUsers.length > 0 && (
          <Menu.Label>{t('networks:runningOnIt', { names: liveUsers.join(', ') })}</Menu.Label>
        )}
        <Menu.Item
          leftSection={<IconRotateClockwise2 size={16} aria-hidden />}
          disabled={!mayManage || !persistent}
          onClick={() => act.setAutostart(!autostart)}
        >
          {t(autostart ? 'networks:autostart.turnOff' : 'networks:autostart.turnOn')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTrash size={16} aria-hidden />}
          color="var(--limen-error)"
          disabled={!mayManage || users.length > 0}
          onClick={() => void act.remove().then((gone) => gone && onDeleted())}
        >
          {t('networks:delete.menu')}
        </Menu.Item>
        {users.length > 0 && <Menu.Label>{t('networks:usedBy', { names: users.join(', ') })}</Menu.Label>}
        {!mayManage && <Menu.Label>{t('networks:administratorsOnly')}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
