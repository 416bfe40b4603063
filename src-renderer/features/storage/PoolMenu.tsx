import type { HostLinkId, StoragePool } from '@limen/contract';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconPlayerPlay,
  IconPlayerStop,
  IconPower,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { asLimenError } from '../../api/bridge.ts';
import { hostClient } from '../../api/host-client.ts';
import { notifyDone, notifyError } from '../../components/notify.tsx';
import { useText } from '../../locales/i18n.ts';
import { DeletePoolDialog } from './DeletePoolDialog.tsx';

export interface PoolMenuProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly live: boolean;
}

/** What can be done with a pool; what is in the way is said instead of hidden. */
export function PoolMenu({ linkId, pool, live }: PoolMenuProps) {
  const { t } = useText();
  const [deleting, setDeleting] = useState(false);
  const { name } = pool;
  const poolId = pool.id;
  const runs = pool.state !== 'inactive';
  const { storage } = hostClient(linkId);
  const attempt = async (work: () => Promise<unknown>, done?: string): Promise<void> => {
    try {
      await work();
      if (done !== undefined) notifyDone(done);
    } catch (error) {
      notifyError(t('storage:refused', { name }), asLimenError(error), t);
    }
  };
  const run = (work: () => Promise<unknown>, done?: string) => (): void => void attempt(work, done);
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <ActionIcon size="sm" aria-label={t('storage:actionsOf', { name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {runs ? (
            <Menu.Item
              leftSection={<IconPlayerStop size={16} aria-hidden />}
              disabled={!live || pool.own}
              onClick={run(() => storage.stopPool({ poolId }))}
            >
              {t('storage:stop')}
            </Menu.Item>
          ) : (
            <Menu.Item
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              disabled={!live}
              onClick={run(() => storage.startPool({ poolId }))}
            >
              {t('storage:start')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconRefresh size={16} aria-hidden />}
            disabled={!live || !runs}
            onClick={run(() => storage.refreshPool({ poolId }), t('storage:refreshed', { name }))}
          >
            {t('storage:refresh')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPower size={16} aria-hidden />}
            disabled={!live || !pool.persistent || (pool.own && pool.autostart)}
            onClick={run(() => storage.setPoolAutostart({ poolId, autostart: !pool.autostart }))}
          >
            {t(pool.autostart ? 'storage:autostartOff' : 'storage:autostartOn')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            color="var(--limen-error)"
            disabled={!live || pool.own}
            onClick={() => setDeleting(true)}
          >
            {t('storage:deletePool.menu')}
          </Menu.Item>
          {pool.own && <Menu.Label>{t('storage:own')}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {deleting && <DeletePoolDialog linkId={linkId} pool={pool} onClose={() => setDeleting(false)} />}
    </>
  );
}
