export { accountInputOf, type AccountInput } from './account-input.ts';
export { accountKey, ACCOUNTS, memberKey, MEMBERS, type AccountRow, type MemberRow } from './account-rows.ts';
export {
  accountOf,
  membershipOf,
  type Account,
  type AccountMembership,
  type AccountTrait,
} from './account.ts';
export { foldAccount, loadAccounts } from './fold-account.ts';
export { eraseMembers } from './erase-members.ts';
