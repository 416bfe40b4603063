import type { HostLinkId, StoragePool, StorageVolume } from '@limen/contract';
import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowsDiagonal,
  IconCopy,
  IconDots,
  IconDownload,
  IconEraser,
  IconFiles,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { useText } from '../../locales/i18n.ts';
import { CloneVolumeDialog } from './CloneVolumeDialog.tsx';
import { DownloadDialog } from './DownloadDialog.tsx';
import { LoseVolumeDialog } from './LoseVolumeDialog.tsx';
import { ResizeVolumeDialog } from './ResizeVolumeDialog.tsx';
import { userNames } from './words.ts';

export interface VolumeMenuProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
  readonly live: boolean;
}

type Dialog = 'clone' | 'download' | 'resize' | 'wipe' | 'delete';

/** What can be done with a volume; who stands in the way is named. */
export function VolumeMenu({ linkId, pool, volume, live }: VolumeMenuProps) {
  const { t } = useText();
  const [dialog, setDialog] = useState<Dialog>();
  const { name, usedBy, path } = volume;
  const close = (): void => setDialog(undefined);
  const running = usedBy.some((user) => user.running);
  const isFolder = volume.type === 'dir' || volume.type === 'netdir';
  const cannotGrow = running || usedBy.some(({ kind }) => kind !== 'machine');
  const cannotWipe = volume.backingPath !== null || volume.encrypted;
  const names = userNames(volume, t);
  const target = { linkId, pool, volume, onClose: close };
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <ActionIcon size="sm" aria-label={t('storage:actionsOf', { name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFiles size={16} aria-hidden />}
            disabled={!live || running || isFolder || volume.encrypted}
            onClick={() => setDialog('clone')}
          >
            {t('storage:clone.menu')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowsDiagonal size={16} aria-hidden />}
            disabled={!live || cannotGrow || isFolder}
            onClick={() => setDialog('resize')}
          >
            {t('storage:resize.menu')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDownload size={16} aria-hidden />}
            disabled={!live || running || (volume.type !== 'file' && volume.type !== 'block')}
            onClick={() => setDialog('download')}
          >
            {t('storage:download.menu')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            disabled={path === null}
            onClick={() => {
              if (path !== null) copyText(path).catch(() => {});
            }}
          >
            {t('storage:copyPath')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconEraser size={16} aria-hidden />}
            color="var(--limen-error)"
            disabled={!live || usedBy.length > 0 || isFolder || cannotWipe}
            onClick={() => setDialog('wipe')}
          >
            {t('storage:wipe.menu')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            color="var(--limen-error)"
            disabled={!live || usedBy.length > 0}
            onClick={() => setDialog('delete')}
          >
            {t('storage:delete.menu')}
          </Menu.Item>
          {usedBy.length > 0 && <Menu.Label>{t('storage:inUse', { names })}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'clone' && <CloneVolumeDialog {...target} />}
      {dialog === 'download' && <DownloadDialog {...target} />}
      {dialog === 'resize' && <ResizeVolumeDialog {...target} />}
      {(dialog === 'wipe' || dialog === 'delete') && <LoseVolumeDialog {...target} how={dialog} />}
    </>
  );
}
