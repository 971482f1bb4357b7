import type { PageElement } from '../browser.ts';

/** Values are cut to this many characters: a form is no mail. */
const LONGEST_VALUE = 200;

/** What no page may send by accident: secrets, and numbers of cards and accounts. */
const SECRET_NAME = /pass|pwd|secret|token|otp|\bpin\b|card|kart|cvc|cvv|ccn|cc-|iban|ssn|tckn|national.?id/i;

const WITHOUT_VALUE = /^(password|hidden|file|submit|button|reset|image)$/;

/** Whether text holds a number that passes the check of card numbers (13 to 19 digits, Luhn). */
export function holdsCardNumber(text: string): boolean {
  return (text.match(/(?:\d[ -]?){13,19}/g) ?? []).some((found) => {
    const digits = [...found.replace(/\D/g, '')].reverse().map(Number);
    const sum = digits.reduce(
      (total, digit, i) => total + (i % 2 ? ((digit * 2) % 10) + Math.floor(digit / 5) : digit),
      0,
    );
    return sum % 10 === 0;
  });
}

/** Whether the value of a field may be sent. */
export function maySend(field: PageElement): boolean {
  const names = [field.name, field.id, field.getAttribute('autocomplete')].join(' ');
  return (
    !WITHOUT_VALUE.test(field.type ?? '') &&
    !field.disabled &&
    !SECRET_NAME.test(names) &&
    !field.closest('[data-temas-ignore]') &&
    !holdsCardNumber(field.value ?? '')
  );
}

/** Values of a form by name; without those of password, card, hidden and opted-out fields. */
export function formFields(form: PageElement): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const field of Array.from(form.elements ?? [])) {
    if (!field.name || !maySend(field)) continue;
    if (/^(checkbox|radio)$/.test(field.type ?? '') && !field.checked) continue;
    fields[field.name] = String(field.value ?? '').slice(0, LONGEST_VALUE);
  }
  return fields;
}
