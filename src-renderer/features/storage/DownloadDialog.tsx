import { type HostLinkId, LimenError, type StoragePool, type StorageVolume } from '@limen/contract';
import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { openDownload } from '../../api/download-channel.ts';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { notifyDone } from '../../components/notify.tsx';
import { formatBytesOf } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';

export interface DownloadDialogProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
  readonly onClose: () => void;
}

/** Saves a volume where the person says, in the system's dialog, and shows how far it is. Closing it cancels. */
export function DownloadDialog({ linkId, pool, volume, onClose }: DownloadDialogProps) {
  const { t, language } = useText();
  const [progress, setProgress] = useState<{ readonly done: number; readonly total: number }>();
  const [outcome, setOutcome] = useState<LimenError | { readonly saved: string }>();
  const { name } = volume;
  const poolId = pool.id;
  useEffect(
    () =>
      openDownload(
        { linkId, poolId, name },
        {
          progress: (done, total) => setProgress({ done, total }),
          saved: (fileName) => setOutcome({ saved: fileName }),
          ended: setOutcome,
        },
      ),
    [linkId, poolId, name],
  );
  useEffect(() => {
    if (outcome === undefined || (LimenError.is(outcome) && outcome.code !== 'CANCELLED')) return;
    if (!LimenError.is(outcome)) notifyDone(t('storage:download.done', { name: outcome.saved }));
    onClose();
  }, [outcome, onClose, t]);
  const error = LimenError.is(outcome) && outcome.code !== 'CANCELLED' ? outcome : undefined;
  // The system's own dialog is in front until the first byte comes.
  if (progress === undefined && error === undefined) return null;
  const { done = 0, total = 0 } = progress ?? {};
  return (
    <Modal opened onClose={onClose} title={t('storage:download.title', { name })} closeOnClickOutside={false}>
      <Stack>
        {error ? (
          <ErrorCallout error={error} copy={copyText} />
        ) : (
          <div>
            <Text size="sm" mb={6}>
              {formatBytesOf(done, total, language)}
            </Text>
            <Progress
              value={(done / Math.max(total, 1)) * 100}
              aria-label={t('storage:download.title', { name })}
            />
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t(error ? 'common:close' : 'common:cancel')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
