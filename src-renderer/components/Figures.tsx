import { formatPercent, formatRate } from '../lib/format.ts';
import { useText } from '../locales/i18n.ts';

interface FigureProps {
  /** Null is a gap in the figures: shown as a dash, never as zero. */
  readonly value: number | null;
}

/** A rate in SI units a second. */
export function Rate({ value }: FigureProps) {
  const { t, language } = useText();
  return value === null ? t('common:gap') : formatRate(value, language);
}

/** 0–100. */
export function Percent({ value }: FigureProps) {
  const { t, language } = useText();
  return value === null ? t('common:gap') : formatPercent(value, language);
}
