const COUNTED = new Set([
  '1234567',
  '12345678',
  '123456789',
  '1234567890',
  '12345678901',
  '01234567',
  '012345678',
  '0123456789',
  '01234567890',
  '9876543210',
  '0987654321',
]);
const ONE_DIGIT = /^(\d)\1*$/;

/** True for digits typed to get past a form: one digit over and over, or counted up or down. */
export function isDummyNumber(digits: string): boolean {
  return ONE_DIGIT.test(digits) || COUNTED.has(digits);
}
