import { Alert, Select } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Panel } from '../../components/Panel.tsx';
import { useText } from '../../locales/i18n.ts';
import { networkKey } from './form-values.ts';
import type { CreateModel } from './use-create.ts';

/** What the machine is plugged into. */
export function NetworkSection({ model }: { readonly model: CreateModel }) {
  const { t } = useText();
  const { form, values, target } = model;
  const networks = target?.options?.networks ?? [];
  const chosen = networks.find((network) => networkKey(network) === values.network);
  return (
    <Panel title={t('create:network.title')}>
      <Select
        label={t('create:network.label')}
        maw={440}
        allowDeselect={false}
        data={[
          ...networks.map((network) => {
            const { type, name, forward, active } = network;
            const kind =
              type === 'bridge'
                ? t('create:network.bridge')
                : forward === null
                  ? t('create:network.isolated')
                  : t('create:network.forward', { mode: forward });
            const state = active ? '' : ` — ${t('create:network.inactive')}`;
            return { value: networkKey(network), label: `${name} (${kind})${state}` };
          }),
          { value: 'user', label: t('create:network.user') },
          { value: 'none', label: t('create:network.none') },
        ]}
        {...form.getInputProps('network')}
        error={undefined}
      />
      {chosen && !chosen.active && (
        <Alert mt="sm" variant="light" color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          {t('create:network.inactiveBody', { name: chosen.name })}
        </Alert>
      )}
    </Panel>
  );
}
