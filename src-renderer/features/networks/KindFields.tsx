import type { NetworkKind } from '@limen/contract';
import { Select } from '@mantine/core';
import { RadioChoices } from '../../components/RadioChoices.tsx';
import { useText } from '../../locales/i18n.ts';
import type { NetworkDraft, Problems } from './network-form.ts';

export interface KindFieldsProps {
  readonly kinds: readonly NetworkKind[];
  readonly draft: NetworkDraft;
  readonly onChange: (change: Partial<NetworkDraft>) => void;
  readonly devices: readonly string[];
  readonly bridges: readonly string[];
  readonly problems: Problems;
}

/** What its guests reach, and by which device or bridge of the host. */
export function KindFields({ kinds, draft, onChange, devices, bridges, problems }: KindFieldsProps) {
  const { t } = useText();
  const { kind, device, bridge } = draft;
  const named = device !== null && !devices.includes(device) ? [device, ...devices] : devices;
  return (
    <>
      <RadioChoices
        label={t('networks:field.kind')}
        value={kind}
        onChange={(value) => {
          const next = kinds.find((each) => each === value);
          if (next !== undefined) onChange({ kind: next });
        }}
        error={problems.get('kind')}
        choices={kinds.map((value) => ({
          value,
          label: t(`networks:kind.${value}`),
          about: t(`networks:kindAbout.${value}`),
        }))}
      />
      {kind === 'bridge' && (
        <Select
          label={t('networks:field.hostBridge')}
          placeholder={bridges.length === 0 ? t('networks:field.noBridges') : ''}
          data={[...bridges]}
          value={bridge === '' ? null : bridge}
          onChange={(value) => onChange({ bridge: value ?? '' })}
          error={problems.get('bridge')}
        />
      )}
      {(kind === 'nat' || kind === 'routed' || kind === 'open') && (
        <Select
          label={t('networks:field.device')}
          data={[...named]}
          placeholder={t('networks:field.anyDevice')}
          clearable
          value={device}
          onChange={(value) => onChange({ device: value })}
          error={problems.get('device')}
        />
      )}
    </>
  );
}
