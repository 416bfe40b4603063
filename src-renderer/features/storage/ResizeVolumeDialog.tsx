import type { HostLinkId, StoragePool, StorageVolume } from '@limen/contract';
import { Alert, Checkbox, Modal, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { SizeInput } from '../../components/SizeInput.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { userNames } from './words.ts';

export interface ResizeVolumeDialogProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
  readonly onClose: () => void;
}

/** Larger at once; smaller only of what nobody uses, and only when the loss is agreed to. */
export function ResizeVolumeDialog({ linkId, pool, volume, onClose }: ResizeVolumeDialogProps) {
  const { t, language } = useText();
  const [size, setSize] = useState<number | string>(volume.capacityBytes);
  const [shrink, setShrink] = useState(false);
  const { busy, error, attempt } = useAttempt();
  const bytes = Number(size);
  const isSmaller = bytes < volume.capacityBytes;
  const inUse = volume.usedBy.length > 0;
  const isPossible = bytes >= 2 ** 20 && bytes !== volume.capacityBytes && (!isSmaller || (shrink && !inUse));
  const resize = () =>
    attempt(async () => {
      await hostClient(linkId).storage.resizeVolume({
        poolId: pool.id,
        name: volume.name,
        capacityBytes: bytes,
        shrink: isSmaller,
      });
      onClose();
    });
  return (
    <Modal opened onClose={onClose} title={t('storage:resize.title', { name: volume.name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isPossible) void resize();
        }}
      >
        <Stack>
          <SizeInput
            label={t('storage:field.size')}
            value={size}
            onChange={setSize}
            description={t('storage:resize.present', { size: formatBytes(volume.capacityBytes, language) })}
          />
          {isSmaller && inUse && (
            <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />}>
              {t('storage:inUse', { names: userNames(volume, t) })}
            </Alert>
          )}
          {isSmaller && !inUse && (
            <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />}>
              <Stack gap="xs">
                {t('storage:resize.lost', { name: volume.name })}
                <Checkbox
                  label={t('storage:resize.agree')}
                  checked={shrink}
                  onChange={(event) => setShrink(event.currentTarget.checked)}
                />
              </Stack>
            </Alert>
          )}
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions
            busy={busy}
            disabled={!isPossible}
            submit={t('storage:resize.submit')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
