import type { KeptDefinition } from '@limen/contract';
import { Button, Group, NavLink, ScrollArea, Text, Title } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useAttempt } from '../../../actions/use-attempt.ts';
import { copyText } from '../../../api/clipboard.ts';
import { hostClient } from '../../../api/host-client.ts';
import { confirmDestructive } from '../../../components/confirm.tsx';
import { ErrorCallout } from '../../../components/ErrorCallout.tsx';
import { notifyDone } from '../../../components/notify.tsx';
import { formatDateTime } from '../../../lib/format.ts';
import { useText } from '../../../locales/i18n.ts';
import { receiveHardware } from '../../../stores/hardware.ts';
import type { HardwareModel } from '../use-hardware-model.ts';
import type { ReadDefinition } from './DefinitionPanel.tsx';
import classes from './xml.module.css';
import { XmlEditor } from './XmlEditor.tsx';

interface DefinitionHistoryProps {
  readonly model: HardwareModel;
  readonly definition: ReadDefinition;
  readonly onClose: () => void;
}

/** Earlier definitions, each against the one that replaced it; the last change can be taken back. */
export function DefinitionHistory({ model, definition, onClose }: DefinitionHistoryProps) {
  const { t } = useText();
  const { texts, history, reload } = definition;
  const [chosen, setChosen] = useState<string>();
  const { busy, error, attempt } = useAttempt();
  const index = Math.max(
    0,
    history.findIndex(({ id }) => id === chosen),
  );
  const shown = history[index];
  const successor = index === 0 ? texts.stored : (history[index - 1]?.xml ?? texts.stored);
  const undo = async () => {
    const { name } = model.machine;
    const wish = {
      title: t('hardware:xml.undoTitle', { name }),
      body: t('hardware:xml.undoBody'),
      confirm: t('hardware:xml.undo'),
    };
    if (!(await confirmDestructive(wish, t))) return;
    await attempt(async () => {
      const { linkId, machineId } = model.target;
      receiveHardware(
        model.target,
        await hostClient(linkId).hardware.undo({ machineId, revision: texts.revision }),
      );
      notifyDone(t('hardware:xml.undone', { name }));
      setChosen(undefined);
      reload();
    });
  };
  return (
    <section className={classes['panel']} aria-label={t('hardware:xml.history')}>
      <Group justify="space-between" wrap="nowrap" mih={36}>
        <Title order={2} size="h4">
          {t('hardware:xml.history')}
        </Title>
        <Group gap="xs" wrap="nowrap">
          <Button size="xs" variant="subtle" color="gray" onClick={onClose}>
            {t('hardware:xml.back')}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={14} aria-hidden />}
            loading={busy}
            disabled={!model.editable || !model.hardware.undoable || model.draft.size > 0}
            onClick={() => void undo()}
          >
            {t('hardware:xml.undo')}
          </Button>
        </Group>
      </Group>
      {error && <ErrorCallout error={error} title={t('hardware:xml.notUndone')} copy={copyText} />}
      <Text size="xs" c="var(--limen-quiet)">
        {t(shown ? 'hardware:xml.historyAbout' : 'hardware:xml.noHistory')}
      </Text>
      {shown && (
        <div className={classes['history']}>
          <ScrollArea type="auto" viewportProps={{ tabIndex: 0 }}>
            {history.map((kept) => (
              <Entry
                key={kept.id}
                kept={kept}
                active={kept.id === shown.id}
                onChoose={() => setChosen(kept.id)}
              />
            ))}
          </ScrollArea>
          <div className={classes['editor']}>
            <XmlEditor
              key={shown.id}
              label={t('hardware:xml.whatChanged')}
              text={successor}
              against={shown.xml}
            />
          </div>
        </div>
      )}
    </section>
  );
}

interface EntryProps {
  readonly kept: KeptDefinition;
  readonly active: boolean;
  readonly onChoose: () => void;
}

function Entry({ kept, active, onChoose }: EntryProps) {
  const { t, language } = useText();
  return (
    <NavLink
      component="button"
      active={active}
      aria-current={active}
      onClick={onChoose}
      label={formatDateTime(kept.replacedAt, language)}
      description={kept.replacedBy ?? t('hardware:xml.otherTool')}
    />
  );
}
