import type { Upload } from '@limen/contract';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { asLimenError, call } from '../api/bridge.ts';
import { notifyError } from '../components/notify.tsx';
import { formatBytesOf, formatDuration, formatRate } from '../lib/format.ts';
import { useText } from '../locales/i18n.ts';
import { useLink } from '../stores/links.ts';
import { Arrival } from '../components/Arrival.tsx';

/** A file being sent. It goes on with this window closed, and after a restart of the desktop. */
export function UploadItem({ upload }: { readonly upload: Upload }) {
  const { t } = useText();
  const text = useProgressText(upload);
  const act = (name: 'uploads.pause' | 'uploads.resume' | 'uploads.cancel') => () => {
    call(name, { uploadId: upload.id }).catch((error: unknown) =>
      notifyError(t('images:uploads.refused', { name: upload.name }), asLimenError(error), t),
    );
  };
  const { state } = upload;
  const moves = state === 'waiting' || state === 'hashing' || state === 'uploading';
  const unknown = state === 'finishing' || upload.totalBytes === 0;
  return (
    <Arrival
      name={upload.name}
      text={text}
      fraction={unknown ? null : upload.bytes / upload.totalBytes}
      error={upload.error}
      failed={state === 'failed'}
      state={state}
    >
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
          aria-label={t('images:arrivals.cancelOf', { name: upload.name })}
          onClick={act('uploads.cancel')}
        >
          <IconX size={16} />
        </ActionIcon>
      </Tooltip>
    </Arrival>
  );
}

/** Where it goes, how far it is, how fast, and for how long still. */
function useProgressText(upload: Upload): string {
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
