import { Button, Center, Group, Loader, SegmentedControl, Text, Title } from '@mantine/core';
import { IconHistory, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../../../api/clipboard.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { ErrorCallout } from '../../../components/ErrorCallout.tsx';
import { useText } from '../../../locales/i18n.ts';
import type { HardwareModel } from '../use-hardware-model.ts';
import { DefinitionEditor } from './DefinitionEditor.tsx';
import { DefinitionHistory } from './DefinitionHistory.tsx';
import { type Definition, type DefinitionTexts, useDefinition } from './use-definition.ts';
import classes from './xml.module.css';
import { XmlEditor } from './XmlEditor.tsx';

type Mode = 'view' | 'edit' | 'history';

/** The machine as libvirt has it: to be read, and by administrators to be changed. */
export function DefinitionPanel({ model }: { readonly model: HardwareModel }) {
  const { t } = useText();
  const { hardware, target, readOnly } = model;
  const stamp = `${hardware.revision} ${hardware.live === null ? 'off' : 'on'}`;
  const definition = useDefinition(target, stamp, readOnly === 'away');
  const [mode, setMode] = useState<Mode>('view');
  const { texts, error, reload } = definition;
  if (!texts) {
    return error ? (
      <div className={classes['panel']}>
        <ErrorCallout error={error} title={t('hardware:xml.unread')} copy={copyText} onRetry={reload} />
      </div>
    ) : (
      <Center h="100%">
        <Loader aria-label={t('hardware:loading')} />
      </Center>
    );
  }
  const close = () => setMode('view');
  switch (mode) {
    case 'view':
      return <DefinitionView model={model} texts={texts} onOpen={setMode} />;
    case 'edit':
      return <DefinitionEditor model={model} texts={texts} onClose={close} />;
    case 'history':
      return <DefinitionHistory model={model} definition={definition as ReadDefinition} onClose={close} />;
  }
}

/** One whose texts have arrived. */
export type ReadDefinition = Definition & { readonly texts: DefinitionTexts };

interface DefinitionViewProps {
  readonly model: HardwareModel;
  readonly texts: DefinitionTexts;
  readonly onOpen: (mode: Mode) => void;
}

function DefinitionView({ model, texts, onOpen }: DefinitionViewProps) {
  const { t } = useText();
  const [which, setWhich] = useState<'stored' | 'live'>('stored');
  const text = which === 'live' && texts.live !== null ? texts.live : texts.stored;
  return (
    <section className={classes['panel']} aria-label={t('hardware:device.definition')}>
      <Group justify="space-between" wrap="nowrap" mih={36}>
        <Group gap="md" wrap="nowrap">
          <Title order={2} size="h4">
            {t('hardware:device.definition')}
          </Title>
          <SegmentedControl
            size="xs"
            aria-label={t('hardware:xml.which')}
            value={texts.live === null ? 'stored' : which}
            onChange={(value) => setWhich(value === 'live' ? 'live' : 'stored')}
            data={[
              { value: 'stored', label: t('hardware:xml.stored') },
              { value: 'live', label: t('hardware:xml.live'), disabled: texts.live === null },
            ]}
          />
        </Group>
        <Group gap="xs" wrap="nowrap">
          <CopyButton text={text} copy={copyText} label={t('hardware:xml.copy')} />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconHistory size={14} aria-hidden />}
            onClick={() => onOpen('history')}
          >
            {t('hardware:xml.history')}
          </Button>
          {model.administers && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={14} aria-hidden />}
              disabled={!model.editable || model.draft.size > 0}
              onClick={() => onOpen('edit')}
            >
              {t('hardware:xml.edit')}
            </Button>
          )}
        </Group>
      </Group>
      <Text size="xs" c="var(--limen-quiet)">
        {model.administers && model.draft.size > 0 ? t('hardware:xml.draftFirst') : t('hardware:xml.about')}
      </Text>
      <div className={classes['editor']}>
        <XmlEditor label={t(`hardware:xml.${which}`)} text={text} />
      </div>
    </section>
  );
}
