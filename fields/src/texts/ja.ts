import type { Wording } from './texts.ts';

export const ja: Wording = {
  number: 'カード番号',
  expiry: '有効期限',
  cvc: 'セキュリティコード',
  expiryHint: '月 / 年',
  missing_number: 'カード番号を入力してください。',
  incomplete_number: 'カード番号の桁数が足りません。',
  invalid_number: 'カード番号が正しくありません。カードと照らし合わせてください。',
  missing_expiry: '有効期限を入力してください。',
  incomplete_expiry: '有効期限を最後まで入力してください。',
  invalid_expiry: '月が正しくありません。',
  card_expired: 'このカードは有効期限が切れています。',
  missing_cvc: 'セキュリティコードを入力してください。',
  incomplete_cvc: 'セキュリティコードの桁数が足りません。',
  invalid_cvc: 'セキュリティコードがカードと一致しません。',
  invalid_card: 'カード情報が正しくありません。',
  invalid_name: 'カード名義として使えない文字列です。',
  test_card_required: 'テスト環境です。4242 4242 4242 4242 などのテストカードを使ってください。',
  rate_limited: '試行回数が多すぎます。しばらくお待ちください。',
  unreachable: '接続できません。請求は発生していません。もう一度お試しください。',
  other: '処理できませんでした。請求は発生していません。もう一度お試しください。',
};
