import type { HardwareEdit, ImageId } from '@limen/contract';
import { Select, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { DialogActions } from '../../../components/DialogActions.tsx';
import { useText } from '../../../locales/i18n.ts';
import { ImagePicker } from '../ImagePicker.tsx';
import { timingOf } from '../model/liveness.ts';
import type { AddFormProps } from './AddDialog.tsx';

type AddDrive = Extract<HardwareEdit, { type: 'add-drive' }>;

const buses = ['sata', 'ide', 'scsi'] as const satisfies readonly AddDrive['bus'][];

/** A CD/DVD drive, with something in it or empty. */
export function AddDriveForm({ model, onAdd, onCancel }: AddFormProps) {
  const { t } = useText();
  // The older chipset has IDE, the newer one SATA.
  const usual: AddDrive['bus'] = model.stored.chipset.includes('q35') ? 'sata' : 'ide';
  const form = useForm<{ bus: AddDrive['bus']; imageId: ImageId | null }>({
    initialValues: { bus: usual, imageId: null },
  });
  const edit: AddDrive = { type: 'add-drive', ...form.values };
  const timing = timingOf(edit, model.hardware);
  return (
    <form onSubmit={form.onSubmit((values) => onAdd({ type: 'add-drive', ...values }))}>
      <Stack>
        <ImagePicker
          linkId={model.target.linkId}
          kinds={['iso']}
          label={t('hardware:drive.insert')}
          value={form.values.imageId}
          onChange={(imageId) => form.setFieldValue('imageId', imageId)}
        />
        <Select
          label={t('hardware:field.bus')}
          allowDeselect={false}
          data={[...buses]}
          {...form.getInputProps('bus')}
        />
        <Text size="sm" c="var(--limen-quiet)">
          {timing.when === 'now' ? t('hardware:timing.nowAbout') : t(`hardware:timing.${timing.reason}`)}
        </Text>
        <DialogActions busy={false} submit={t('hardware:add.submit')} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
