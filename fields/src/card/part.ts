/** What a card is typed in as. */
export const partNames = ['number', 'expiry', 'cvc'] as const;
export type PartName = (typeof partNames)[number];

export type Verdict = 'complete' | 'incomplete' | 'invalid' | 'expired';

/** How one part of a card is read, shown and judged. `value` is the digits that it stands for. */
export type PartRules = {
  /** The value of whatever is in the input. */
  read(text: string): string;
  /** The value as it is shown. */
  show(value: string): string;
  judge(value: string): Verdict;
  /** Whether it can be said that the value is wrong while somebody may still be typing. */
  isFull(value: string): boolean;
  /** Whether nobody types more, as a rule, so that the caret may move on. */
  isEnough(value: string): boolean;
};
