import { type Firmware, firmware as firmwares } from '@limen/contract';
import { Button, Group, Select, Switch, Text } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { FactList } from '../../../components/FactList.tsx';
import { useText } from '../../../locales/i18n.ts';
import { FormFrame } from '../FormFrame.tsx';
import { useHostOptions } from '../use-host-options.ts';
import type { DeviceFormProps } from './CpuForm.tsx';

/** What the machine starts with: its firmware, what that trusts, and what it remembers. */
export function FirmwareForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const { draft, stored, live, put, drop } = model;
  const offers = useHostOptions(model.target.linkId)?.offers;
  const wished = draft.get('set-firmware');
  const { type, secureBoot } =
    wished?.type === 'set-firmware'
      ? { type: wished.firmware, secureBoot: wished.secureBoot }
      : stored.firmware;
  const wishedTpm = draft.get('set-tpm');
  const tpm = wishedTpm?.type === 'set-tpm' ? wishedTpm.present : stored.tpm !== null;
  const isReset = draft.has('reset-nvram');
  // Its variables are written while it runs, and go with a change.
  const isOff = model.machine.state === 'off';
  const set = (chosen: Firmware, secure: boolean) =>
    put({ type: 'set-firmware', firmware: chosen, secureBoot: secure });
  const isModern = stored.chipset.includes('q35');
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.firmware')}>
      <FactList facts={[{ label: t('hardware:field.chipset'), value: stored.chipset }]} />
      <Select
        label={t('hardware:field.firmware')}
        description={t(isOff ? 'hardware:firmware.about' : 'hardware:firmware.onlyOff')}
        allowDeselect={false}
        disabled={!model.editable || !isOff}
        value={type}
        data={firmwares.options.map((value) => ({
          value,
          label: value.toUpperCase(),
          disabled: value === 'uefi' && offers?.uefi.available === false,
        }))}
        onChange={(value) => set(value === 'uefi' ? 'uefi' : 'bios', false)}
      />
      <Switch
        label={t('hardware:field.secureBoot')}
        description={t(isModern ? 'hardware:firmware.secureBootAbout' : 'hardware:firmware.secureBootModern')}
        checked={secureBoot}
        disabled={
          !model.editable ||
          !isOff ||
          type !== 'uefi' ||
          !isModern ||
          (offers?.secureBoot.available === false && !secureBoot)
        }
        onChange={(event) => set('uefi', event.currentTarget.checked)}
      />
      <Switch
        label={t('hardware:field.tpm')}
        description={
          offers?.tpm.available === false && !tpm
            ? t('hardware:firmware.noTpm', { packages: offers.tpm.packages.join(', ') })
            : t('hardware:firmware.tpmAbout')
        }
        checked={tpm}
        disabled={!model.editable || (offers?.tpm.available === false && !tpm)}
        onChange={(event) => put({ type: 'set-tpm', present: event.currentTarget.checked })}
      />
      {live !== null && (
        <Text size="sm" c="var(--limen-quiet)">
          {t('hardware:firmware.tpmNextBoot')}
        </Text>
      )}
      {stored.firmware.type === 'uefi' && (
        <Group gap="sm">
          <Button
            variant="default"
            leftSection={<IconRestore size={16} aria-hidden />}
            disabled={!model.editable || !isOff || wished !== undefined}
            onClick={() => (isReset ? drop('reset-nvram') : put({ type: 'reset-nvram' }))}
          >
            {t(isReset ? 'hardware:firmware.keepVariables' : 'hardware:firmware.reset')}
          </Button>
          <Text size="sm" c="var(--limen-quiet)" style={{ flex: 1 }}>
            {t('hardware:firmware.resetAbout')}
          </Text>
        </Group>
      )}
    </FormFrame>
  );
}
