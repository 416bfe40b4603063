import { type HostLinkId, type Image, imageKind, imageName } from '@limen/contract';
import { Modal, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { DialogActions } from '../../components/DialogActions.tsx';
import { hostClient } from '../../api/host-client.ts';
import { useAttempt } from '../../actions/use-attempt.ts';
import { copyText } from '../../api/clipboard.ts';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { usePresets } from '../../stores/presets.ts';

export interface EditImageDialogProps {
  readonly linkId: HostLinkId;
  readonly image: Image;
  readonly onClose: () => void;
}

/** Rename and re-label. */
export function EditImageDialog({ linkId, image, onClose }: EditImageDialogProps) {
  const { t } = useText();
  const presets = usePresets(linkId);
  const { busy, error, attempt } = useAttempt();
  const form = useForm({
    initialValues: {
      name: image.name,
      kind: image.kind,
      presetId: image.presetId,
      shared: image.shared,
    },
    validateInputOnChange: true,
    validate: { name: (name) => (imageName.safeParse(name).success ? null : t('images:error.name')) },
  });
  const submit = form.onSubmit((values) =>
    attempt(async () => {
      await hostClient(linkId).images.update({ imageId: image.id, ...values });
      onClose();
    }),
  );
  return (
    <Modal opened onClose={onClose} title={t('images:edit.title')}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t('images:field.name')} data-autofocus {...form.getInputProps('name')} />
          <Select
            label={t('images:field.kind')}
            data={imageKind.options.map((kind) => ({ value: kind, label: t(`images:kind.${kind}`) }))}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
          <Select
            label={t('images:field.preset')}
            data={presets.map(({ id, name }) => ({ value: id, label: name }))}
            clearable
            searchable
            placeholder={t('images:field.presetUnknown')}
            {...form.getInputProps('presetId')}
          />
          <Switch label={t('images:field.shared')} {...form.getInputProps('shared', { type: 'checkbox' })} />
          {error && <ErrorCallout error={error} copy={copyText} />}
          <DialogActions busy={busy} submit={t('common:save')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
