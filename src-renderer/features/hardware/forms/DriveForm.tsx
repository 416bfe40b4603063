import { Button, Group, Text } from '@mantine/core';
import { IconPlayerEject } from '@tabler/icons-react';
import { FactList } from '../../../components/FactList.tsx';
import { useText } from '../../../locales/i18n.ts';
import { FormFrame } from '../FormFrame.tsx';
import { ImagePicker } from '../ImagePicker.tsx';
import type { DiskDevice } from '../model/devices.ts';
import { mediumName } from '../model/words.ts';
import type { DeviceFormProps } from './CpuForm.tsx';
import { RemoveDisk } from './RemoveDisk.tsx';

/** A drive: what is in it, and what is to be. */
export function DriveForm({ model, device }: DeviceFormProps<DiskDevice>) {
  const { t } = useText();
  const { target, stored, live } = device;
  const disk = stored ?? live;
  if (!disk) return null;
  const wished = model.draft.get(`change-media/${target}`);
  const isRemoved = stored === undefined || model.draft.has(`remove-disk/${target}`);
  const disabled = !model.editable || isRemoved;
  const chosen = wished?.type === 'change-media' ? wished.imageId : disk.imageId;
  const isEmpty = wished?.type === 'change-media' ? wished.imageId === null : disk.source === null;
  return (
    <FormFrame
      model={model}
      device={device}
      title={t('hardware:device.driveNamed', { name: target })}
      actions={<RemoveDisk model={model} device={device} />}
    >
      <FactList
        facts={[
          {
            label: t('hardware:field.medium'),
            value: disk.source === null ? t('hardware:drive.empty') : mediumName(disk, model.speech),
          },
          ...(disk.source === null ? [] : [{ label: t('hardware:field.file'), value: disk.source }]),
          { label: t('hardware:field.bus'), value: disk.bus },
        ]}
      />
      <Group align="flex-end" wrap="nowrap">
        <ImagePicker
          linkId={model.target.linkId}
          kinds={['iso']}
          label={t(disk.source === null ? 'hardware:drive.insert' : 'hardware:drive.change')}
          value={chosen}
          onChange={(imageId) => model.put({ type: 'change-media', target, imageId })}
          disabled={disabled}
        />
        <Button
          variant="default"
          leftSection={<IconPlayerEject size={16} aria-hidden />}
          disabled={disabled || isEmpty}
          onClick={() => model.put({ type: 'change-media', target, imageId: null })}
        >
          {t('hardware:drive.eject')}
        </Button>
      </Group>
      {model.live !== null && (
        <Text size="sm" c="var(--limen-quiet)">
          {t('hardware:drive.ejectAbout')}
        </Text>
      )}
    </FormFrame>
  );
}
