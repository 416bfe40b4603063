import type { CreationOptions } from '@limen/contract';
import { Alert, Select } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { networkKey } from '../lib/network-key.ts';
import { useText } from '../locales/i18n.ts';

export interface NetworkSelectProps {
  readonly networks: CreationOptions['networks'];
  /** See {@link networkKey}; also `user` and, where it is offered, `none`. */
  readonly value: string;
  readonly onChange: (key: string) => void;
  /** A machine may have no network; an interface needs one. */
  readonly withNone?: boolean;
  /** What is chosen although the host does not list it, as it is to be shown. */
  readonly unlisted?: { readonly key: string; readonly label: string } | undefined;
  readonly disabled?: boolean;
}

/** What to plug into; says so where a network is not active. */
export function NetworkSelect(props: NetworkSelectProps) {
  const { networks, value, onChange, withNone = false, unlisted, disabled = false } = props;
  const { t } = useText();
  const chosen = networks.find((network) => networkKey(network) === value);
  return (
    <div>
      <Select
        label={t('create:network.label')}
        maw={440}
        allowDeselect={false}
        disabled={disabled}
        value={value}
        onChange={(key) => key !== null && onChange(key)}
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
          ...(unlisted ? [{ value: unlisted.key, label: unlisted.label }] : []),
          { value: 'user', label: t('create:network.user') },
          ...(withNone ? [{ value: 'none', label: t('create:network.none') }] : []),
        ]}
      />
      {chosen && !chosen.active && (
        <Alert mt="sm" variant="light" color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          {t('create:network.inactiveBody', { name: chosen.name })}
        </Alert>
      )}
    </div>
  );
}
