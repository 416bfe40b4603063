import { type ChosenFile, type HostLink, type HostLinkId, imageName } from '@limen/contract';
import { Button, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconFile } from '@tabler/icons-react';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { call } from '../../api/bridge.ts';
import { copyText } from '../../api/clipboard.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { HostSelect } from './HostSelect.tsx';
import { nameFromFile } from './image-name.ts';
import { PresetSelect } from './PresetSelect.tsx';

export interface UploadDialogProps {
  /** At least one. */
  readonly links: readonly HostLink[];
  readonly onClose: () => void;
}

/** Choose files of this computer and send them to a library. */
export function UploadDialog({ links, onClose }: UploadDialogProps) {
  const { t, language } = useText();
  const [linkId, setLinkId] = useState<HostLinkId | undefined>(links[0]?.id);
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const { busy, error, attempt } = useAttempt();
  const [first] = files;
  const form = useForm({
    initialValues: { name: '', presetId: null as string | null, shared: false, verify: true },
    validateInputOnChange: true,
    validate: {
      name: (name) => (files.length > 1 || imageName.safeParse(name).success ? null : t('images:error.name')),
    },
  });

  const choose = () =>
    attempt(async () => {
      const { files: chosen } = await call('uploads.choose', {});
      if (chosen.length === 0) return;
      setFiles(chosen);
      form.setFieldValue('name', nameFromFile(chosen[0]?.fileName ?? ''));
    });
  const submit = form.onSubmit(({ name, presetId, shared, verify }) =>
    attempt(async () => {
      if (linkId === undefined) return;
      for (const file of files) {
        await call('uploads.begin', {
          linkId,
          token: file.token,
          name: files.length === 1 ? name : nameFromFile(file.fileName),
          shared,
          verify,
          ...(presetId !== null && { presetId }),
        });
      }
      onClose();
    }),
  );

  return (
    <Modal opened onClose={onClose} size="lg" title={t('images:upload.title')}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t('images:upload.about')}</Text>
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <Button
              variant={first ? 'default' : 'filled'}
              leftSection={<IconFile size={16} aria-hidden />}
              onClick={() => void choose()}
              data-autofocus
            >
              {t('images:upload.choose')}
            </Button>
            <Stack gap={2} miw={0} justify="center" mih={36}>
              {files.map((file) => (
                <Text key={file.token} size="sm" truncate>
                  {file.fileName} · {formatBytes(file.bytes, language)}
                </Text>
              ))}
            </Stack>
          </Group>
          {first && (
            <>
              {files.length === 1 && (
                <TextInput label={t('images:field.name')} {...form.getInputProps('name')} />
              )}
              <HostSelect links={links} value={linkId} onChange={setLinkId} />
              {linkId !== undefined && (
                <PresetSelect
                  linkId={linkId}
                  value={form.values.presetId}
                  onChange={(presetId) => form.setFieldValue('presetId', presetId)}
                />
              )}
              <Switch
                label={t('images:field.shared')}
                {...form.getInputProps('shared', { type: 'checkbox' })}
              />
              <Switch
                label={t('images:upload.verify')}
                description={t('images:upload.verifyAbout')}
                {...form.getInputProps('verify', { type: 'checkbox' })}
              />
            </>
          )}
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions
            busy={busy}
            disabled={!first}
            submit={t('images:upload.submit')}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Modal>
  );
}
