import type { HostLinkId, StoragePool, StorageVolume } from '@limen/contract';
import { hostClient } from '../../api/host-client.ts';
import { notifyDone } from '../../components/notify.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { TypedConfirmation } from './TypedConfirmation.tsx';

export interface LoseVolumeDialogProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
  readonly how: 'wipe' | 'delete';
  readonly onClose: () => void;
}

/** Overwrite or delete a volume: what is in it is gone for good. */
export function LoseVolumeDialog({ linkId, pool, volume, how, onClose }: LoseVolumeDialogProps) {
  const { t, language } = useText();
  const { name } = volume;
  const confirm = async (): Promise<void> => {
    const { storage } = hostClient(linkId);
    const target = { poolId: pool.id, name };
    if (how === 'delete') {
      await storage.deleteVolume(target);
      notifyDone(t('storage:delete.done', { name }));
    } else {
      const job = await storage.wipeVolume(target);
      followJobs({ linkId, jobIds: [job.id], kind: job.kind, name });
    }
  };
  const size = formatBytes(volume.allocatedBytes, language);
  const facts = { name, pool: pool.name, size };
  const note = pool.shared ? ` ${t('storage:sharedWarning')}` : '';
  return (
    <TypedConfirmation
      title={t(`storage:${how}.title`, { name })}
      lost={`${t(`storage:${how}.lost`, facts)}${note}`}
      word={name}
      submit={t(`storage:${how}.submit`)}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
