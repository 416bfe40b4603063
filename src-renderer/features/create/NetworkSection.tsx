import { NetworkSelect } from '../../components/NetworkSelect.tsx';
import { Panel } from '../../components/Panel.tsx';
import { useText } from '../../locales/i18n.ts';
import type { CreateModel } from './use-create.ts';

/** What the machine is plugged into. */
export function NetworkSection({ model }: { readonly model: CreateModel }) {
  const { t } = useText();
  const { form, values, target } = model;
  return (
    <Panel title={t('create:network.title')}>
      <NetworkSelect
        networks={target?.options?.networks ?? []}
        value={values.network}
        onChange={(key) => form.setFieldValue('network', key)}
        withNone
      />
    </Panel>
  );
}
