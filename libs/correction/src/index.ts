export { eraseGuesses } from './erase-guesses.ts';
export { readConfirmations, type Confirmation } from './confirmations.ts';
export { guessedOnlyFrom, originsOf, readCorrections, type Correction } from './correction-reader.ts';
export { foldGuesses, foldVerdict, guessesOf, loadGuesses, type PlacedVerdict } from './fold-guess.ts';
export { guessInputOf, type GuessInput, type VerdictInput } from './guess-input.ts';
export { statusOf, type Guess, type GuessRow, type GuessStatus, type GuessVerdict } from './guess-rows.ts';
