import { Button, Text } from '@mantine/core';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { useText } from '../../../locales/i18n.ts';
import { FormFrame } from '../FormFrame.tsx';
import { type Device, devicesWithoutForm } from '../model/devices.ts';
import { deviceName, editText } from '../model/words.ts';
import type { DeviceFormProps } from './CpuForm.tsx';

/** Everything without a form of its own, in libvirt's words. */
export function OthersForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const others = devicesWithoutForm(model.stored);
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.others')}>
      <PlainTable
        label={t('hardware:device.others')}
        head={[t('hardware:others.kind'), t('hardware:others.summary')]}
        rows={others.map(({ kind, summary }, index) => ({
          // The list is replaced as a whole: its places are its keys.
          key: String(index),
          cells: [t(`hardware:others.kinds.${kind}`), summary],
        }))}
      />
      <Text size="sm" c="var(--limen-quiet)">
        {t('hardware:others.about')}
      </Text>
    </FormFrame>
  );
}

/** A device that is to be added, and can still be left out. */
export function AddedForm({ model, device }: DeviceFormProps<Extract<Device, { kind: 'added' }>>) {
  const { t } = useText();
  const { speech, hardware } = model;
  return (
    <FormFrame model={model} device={device} title={deviceName(device.id, speech)}>
      <Text size="sm">{editText(device.edit, hardware, speech)}</Text>
      <Text size="sm" c="var(--limen-quiet)">
        {t('hardware:add.waiting')}
      </Text>
      <div>
        <Button variant="default" disabled={!model.editable} onClick={() => model.drop(device.id)}>
          {t('hardware:add.leaveOut')}
        </Button>
      </div>
    </FormFrame>
  );
}
