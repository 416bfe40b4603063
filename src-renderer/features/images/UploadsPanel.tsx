import { LimenError, type Upload } from '@limen/contract';
import { ActionIcon, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { asLimenError, call } from '../../api/bridge.ts';
import { errorText } from '../../components/error-text.ts';
import { JobProgress } from '../../components/JobProgress.tsx';
import { notifyError } from '../../components/notify.tsx';
import { Panel } from '../../components/Panel.tsx';
import { formatBytesOf, formatDuration, formatRate } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import { useLink } from '../../stores/links.ts';

/** Files on their way to a library. They go on with this window closed, and after a restart of the desktop. */
export function UploadsPanel({ uploads }: { readonly uploads: readonly Upload[] }) {
  const { t } = useText();
  return (
    <Panel title={t('images:uploads.title')}>
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {uploads.map((upload) => (
          <UploadItem key={upload.id} upload={upload} />
        ))}
      </Stack>
    </Panel>
  );
}

function UploadItem({ upload }: { readonly upload: Upload }) {
  const { t } = useText();
  const act = (name: 'uploads.pause' | 'uploads.resume' | 'uploads.cancel') => () => {
    call(name, { uploadId: upload.id }).catch((error: unknown) =>
      notifyError(t('images:uploads.refused', { name: upload.name }), asLimenError(error), t),
    );
  };
  const { state } = upload;
  const moves = state === 'waiting' || state === 'hashing' || state === 'uploading';
  return (
    <Group component="li" gap="md" wrap="nowrap" data-upload={state}>
      <Stack gap={4} flex={1} miw={0}>
        <Group justify="space-between" gap="md" wrap="nowrap">
          <Text size="sm" fw={600} truncate>
            {upload.name}
          </Text>
          <Text size="xs" c="var(--limen-quiet)" style={{ whiteSpace: 'nowrap' }}>
            <Progress upload={upload} />
          </Text>
        </Group>
        <JobProgress
          label={t('images:uploads.progress', { name: upload.name })}
          fraction={
            state === 'finishing' || upload.totalBytes === 0 ? null : upload.bytes / upload.totalBytes
          }
        />
        {upload.error && (
          <Text size="xs" c={state === 'failed' ? 'var(--limen-error)' : 'var(--limen-paused)'}>
            {errorText(LimenError.from(upload.error), t).why}
          </Text>
        )}
      </Stack>
      <Group gap={4} wrap="nowrap" w={60} justify="flex-end">
        {moves && (
          <Tooltip label={t('images:uploads.pause')}>
            <ActionIcon
              aria-label={t('images:uploads.pauseOf', { name: upload.name })}
              onClick={act('uploads.pause')}
            >
              <IconPlayerPause size={16} />
            </ActionIcon>
          </Tooltip>
        )}
        {(state === 'paused' || state === 'failed') && (
          <Tooltip label={t('images:uploads.resume')}>
            <ActionIcon
              aria-label={t('images:uploads.resumeOf', { name: upload.name })}
              onClick={act('uploads.resume')}
            >
              <IconPlayerPlay size={16} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label={t('common:cancel')}>
          <ActionIcon
            aria-label={t('images:uploads.cancelOf', { name: upload.name })}
            onClick={act('uploads.cancel')}
          >
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

/** Where it goes, how far it is, how fast, and for how long still. */
function Progress({ upload }: { readonly upload: Upload }) {
  const { t, language } = useText();
  const host = useLink(upload.linkId)?.name ?? '';
  const units = {
    d: t('common:unit.d'),
    h: t('common:unit.h'),
    m: t('common:unit.m'),
    s: t('common:unit.s'),
  };
  const parts = [
    `→ ${host}`,
    t(`images:uploads.state.${upload.state}`),
    formatBytesOf(upload.bytes, upload.totalBytes, language),
    ...(upload.bytesPerSecond === null ? [] : [formatRate(upload.bytesPerSecond, language)]),
    ...(upload.remainingSeconds === null
      ? []
      : [t('images:uploads.remaining', { time: formatDuration(upload.remainingSeconds, units) })]),
  ];
  return parts.join(' · ');
}
