import type { HostLinkId } from '@limen/contract';
import { Select } from '@mantine/core';
import { useText } from '../../locales/i18n.ts';
import { usePresets } from '../../stores/presets.ts';

export interface PresetSelectProps {
  readonly linkId: HostLinkId;
  readonly value: string | null;
  readonly onChange: (presetId: string | null) => void;
}

/** Which system an image holds; left open, the host goes by the file's name. */
export function PresetSelect({ linkId, value, onChange }: PresetSelectProps) {
  const { t } = useText();
  const presets = usePresets(linkId);
  return (
    <Select
      label={t('images:field.preset')}
      data={presets.map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      clearable
      searchable
      placeholder={t('images:field.presetByName')}
    />
  );
}
