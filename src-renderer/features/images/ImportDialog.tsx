import { type Checksum, checksum, type HostLink, type HostLinkId, imageName } from '@limen/contract';
import { Modal, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { hostClient } from '../../api/host-client.ts';
import { DialogActions } from '../../components/DialogActions.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { followJobs } from '../../stores/followed-jobs.ts';
import { HostSelect } from './HostSelect.tsx';
import { checksumOf, isHttpUrl, nameFromUrl } from './import-form.ts';
import { PresetSelect } from './PresetSelect.tsx';

interface ImportValues {
  url: string;
  name: string;
  presetId: string | null;
  shared: boolean;
  check: 'none' | Checksum['type'];
  expected: string;
}

const initialValues: ImportValues = {
  url: '',
  name: '',
  presetId: null,
  shared: false,
  check: 'none',
  expected: '',
};

export interface ImportDialogProps {
  /** At least one, all of which fetch images. */
  readonly links: readonly HostLink[];
  readonly onClose: () => void;
}

/** Have a host fetch an image; the bytes never pass this computer. */
export function ImportDialog({ links, onClose }: ImportDialogProps) {
  const { t } = useText();
  const [linkId, setLinkId] = useState<HostLinkId | undefined>(links[0]?.id);
  const { busy, error, attempt } = useAttempt();
  const form = useForm<ImportValues>({
    initialValues,
    validateInputOnBlur: true,
    validate: {
      url: (url) => (isHttpUrl(url) ? null : t('images:error.url')),
      name: (name) => (imageName.safeParse(name).success ? null : t('images:error.name')),
      expected: (expected, { check }) =>
        check === 'none' || checksum.safeParse(checksumOf(check, expected)).success
          ? null
          : t(check === 'digest' ? 'images:error.digest' : 'images:error.url'),
    },
  });
  const { check, url: address } = form.values;

  const submit = form.onSubmit(
    ({ url, name, presetId, shared, check: kind, expected }) =>
      attempt(async () => {
        if (linkId === undefined) return;
        const job = await hostClient(linkId).images.importUrl({
          url: url.trim(),
          name,
          shared,
          ...(presetId !== null && { presetId }),
          ...(kind !== 'none' && { checksum: checksumOf(kind, expected) }),
        });
        followJobs({ linkId, jobIds: [job.id], kind: job.kind, name: job.subject.name });
        onClose();
      }),
    (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
  );

  return (
    <Modal opened onClose={onClose} size="lg" title={t('images:import.title')}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">{t('images:import.about')}</Text>
          <TextInput
            label={t('images:import.url')}
            placeholder="https://example.org/debian-12-generic-amd64.qcow2"
            inputMode="url"
            spellCheck={false}
            data-autofocus
            {...form.getInputProps('url')}
            onChange={(event) => {
              const next = event.currentTarget.value;
              // A name the person typed is theirs; one that came from the address follows it.
              const follows = form.values.name === nameFromUrl(address);
              form.setValues({ url: next, ...(follows && { name: nameFromUrl(next) }) });
            }}
          />
          <TextInput label={t('images:field.name')} {...form.getInputProps('name')} />
          <HostSelect links={links} value={linkId} onChange={setLinkId} />
          {linkId !== undefined && (
            <PresetSelect
              linkId={linkId}
              value={form.values.presetId}
              onChange={(presetId) => form.setFieldValue('presetId', presetId)}
            />
          )}
          <Stack gap={6}>
            <Text size="sm" fw={600} id="import-check">
              {t('images:import.check')}
            </Text>
            <SegmentedControl
              aria-labelledby="import-check"
              data={[
                { value: 'none', label: t('images:import.checkNone') },
                { value: 'digest', label: 'SHA-256 / SHA-512' },
                { value: 'sums-file', label: t('images:import.checkSums') },
              ]}
              {...form.getInputProps('check')}
            />
            {check === 'none' ? (
              <Text size="xs" c="dimmed">
                {t('images:import.checkNoneAbout')}
              </Text>
            ) : (
              <TextInput
                aria-label={t(check === 'digest' ? 'images:import.digest' : 'images:import.sumsUrl')}
                placeholder={check === 'digest' ? 'e3b0c442…' : 'https://example.org/SHA512SUMS'}
                spellCheck={false}
                ff="monospace"
                {...form.getInputProps('expected')}
              />
            )}
          </Stack>
          <Switch label={t('images:field.shared')} {...form.getInputProps('shared', { type: 'checkbox' })} />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('images:import.submit')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
