import type { Wording } from './texts.ts';

export const ar: Wording = {
  number: 'رقم البطاقة',
  expiry: 'تاريخ الانتهاء',
  cvc: 'رمز الأمان',
  expiryHint: 'MM / YY',
  missing_number: 'أدخل رقم البطاقة.',
  incomplete_number: 'رقم البطاقة غير مكتمل.',
  invalid_number: 'رقم البطاقة غير صحيح. قارنه بالبطاقة.',
  missing_expiry: 'أدخل تاريخ الانتهاء.',
  incomplete_expiry: 'تاريخ الانتهاء غير مكتمل.',
  invalid_expiry: 'هذا الشهر غير موجود.',
  card_expired: 'انتهت صلاحية هذه البطاقة.',
  missing_cvc: 'أدخل رمز الأمان.',
  incomplete_cvc: 'رمز الأمان غير مكتمل.',
  invalid_cvc: 'رمز الأمان لا يطابق البطاقة.',
  invalid_card: 'بيانات البطاقة غير صحيحة.',
  invalid_name: 'هذا ليس اسمًا على بطاقة.',
  test_card_required: 'هذا اختبار: استخدم بطاقة اختبار مثل 4242 4242 4242 4242.',
  rate_limited: 'محاولات كثيرة. انتظر قليلًا.',
  unreachable: 'لا يوجد اتصال. لم يُخصم أي مبلغ؛ حاول مرة أخرى.',
  other: 'لم تنجح العملية. لم يُخصم أي مبلغ؛ حاول مرة أخرى.',
};
