import { Stack, Switch, TextInput } from '@mantine/core';
import { useText } from '../../locales/i18n.ts';
import type { NetworkDraft, Problems } from './network-form.ts';

export interface DomainFieldsProps {
  readonly draft: NetworkDraft;
  readonly onChange: (change: Partial<NetworkDraft>) => void;
  readonly problems: Problems;
}

/** The DNS domain of its guests. */
export function DomainFields({ draft: { domain, localOnly }, onChange, problems }: DomainFieldsProps) {
  const { t } = useText();
  return (
    <Stack gap="xs">
      <TextInput
        label={t('networks:field.domain')}
        description={t('networks:field.domainAbout')}
        placeholder="lab.example"
        spellCheck={false}
        value={domain}
        error={problems.get('domain')}
        onChange={(event) => onChange({ domain: event.currentTarget.value })}
      />
      {domain !== '' && (
        <Switch
          label={t('networks:field.localOnly')}
          checked={localOnly}
          onChange={(event) => onChange({ localOnly: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
