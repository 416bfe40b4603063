import { Input, ScrollArea, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core';
import { type Settings, settings as settingsSchema } from '@limen/contract';
import { asLimenError } from '../../api/bridge.ts';
import { FactList } from '../../components/FactList.tsx';
import { notifyError } from '../../components/notify.tsx';
import { Panel } from '../../components/Panel.tsx';
import { useDocumentTitle } from '../../lib/use-document-title.ts';
import { useText } from '../../locales/i18n.ts';
import { changeSettings, useSettings } from '../../stores/settings.ts';

const languages = ['system', 'en', 'ko'] as const satisfies readonly Settings['language'][];
const schemes = ['system', 'light', 'dark'] as const satisfies readonly Settings['colorScheme'][];

export function SettingsPage() {
  const { t } = useText();
  const settings = useSettings((state) => state.settings);
  const app = useSettings((state) => state.app);
  useDocumentTitle(t('settings:title'));
  const change = (patch: Partial<Pick<Settings, 'language' | 'colorScheme'>>) => {
    changeSettings(patch).catch((error: unknown) =>
      notifyError(t('settings:failed'), asLimenError(error), t),
    );
  };

  return (
    <ScrollArea h="100%" type="auto">
      <Stack p="md" maw={720}>
        <Title order={1} size="h4">
          {t('settings:title')}
        </Title>
        <Panel title={t('settings:appearance')}>
          <Stack>
            <Select
              label={t('settings:language')}
              description={t('settings:languageHint')}
              w={280}
              allowDeselect={false}
              data={languages.map((value) => ({ value, label: t(`settings:languageName.${value}`) }))}
              value={settings.language}
              onChange={(value) =>
                change({ language: settingsSchema.shape.language.parse(value ?? undefined) })
              }
            />
            <div>
              <Input.Label labelElement="div" id="color-scheme" display="block" mb={4}>
                {t('settings:scheme')}
              </Input.Label>
              <SegmentedControl
                aria-labelledby="color-scheme"
                data={schemes.map((value) => ({ value, label: t(`settings:schemeName.${value}`) }))}
                value={settings.colorScheme}
                onChange={(colorScheme) => change({ colorScheme })}
              />
            </div>
          </Stack>
        </Panel>
        {app && (
          <>
            <Panel title={t('settings:security')}>
              <Text size="sm">
                {t(
                  app.secretStorage === 'keyring'
                    ? 'settings:secretStorage.keyring'
                    : 'settings:secretStorage.sessionOnly',
                )}
              </Text>
            </Panel>
            <Panel title={t('settings:about')}>
              <FactList
                facts={[
                  { label: t('settings:version'), value: app.version },
                  { label: t('settings:electron'), value: app.electron },
                  { label: t('settings:platform'), value: app.platform },
                ]}
              />
            </Panel>
          </>
        )}
      </Stack>
    </ScrollArea>
  );
}
