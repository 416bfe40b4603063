import { type InterfaceModel, interfaceModel } from '@limen/contract';
import { Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useEffect } from 'react';
import { DialogActions } from '../../../components/DialogActions.tsx';
import { NetworkSelect } from '../../../components/NetworkSelect.tsx';
import { networkKey, parseNetworkKey } from '../../../lib/network-key.ts';
import { useText } from '../../../locales/i18n.ts';
import { macPattern } from '../forms/InterfaceForm.tsx';
import { useHostOptions } from '../use-host-options.ts';
import type { AddFormProps } from './AddDialog.tsx';

interface InterfaceValues {
  readonly network: string;
  readonly model: InterfaceModel;
  readonly mac: string;
}

/** A network card and what it is plugged into. */
export function AddInterfaceForm({ model, onAdd, onCancel }: AddFormProps) {
  const { t } = useText();
  const options = useHostOptions(model.target.linkId);
  const form = useForm<InterfaceValues>({
    initialValues: { network: 'user', model: 'virtio', mac: '' },
    validate: {
      mac: (mac) => (mac.trim() === '' || macPattern.test(mac.trim()) ? null : t('hardware:wrong.mac')),
    },
    validateInputOnBlur: true,
  });
  useEffect(() => {
    const first = options?.networks.find((network) => network.active) ?? options?.networks[0];
    if (first) form.setFieldValue('network', networkKey(first));
    // oxlint-disable-next-line react/exhaustive-deps -- once, when the host has told its networks
  }, [options]);
  const submit = form.onSubmit(({ network, model: card, mac }) => {
    const plugged = parseNetworkKey(network);
    if (plugged.type === 'none') return;
    const own = mac.trim();
    onAdd({
      type: 'add-interface',
      network: plugged,
      model: card,
      ...(own !== '' && { mac: own.toLowerCase() }),
    });
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <NetworkSelect
          networks={options?.networks ?? []}
          value={form.values.network}
          onChange={(key) => form.setFieldValue('network', key)}
        />
        <Select
          label={t('hardware:field.card')}
          allowDeselect={false}
          data={[...interfaceModel.options]}
          {...form.getInputProps('model')}
        />
        <TextInput
          label={t('hardware:field.mac')}
          placeholder={t('hardware:add.interface.macChosen')}
          spellCheck={false}
          {...form.getInputProps('mac')}
        />
        <DialogActions busy={false} submit={t('hardware:add.submit')} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
