import { LimenError } from '@limen/contract';
import { Alert, Button, Group, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useAttempt } from '../../../actions/use-attempt.ts';
import { copyText } from '../../../api/clipboard.ts';
import { hostClient } from '../../../api/host-client.ts';
import { ErrorCallout } from '../../../components/ErrorCallout.tsx';
import { notifyDone } from '../../../components/notify.tsx';
import { useText } from '../../../locales/i18n.ts';
import { receiveHardware } from '../../../stores/hardware.ts';
import type { HardwareModel } from '../use-hardware-model.ts';
import type { DefinitionTexts } from './use-definition.ts';
import classes from './xml.module.css';
import { XmlEditor } from './XmlEditor.tsx';
import { xmlProblem } from './xml-problem.ts';

interface DefinitionEditorProps {
  readonly model: HardwareModel;
  readonly texts: DefinitionTexts;
  readonly onClose: () => void;
}

/** Writing the definition by hand: first the text, then what it changes, then libvirt's opinion of it. */
export function DefinitionEditor({ model, texts, onClose }: DefinitionEditorProps) {
  const { t } = useText();
  const { linkId, machineId } = model.target;
  // What the text was written on; another revision meanwhile is looked at before anything is replaced.
  const [base, setBase] = useState(texts);
  const [text, setText] = useState(texts.stored);
  const [step, setStep] = useState<'write' | 'review'>('write');
  const { busy, error, attempt } = useAttempt();
  const problem = xmlProblem(text);
  const isChanged = text !== base.stored;
  const isOld = base.revision !== texts.revision;
  const define = () =>
    attempt(async () => {
      const { revision } = base;
      const answer = await hostClient(linkId).hardware.define({ machineId, revision, xml: text });
      receiveHardware(model.target, answer);
      notifyDone(t('hardware:xml.defined', { name: model.machine.name }));
      onClose();
    });
  const review = step === 'review';
  return (
    <section className={classes['panel']} aria-label={t('hardware:xml.editing')}>
      <Group justify="space-between" wrap="nowrap" mih={36}>
        <Title order={2} size="h4">
          {t(review ? 'hardware:xml.reviewing' : 'hardware:xml.editing')}
        </Title>
        <Group gap="xs" wrap="nowrap">
          <Button size="xs" variant="subtle" color="gray" onClick={review ? () => setStep('write') : onClose}>
            {t(review ? 'hardware:xml.back' : 'common:cancel')}
          </Button>
          {review ? (
            <Button
              size="xs"
              loading={busy}
              disabled={!model.editable || isOld}
              onClick={() => void define()}
            >
              {t('hardware:xml.define')}
            </Button>
          ) : (
            <Button size="xs" disabled={problem !== null || !isChanged} onClick={() => setStep('review')}>
              {t('hardware:xml.review')}
            </Button>
          )}
        </Group>
      </Group>
      {isOld && (
        <Alert
          variant="light"
          color="yellow"
          icon={<IconAlertTriangle aria-hidden />}
          title={t('hardware:changed.title')}
          role="alert"
        >
          <Text size="sm" mb="xs">
            {t('hardware:xml.changedBody')}
          </Text>
          <Button size="xs" variant="default" onClick={() => setBase(texts)}>
            {t('hardware:xml.compare')}
          </Button>
        </Alert>
      )}
      {error && !isStaleRevision(error) && (
        <ErrorCallout error={error} title={t('hardware:xml.refused')} copy={copyText} />
      )}
      <Text
        size="xs"
        role="status"
        c={problem === null ? 'var(--limen-quiet)' : 'var(--limen-error)'}
        mih={18}
      >
        {problemText(problem, t) ?? t(review ? 'hardware:xml.reviewAbout' : 'hardware:xml.editAbout')}
      </Text>
      <div className={classes['editor']}>
        {review ? (
          <XmlEditor key="review" label={t('hardware:xml.reviewing')} text={text} against={base.stored} />
        ) : (
          <XmlEditor key="write" label={t('hardware:xml.editing')} text={text} onChange={setText} />
        )}
      </div>
    </section>
  );
}

/** The notice above says it with what there is to do. */
function isStaleRevision(error: LimenError): boolean {
  return LimenError.is(error, 'CONFLICT') && error.data.reason === 'changed';
}

function problemText(problem: string | null, t: ReturnType<typeof useText>['t']): string | null {
  if (problem === null) return null;
  return problem === 'domain' ? t('hardware:xml.noDomain') : t('hardware:xml.problem', { detail: problem });
}
