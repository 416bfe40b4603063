import { type ChosenFile, type HostLinkId, storageName, type StoragePool } from '@limen/contract';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { call } from '../../api/bridge.ts';
import { copyText } from '../../api/clipboard.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';

export interface UploadVolumeDialogProps {
  readonly linkId: HostLinkId;
  readonly pool: StoragePool;
  readonly onClose: () => void;
}

/** Choose a disk of this computer and send it to a pool. It goes on with the window closed. */
export function UploadVolumeDialog({ linkId, pool, onClose }: UploadVolumeDialogProps) {
  const { t, language } = useText();
  const [file, setFile] = useState<ChosenFile>();
  const [name, setName] = useState('');
  const { busy, error, attempt } = useAttempt();
  const valid = storageName.safeParse(name).success;
  const choose = () =>
    attempt(async () => {
      const [chosen] = (await call('uploads.choose', {})).files;
      if (chosen === undefined) return;
      setFile(chosen);
      setName(chosen.fileName);
    });
  const submit = () =>
    attempt(async () => {
      if (file === undefined) return;
      await call('uploads.begin', { linkId, token: file.token, name, poolId: pool.id });
      onClose();
    });
  return (
    <Modal opened onClose={onClose} title={t('storage:upload.title', { pool: pool.name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) void submit();
        }}
      >
        <Stack>
          <Text size="sm">{t('storage:upload.about')}</Text>
          <Group gap="sm" wrap="nowrap">
            <Button
              variant={file ? 'default' : 'filled'}
              leftSection={<IconFile size={16} aria-hidden />}
              onClick={() => void choose()}
              data-autofocus
            >
              {t('storage:upload.choose')}
            </Button>
            {file && (
              <Text size="sm" truncate>
                {file.fileName} · {formatBytes(file.bytes, language)}
              </Text>
            )}
          </Group>
          {file && (
            <TextInput
              label={t('storage:field.name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={valid ? null : t('storage:error.name')}
            />
          )}
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions
            busy={busy}
            disabled={!file || !valid}
            submit={t('storage:upload.submit')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
