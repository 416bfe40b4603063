import type { HostLink, HostLinkId } from '@limen/contract';
import { Select } from '@mantine/core';
import { useText } from '../../locales/i18n.ts';

export interface HostSelectProps {
  readonly links: readonly HostLink[];
  readonly value: HostLinkId | undefined;
  readonly onChange: (linkId: HostLinkId) => void;
}

/** Whose library; nothing to choose while there is one host only. */
export function HostSelect({ links, value, onChange }: HostSelectProps) {
  const { t } = useText();
  if (links.length < 2) return null;
  return (
    <Select
      label={t('images:field.host')}
      data={links.map((link) => ({ value: link.id, label: link.name }))}
      value={value ?? null}
      onChange={(id) => id !== null && onChange(id)}
      allowDeselect={false}
    />
  );
}
