import type { Network, NetworkSettings } from '@limen/contract';
import { Text } from '@mantine/core';
import { FactList } from '../../components/FactList.tsx';
import { Panel } from '../../components/Panel.tsx';
import { type Translate, useText } from '../../locales/i18n.ts';
import { domainText, kindText, rangesOf, subnetsOf } from './words.ts';

type Words = (settings: NetworkSettings, t: Translate) => readonly string[];

const facts = {
  kind: (settings, t) => [kindText(settings, t)],
  bridge: ({ bridge }) => (bridge === null ? [] : [bridge]),
  subnet: subnetsOf,
  dhcp: rangesOf,
  domain: (settings, t) => {
    const domain = domainText(settings, t);
    return domain === null ? [] : [domain];
  },
} as const satisfies Record<string, Words>;

/** What it is now, and where that differs, what its next start makes of it. */
export function NetworkFacts({ network }: { readonly network: Network }) {
  const { t } = useText();
  const { stored, live, autostart, persistent } = network;
  const rows = (['kind', 'bridge', 'subnet', 'dhcp', 'domain'] as const).map((name) => {
    const words: Words = facts[name];
    const next = words(stored, t);
    const now = live === null ? next : words(live, t);
    const differs = now.join('\n') !== next.join('\n');
    return {
      label: t(`networks:fact.${name}`),
      value: (
        <>
          <Lines texts={now} />
          {differs && (
            <Text size="sm" c="var(--limen-paused)" component="div">
              {t('networks:pending.fact', { value: next.join(', ') || t('common:none') })}
            </Text>
          )}
        </>
      ),
    };
  });
  return (
    <Panel title={t('networks:fact.title')}>
      <FactList
        facts={[
          ...rows,
          {
            label: t('networks:column.autostart'),
            value: persistent ? t(autostart ? 'common:yes' : 'common:no') : t('networks:fact.transient'),
          },
        ]}
      />
    </Panel>
  );
}

function Lines({ texts }: { readonly texts: readonly string[] }) {
  const { t } = useText();
  if (texts.length === 0) return t('common:gap');
  return texts.map((text) => <div key={text}>{text}</div>);
}
